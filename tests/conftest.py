"""What all tests share: programs that may be missing, a clean environment, and the watch over secrets."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.redact import QUIET
from tests.watch import SecretWatch, files_with_secrets

#: Under this variable a skipped test fails the run: a machine that has everything skips nothing.
NO_SKIPS = "LOA_NO_SKIPS"
WATCH = SecretWatch()
_WANT = "for want of: "

_strict = pytest.StashKey[bool]()
_ends = pytest.StashKey[list[str]]()
_own = pytest.StashKey[str]()
_passed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let witnesses be recorded anew."""
    parser.addoption(
        "--record", action="store_true", help="write down what witnesses heard, for `make witness`"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Forget this machine's own settings of loa; start to read every log record.

    The run gets a folder of its own: pytest removes shared ones after three more runs of the same user,
    also while they are used.
    """
    if config.option.basetemp is None and "PYTEST_XDIST_WORKER" not in os.environ:
        config.option.basetemp = config.stash[_own] = tempfile.mkdtemp(prefix="loa-tests-")
    config.stash[_strict] = bool(os.environ.get(NO_SKIPS))
    for name in [*(each for each in os.environ if each.startswith("LOA_")), "CREDENTIALS_DIRECTORY"]:
        os.environ.pop(name, None)
    for name, level in QUIET.items():  # as the daemon sets them
        logging.getLogger(name).setLevel(level)
    logging.getLogger().addHandler(WATCH)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop reading; what failed leaves its files to be looked at."""
    logging.getLogger().removeHandler(WATCH)
    if _own in config.stash and config.stash.get(_passed, False):
        shutil.rmtree(config.stash[_own], ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs are not installed."""
    programs = [program for mark in item.iter_markers("needs") for program in mark.args]
    if missing := sorted(program for program in programs if shutil.which(program) is None):
        pytest.skip(_WANT + ", ".join(missing))


@pytest.fixture(autouse=True)
def _no_secret_in_a_log() -> Iterator[None]:
    """Fail the test in which a secret passed in a log record, from debug level on."""
    logging.getLogger().setLevel(logging.DEBUG)
    yield
    assert WATCH.take() == []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for a secret in a file and, under LOA_NO_SKIPS, for a skip."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    skips, leaks = _skips(session.config), _leaks(session.config)
    session.config.stash[_ends] = [*_told(skips), *(f"a secret stands in {path}" for path in leaks)]
    if session.exitstatus == pytest.ExitCode.OK and (leaks or (skips and session.config.stash[_strict])):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    session.config.stash[_passed] = session.exitstatus == pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the tables of sweeps; say in the last lines what was skipped, and which files hold a secret."""
    for report in (each for ends in ("passed", "failed") for each in terminalreporter.stats.get(ends, [])):
        for name, told in report.user_properties:
            if name == "table" and report.when == "call":
                terminalreporter.write_line(told)
    for line in config.stash.get(_ends, []):
        terminalreporter.write_line(line, yellow=True)


def _skips(config: pytest.Config) -> list[str]:
    """Return the reason of every skipped test."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return [str(report.longrepr[2] if isinstance(report.longrepr, tuple) else "") for report in reports]


def _told(skips: list[str]) -> list[str]:
    """Say how many tests were skipped and which programs would have let them run."""
    wanted = sorted({program for reason in skips for program in _programs(reason)})
    return [f"{len(skips)} skipped" + (f" {_WANT}{', '.join(wanted)}" if wanted else "")] if skips else []


def _programs(reason: str) -> list[str]:
    _, marked, names = reason.partition(_WANT)
    return names.split(", ") if marked else []


def _leaks(config: pytest.Config) -> list[str]:
    factory = getattr(config, "_tmp_path_factory", None)
    base: Path | None = getattr(factory, "_basetemp", None)
    return files_with_secrets(base) if base else []
