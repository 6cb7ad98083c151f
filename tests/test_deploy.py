"""The service file fits the program that it starts, and keeps it apart from the rest of the machine."""

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from bot.cli import cli
from bot.errors import CONFIGURATION, RUNNING

UNIT = Path(__file__).parent.parent / "deploy/loa.service"


def setting(name: str) -> str:
    """Return the one value of a setting."""
    (value,) = re.findall(rf"^{name}=(.+)$", UNIT.read_text("utf-8"), re.MULTILINE)
    return str(value)


def test_the_service_starts_a_command_there_is() -> None:
    """Its words are understood by the command line."""
    _program, *words = shlex.split(setting("ExecStart"))
    command = cli.get_command(click.Context(cli), words[words.index("run")])
    assert command is not None
    assert command.make_parser(click.Context(command)).parse_args(words[words.index("run") + 1 :])[1] == []


def test_the_service_is_not_started_again_where_that_mends_nothing() -> None:
    """A second daemon and wrong settings wait for a person."""
    assert setting("RestartPreventExitStatus").split() == [str(RUNNING), str(CONFIGURATION)]


@pytest.mark.needs("systemd-analyze")
def test_the_service_is_kept_apart(tmp_path: Path) -> None:
    """Its exposure is small by the measure of systemd, where 100 is open and 0 is closed."""
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=12", str(UNIT)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-400:]
