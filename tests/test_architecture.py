"""The walls stand where the drawing says, and each is proven by breaking it on purpose."""

import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from tests.sizes import LEFT_OUT, LONG, LONG_SHARE, MEDIAN, MODULE, ROOMS, Sized, Sizes, measure, report

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = [contract["id"] for contract in PYPROJECT["tool"]["importlinter"]["contracts"]]
BANNED = sorted(PYPROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])

#: Contract -> (module, a line in it that breaks the contract).
VIOLATIONS: Mapping[str, tuple[str, str]] = {
    "rooms": ("publishers/http.py", "import schedules.lunar"),
    "vocabulary": ("schedules/planner.py", "import content_queue.store.posts"),
    "storeys": ("content_queue/store/posts.py", "import content_queue.delivery.decide"),
    "sql": ("bot/daemon.py", "import sqlite3"),
    "http": ("content_queue/delivery/dispatch.py", "import httpx"),
    "clock": ("schedules/hours.py", "import apscheduler"),
    "standins": ("publishers/standin/journal.py", "import publishers.zalo.answers"),
}


def copy_rooms(target: Path) -> Path:
    """Copy what is built and linted, without what a build leaves behind."""
    left = shutil.ignore_patterns("__pycache__", "*.mo")
    for room in ROOMS:
        shutil.copytree(ROOT / room, target / room, ignore=left)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "settings.toml"):
        shutil.copy(ROOT / name, target / name)
    return target


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a child process: inside pytest it silences our loggers."""
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold() -> None:
    """Rooms import only downwards, and each outside library has one door."""
    linted = lint_imports(ROOT)
    assert (linted.returncode, f"{len(CONTRACTS)} kept, 0 broken" in linted.stdout) == (0, True), (
        linted.stdout
    )


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_contract_can_break(tmp_path: Path, contract: str) -> None:
    """One wrong import is enough, and the linter names the module that has it."""
    module, line = VIOLATIONS[contract]
    broken = copy_rooms(tmp_path) / module
    broken.write_text(f"{broken.read_text('utf-8')}\n{line}\n", "utf-8")
    linted = lint_imports(tmp_path, "--contract", contract)
    named = module.removesuffix(".py").replace("/", ".")
    assert (linted.returncode, "1 broken" in linted.stdout, named in linted.stdout) == (1, True, True)


def ban(folder: Path, number: int, name: str) -> tuple[str, str]:
    """Write a module that uses a banned name; return the module's name and the banned one."""
    head, _, last = name.rpartition(".")
    source = f"from {head} import {last}\n\nused = {last}\n" if head else f"import {name}\n"
    if name.startswith("datetime."):
        _, kind, function = name.split(".")
        source = f"from datetime import {kind} as renamed\n\nused = renamed.{function}()\n"
    (folder / f"broken_{number}.py").write_text(source)
    return f"broken_{number}.py", name


def test_each_banned_function_is_found(tmp_path: Path) -> None:
    """The wall clock, chance, sleeping and the environment come in as arguments, never by name."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bot").mkdir()
    written = [ban(tmp_path / "bot", number, name) for number, name in enumerate(BANNED)]
    linted = subprocess.run(
        ["ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "json", "bot"],
        executable=Path(sys.executable).with_name("ruff"),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    told = {
        (Path(each["filename"]).name, each["message"].split("`")[1]) for each in json.loads(linted.stdout)
    }
    assert told == set(written)


@pytest.mark.parametrize("room", ROOMS)
def test_no_dependency_brings_a_package_of_our_name(room: str) -> None:
    """Our plain folder names are free in this environment."""
    assert set(packages_distributions().get(room, [])) <= {"loa"}


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_come_from_this_checkout(room: str) -> None:
    """Nothing in site-packages shadows the folder we edit."""
    assert Path(str(importlib.import_module(room).__file__)) == ROOT / room / "__init__.py"


# --- sizes ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sizes() -> Sizes:
    return measure()


def test_the_median_function_is_short(sizes: Sizes) -> None:
    """Half of our functions are read at a glance."""
    assert sizes.median_function() <= MEDIAN


def test_few_functions_are_long(sizes: Sizes) -> None:
    """95 % fit on a screen."""
    assert len(sizes.long_functions()) <= LONG_SHARE * len(sizes.functions), report(sizes)


def test_no_module_is_long(sizes: Sizes) -> None:
    """A module that grows is split by meaning."""
    assert sizes.long_modules() == []


def test_what_is_too_long_is_found(tmp_path: Path) -> None:
    """The measure itself can fail."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/long.py").write_text("def f():\n" + "    x = 1\n" * (MODULE + 1))
    (tmp_path / LEFT_OUT[0]).mkdir(parents=True)
    (tmp_path / LEFT_OUT[0] / "made.py").write_text("x = 1\n" * (MODULE + 1))
    found = measure(tmp_path)
    assert found == Sizes([Sized("bot/long.py:f", MODULE + 2)], [Sized("bot/long.py", MODULE + 2)])
    assert (found.hold(), found.long_functions()[0].lines > LONG) == (False, True)


# --- the drawing ---------------------------------------------------------------------------------------

#: Where a module stands in the drawing; the longest name that fits counts.
PLACES: Mapping[str, str] = {
    "bot": "bot",
    "schedules": "schedules",
    "publishers": "publishers",
    "publishers.standin": "standin",
    "content_queue": "vocabulary",
    "content_queue.delivery": "delivery",
    "content_queue.media": "media",
    "content_queue.migrations": "store",
    "content_queue.store": "store",
}


def place(module: str) -> str:
    """Return where a module stands."""
    fitting = [name for name in PLACES if f"{module}.".startswith(f"{name}.")]
    return PLACES[max(fitting, key=len)]


def imported() -> set[tuple[str, str]]:
    """Return the arrows between rooms and storeys that the imports make."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    arrows = {
        (place(module), place(other))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    return {(source, target) for source, target in arrows if source != target}


def drawn(page: str) -> set[tuple[str, str]]:
    """Return the solid arrows of the page's Mermaid drawing: `a --> b & c`."""
    (drawing,) = re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL)
    arrows = re.findall(r"^\s*(\w+) --> (.+)$", drawing, re.MULTILINE)
    return {(source, target.strip()) for source, targets in arrows for target in targets.split("&")}


def test_the_drawing_is_what_the_imports_say() -> None:
    """ARCHITECTURE.md draws every arrow there is, and no other."""
    assert drawn((ROOT / "ARCHITECTURE.md").read_text("utf-8")) == imported()


# --- the wheel -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a clean copy and unpacked."""
    copy, out = copy_rooms(tmp_path_factory.mktemp("copy")), tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    subprocess.run(build, cwd=copy, check=True, capture_output=True)
    (wheel,) = out.glob("loa-*-py3-none-any.whl")
    shutil.unpack_archive(wheel, out / "unpacked", "zip")
    return out / "unpacked"


def files(folder: Path) -> set[str]:
    """Return all files of a folder but what Python and the build leave behind."""
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path.as_posix() for path in found if "__pycache__" not in path.parts and path.suffix != ".mo"}


def test_the_wheel_holds_the_four_rooms_whole(unpacked: Path) -> None:
    """Templates, data, pictures and settings are in it; tests and benchmarks are not."""
    built = {name for name in files(unpacked) if ".dist-info/" not in name}
    assert built == {f"{room}/{name}" for room in ROOMS for name in files(ROOT / room)}


def test_the_wheel_speaks_every_language(unpacked: Path) -> None:
    """Each catalogue is compiled when the wheel is built."""
    spoken = {path.relative_to(unpacked).with_suffix(".po") for path in unpacked.rglob("*.mo")}
    written = {path.relative_to(ROOT) for path in (ROOT / "content_queue/locale").rglob("*.po")}
    assert spoken == written


@pytest.mark.parametrize(("language", "said"), [("vi", "Các lệnh"), ("en", "Commands")])
def test_the_wheel_runs_from_another_folder(unpacked: Path, tmp_path: Path, language: str, said: str) -> None:
    """What an office installs is what was tested, and it needs no checkout."""
    command = "import bot.cli, sys; sys.stderr.write(bot.__file__); bot.cli.main()"
    ran = subprocess.run(
        [sys.executable, "-c", command, "--lang", language, "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stderr, said in ran.stdout) == (0, str(unpacked / "bot/__init__.py"), True)
