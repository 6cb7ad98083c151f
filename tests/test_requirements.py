"""What is installed is what may be used, pinned by hash."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
#: What an editable install needs beside what pyproject.toml says.
EDITABLE = {"editables"}


def wanted(name: str) -> set[str]:
    """Return the requirements of an `.in` file, without its comments and constraints."""
    lines = (
        line.partition(" #")[0].strip() for line in (ROOT / "requirements" / name).read_text().splitlines()
    )
    return {line for line in lines if line and not line.startswith(("#", "-c"))}


def named(requirement: str) -> str:
    """Return the normalized name of a requirement: `python-telegram-bot[socks]==22.8`."""
    (name,) = re.findall(r"^[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name: str) -> dict[str, str]:
    """Return name -> version of a compiled file."""
    text = (ROOT / "requirements" / name).read_text()
    return {
        named(found): version for found, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    }


def test_the_project_and_its_pins_ask_for_the_same() -> None:
    """A dependency is added in both places or in none."""
    project, build = PYPROJECT["project"]["dependencies"], PYPROJECT["build-system"]["requires"]
    extra = {requirement for requirement in wanted("run.in") if named(requirement) in EDITABLE}
    asked = {line for line in wanted("run.in") - extra if named(line) not in {named(each) for each in build}}
    given = {line for line in project if named(line) not in {named(each) for each in build}}
    assert asked == given
    assert {named(each) for each in build} <= {named(line) for line in wanted("run.in")}


def test_the_extra_and_its_pins_ask_for_the_same() -> None:
    """What `fast` brings is installed with hashes too, and tested."""
    extra = set(PYPROJECT["project"]["optional-dependencies"]["fast"])
    assert extra == wanted("fast.in")
    assert extra <= wanted("test.in")


@pytest.mark.parametrize("stem", ["run", "fast", "test", "bench", "witness"])
def test_everything_asked_for_is_pinned(stem: str) -> None:
    """The compiled file is not older than what it is compiled from."""
    assert {named(line) for line in wanted(f"{stem}.in")} <= set(pinned(f"{stem}.txt"))


def test_tests_run_on_what_runs() -> None:
    """What stands in two files stands there with one version."""
    test = pinned("test.txt")
    for other in (pinned("run.txt"), pinned("fast.txt")):
        both = other.keys() & test.keys()
        assert {name: test[name] for name in both} == {name: other[name] for name in both}
    assert pinned("fast.txt").keys() <= test.keys() | pinned("run.txt").keys()
