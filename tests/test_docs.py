"""What is written about the project stays true: commands, settings, platforms, links, versions."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

import click
import pytest

from bot import errors
from bot.cli import COMMANDS
from bot.settings import Settings
from bot.settings_words import TABLES
from content_queue.models import Problem
from content_queue.states import DeliveryState, PostState
from publishers import PLATFORMS
from tests.sizes import ROOMS

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)
COMMAND_PAGE = "docs/lenh.md"
SHIPPED = (ROOT / "bot/data/settings.toml").read_text("utf-8")
#: Functions that make the JSON other programs rely on.
JSON_MAKERS = (
    "bot/planning/listing.py:as_json",
    "bot/planning/carrying.py:_post_as_json",
    "bot/commands/occasions.py:_as_json",
    "bot/commands/queue.py:as_object",
    "bot/commands/reach.py:as_object",
    "bot/commands/preview.py:_as_json",
    "bot/commands/channels.py:_as_json",
    "bot/connecting/looking.py:_as_json",
    "bot/commands/audit.py:as_object",
    "bot/commands/audit_demands.py:as_object",
    "bot/planning/plan_differences.py:_as_json",
    "bot/commands/translate.py:_as_json",
    "bot/commands/translate.py:_taken_as_json",
)
#: What a committed file never names, and why; spelled so that this file does not name it either.
NEVER: Mapping[str, str] = {
    r"pypi[.]org|pythonhosted[.]org|\bindex-url\b[ =]": "a registry is the machine's own matter",
    r"(?<![\w.])/(?:root|work|Users|home/\w+)/": "a path of somebody's machine",
    r"(?<!\w)shared/\w": "a folder that is not in the project",
}
FOLDERS = (*ROOMS, "tests", "bench", "docs", "deploy", "requirements", ".ci")
BINARY = {".mo", ".mp4", ".png", ".jpg", ".xlsx", ".db"}


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


# --- commands and their JSON ---------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained(command: str) -> None:
    """Whoever types a command finds it in the list."""
    assert re.search(rf"`loa {command}\b", read(COMMAND_PAGE))


def options(command: click.Command) -> Iterator[str]:
    """Give the long options of a command and of those under it."""
    yield from (name for param in command.params for name in param.opts if name.startswith("--"))
    for under in command.commands.values() if isinstance(command, click.Group) else ():
        yield from options(under)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command: str) -> None:
    """An option that is not in the list is found by nobody."""
    lines = [line for line in read(COMMAND_PAGE).splitlines() if line.startswith(f"| `loa {command}")]
    told = set(re.findall(r"--[a-z-]+", " ".join(lines)))
    assert set(options(import_module(COMMANDS[command]).command)) - told == set()


def test_every_exit_code_is_explained() -> None:
    """Codes are a contract with systemd and with scripts."""
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", read(COMMAND_PAGE), re.MULTILINE)}
    assert told == codes


def keys_of(maker: str) -> set[str]:
    """Return the keys of the dictionary that a function returns."""
    path, _, name = maker.partition(":")
    functions = [node for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.FunctionDef)]
    (function,) = [node for node in functions if node.name == name]
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    (literal,) = [value for value in returned if isinstance(value, ast.Dict)]
    return {str(key.value) for key in literal.keys if isinstance(key, ast.Constant)}


@pytest.mark.parametrize("maker", JSON_MAKERS)
def test_every_json_field_is_explained(maker: str) -> None:
    """Other programs rely on these names."""
    written = set(re.findall(r"`(\w+)`", read(COMMAND_PAGE)))
    assert keys_of(maker) - written == set()


def test_every_field_of_a_problem_and_every_state_is_explained() -> None:
    """`loa check --json` gives problems whole, `loa queue --json` gives states."""
    names = {field.name for field in fields(Problem)} | {*DeliveryState, *PostState}
    assert names - set(re.findall(r"`(\w+)`", read(COMMAND_PAGE))) == set()


# --- settings ------------------------------------------------------------------------------------------


def keys(settings: object, section: str = "") -> Iterator[tuple[str, str]]:
    """Yield section and key of everything that can be set."""
    for field in fields(settings):  # type: ignore[arg-type] # a dataclass: see the line below
        value = getattr(settings, field.name)
        if is_dataclass(value):
            yield from keys(value, field.name)
        elif field.name not in TABLES:
            yield section, field.name


def explained(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield section, key, and whether a comment stands above it, or above the keys it follows on."""
    section, told = "", False
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section, told = heading[1], told and section == ""
        elif line.startswith("#"):
            told = True
        elif not line:
            told = False
        elif setting := re.match(r"(\w+) = ", line):
            yield section, setting[1], told


def test_the_shipped_settings_hold_every_key_and_no_other() -> None:
    """People find what they may set where they set it."""
    shipped = tomllib.loads(SHIPPED)
    written = {(name, key) for name, table in shipped.items() if isinstance(table, dict) for key in table}
    written |= {("", name) for name, value in shipped.items() if not isinstance(value, dict | list)}
    assert written == set(keys(Settings()))


def test_every_setting_is_explained_where_it_stands() -> None:
    """A key without a word above it is a riddle."""
    tables = SHIPPED.index("\n[[")
    assert [(section, key) for section, key, told in explained(SHIPPED[:tables]) if not told] == []


def test_every_setting_that_a_page_names_exists() -> None:
    """`[zalo] default_cover` in a page is a key of that section."""
    named = {found for page in PAGES for found in re.findall(r"`\[(\w+)\] (\w+)", read(page))}
    assert named - set(keys(Settings())) == set()


# --- platforms, versions, links ------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_has_a_page(platform: str) -> None:
    """An officer can connect it without asking us."""
    assert f"docs/howto/{platform}.md" in PAGES


def test_the_version_is_the_top_heading_of_the_changelog() -> None:
    """Each version says what it brought."""
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    first = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
    assert first is not None
    assert first[1] == version


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """A page that moved takes its links along."""
    links = re.findall(r"\]\(([^)#]+)\)", read(page))
    ours = [link for link in links if "://" not in link]
    assert [link for link in ours if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_exist(page: str) -> None:
    """`bot/cli.py` in a page can be opened."""
    rooms = "bot|content_queue|publishers|schedules|tests|docs|deploy|requirements|bench"
    named = re.findall(rf"`((?:{rooms})/[\w./*-]*)`", read(page))
    assert [name for name in named if not any(ROOT.glob(name.rstrip("/")))] == []


@pytest.mark.parametrize("page", PAGES)
def test_targets_that_a_page_names_exist(page: str) -> None:
    """`make demo` can be typed."""
    heads = re.findall(r"^([a-z][a-z ]*):", read("Makefile"), re.MULTILINE)
    targets = {name for head in heads for name in head.split()}
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z]+)\b", read(page), re.MULTILINE))
    assert named - targets == set()


def test_the_test_knows_what_it_looks_for() -> None:
    """The search below can fail."""
    samples = ("https://" + "pypi" + ".org/simple", "/" + "root/.venv", "../" + "shared" + "/x.md")
    found = [any(re.search(pattern, sample) for pattern in NEVER) for sample in samples]
    assert found == [True, True, True]


def test_no_file_names_a_machine_or_a_registry() -> None:
    """The project speaks of itself alone."""
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in texts()
        for pattern in NEVER
        if (hit := re.search(pattern, path.read_text("utf-8")))
    ]
    assert found == []


def texts() -> Iterator[Path]:
    """Yield every text file of the project."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    for path in [*ROOT.glob("[!.]*"), *inside]:
        if path.is_file() and path.suffix not in BINARY and path.parent.name != "__pycache__":
            yield path
