"""The frame of the command line: languages, options, endings."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot import cli as cli_module
from bot.cli import COMMANDS, asked_language, cli, summaries
from bot.errors import CONFIGURATION, USAGE, AlreadyRunningError
from bot.frame import Frame
from content_queue.texts import N_


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """A command of its own, that tells what it was given."""
    frames: list[Frame] = []

    @click.command(help=N_("Hủy một bài đăng hoặc một lượt đăng."))
    @click.argument("number", type=int)
    @click.pass_obj
    def command(frame: Frame, number: int) -> None:
        if number:
            raise AlreadyRunningError(frame.home)
        frames.append(frame)

    module = type(sys)("bot.commands.of_a_test")
    module.command = command  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(cli_module, "COMMANDS", {**COMMANDS, "try": module.__name__})
    return frames


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, words, prog_name="loa")
    return done.exit_code, done.stdout, done.stderr


def test_the_version_is_told_without_importing_what_takes_time() -> None:
    """`loa --version` answers at once; libraries are for the commands that need them."""
    heavy = {"pydantic", "sqlalchemy", "telegram", "httpx", "babel", "jinja2", "yaml"}
    program = (
        "import sys; from bot.cli import cli\n"
        "try: cli(['--version'], prog_name='loa')\n"
        f"except SystemExit: print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("loa ")
    assert second == "[]"


def test_every_command_has_a_line_in_the_help() -> None:
    """Nothing is hidden, nothing is listed that is not there."""
    assert list(summaries()) == list(COMMANDS)
    help_text = run("--help")[1]
    assert [name for name in COMMANDS if f"  {name} " not in help_text] == []


def test_click_speaks_vietnamese() -> None:
    """Its own sentences come from our catalogue."""
    assert run("nope") == (
        USAGE,
        "",
        (
            "Cách dùng: loa [TÙY CHỌN] LỆNH ...\n"
            "Gõ 'loa --help' để xem hướng dẫn.\n\n"
            "Lỗi: Không có lệnh 'nope'.\n"
        ),
    )


def helps(*words: str) -> Iterator[str]:
    """Give the help of a command and of those under it."""
    text = run(*words, "--help")[1]
    yield text
    _head, _colon, under = text.partition("Các lệnh:\n")
    for name in re.findall(r"^  ([a-z]+) ", under, re.MULTILINE):
        yield from helps(*words, name)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_falls_back_on_words_of_click(command: str) -> None:
    """What stands for a value is Vietnamese, too: Click's own would be `COMMAND` or `INTEGER RANGE`."""
    foreign = r"\b(?:COMMAND|ARGS|INTEGER|RANGE|FLOAT|TEXT|PATH|FILE|FILENAME|DIRECTORY|CHOICE)\b"
    assert [hit for text in helps(command) for hit in re.findall(foreign, text)] == []


@pytest.mark.parametrize("words", [("--lang", "en", "nope"), ("--lang=en", "nope"), ("nope", "--lang", "en")])
def test_click_speaks_english_when_asked_wherever_it_is_asked(words: tuple[str, ...]) -> None:
    """The second language is a word away."""
    assert run(*words)[2].endswith("Error: No such command 'nope'.\n")


def test_the_language_of_one_run_does_not_stay_for_the_next(seen: list[Frame]) -> None:
    """Help is put into words when it is shown."""
    run("--lang", "en", "try", "--help")
    assert "Hủy một bài đăng" in run("try", "--help")[1]


@pytest.mark.parametrize(
    ("words", "language"),
    [(["plan"], "vi"), (["--lang", "en"], "en"), (["plan", "--lang=en"], "en"), (["--lang", "fr"], "vi")],
)
def test_the_language_is_read_from_the_whole_command_line(words: list[str], language: str) -> None:
    """Before Click has said its first word."""
    assert asked_language(words) == language


@pytest.mark.parametrize("words", [("--home", "/x", "try", "0"), ("try", "--home", "/x", "0")])
def test_the_home_may_be_named_before_or_after_the_command(seen: list[Frame], words: tuple[str, ...]) -> None:
    """People do not learn the order of options by heart."""
    assert run(*words)[0] == 0
    assert seen == [Frame(home=Path("/x"))]


def test_the_variable_names_the_home_and_the_option_wins(
    seen: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    """LOA_HOME for every day, --home for once."""
    monkeypatch.setenv("LOA_HOME", "/every-day")
    run("try", "0")
    run("--home", "/once", "try", "0")
    assert [frame.home for frame in seen] == [Path("/every-day"), Path("/once")]


def test_an_error_of_ours_is_one_sentence_the_next_step_and_its_code(seen: list[Frame]) -> None:
    """No traceback, nothing on stdout."""
    told = "Lỗi: loa đang chạy cho thư mục .; không chạy hai lần một lúc.\n"
    assert run("try", "1") == (6, "", told + "Tiếp theo: Xem việc đang làm: loa queue\n")


def test_wrong_settings_end_with_the_code_that_keeps_a_service_from_restarting(tmp_path: Path) -> None:
    """78 is what the service manager knows."""
    code, out, told = run("--home", str(tmp_path), "plan")
    assert (code, out) == (CONFIGURATION, "")
    assert "loa init" in told
