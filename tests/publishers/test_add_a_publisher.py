"""The page for new contributors, followed literally: a throw-away platform passes the contract suite."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "howto" / "add-a-publisher.md"
ROOMS = ("bot", "content_queue", "publishers", "schedules")
_BLOCK = re.compile(
    r"^```python\n# (file|after|end): (\S+?)(?:: (.*?))?\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


def follow(page: str, checkout: Path) -> list[tuple[str, str]]:
    """Do what the page says in a checkout; return (what, file) of each step."""
    steps = []
    for what, name, line, body in _BLOCK.findall(page):
        path = checkout / name
        if what == "file":
            path.parent.mkdir(parents=True, exist_ok=True)
            assert not path.exists()
            path.write_text(body, "utf-8")
        else:
            old = path.read_text("utf-8")
            assert what == "end" or old.count(f"{line}\n") == 1
            new = old + body if what == "end" else old.replace(f"{line}\n", f"{line}\n{body}")
            path.write_text(new, "utf-8")
        steps.append((what, name))
    return steps


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout of our own."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests" / "publishers").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "__init__.py", tmp_path / "tests")
    for name in ("__init__.py", "contract.py", "conftest.py", "serving.py"):
        shutil.copy(ROOT / "tests" / "publishers" / name, tmp_path / "tests" / "publishers" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_new_platform_is_added_by_following_the_page(checkout: Path) -> None:
    """One folder, its rows, the suite: nothing more is needed, and the suite is not passed by less."""
    steps = follow(PAGE.read_text("utf-8"), checkout)
    assert steps == [
        ("file", "publishers/bangtin/__init__.py"),
        ("after", "publishers/__init__.py"),
        ("end", "publishers/options.py"),
        ("after", "publishers/standin/server.py"),
        ("file", "publishers/standin/bangtin.py"),
        ("file", "tests/publishers/test_bangtin.py"),
    ]
    passed = run(checkout)
    assert passed.returncode == 0, passed.stdout
    assert int(re.search(r"(\d+) passed", passed.stdout)[1]) >= 60  # type: ignore[index] # it is there
    adapter = checkout / "publishers" / "bangtin" / "__init__.py"
    broken = adapter.read_text("utf-8").replace("    401: ChannelClosedError,\n", "")
    adapter.write_text(broken, "utf-8")
    assert run(checkout).returncode == 1


def run(checkout: Path) -> "subprocess.CompletedProcess[str]":
    """Run the new tests in the checkout, as a contributor would."""
    asked = [
        sys.executable,
        "-m",
        "pytest",
        "tests/publishers/test_bangtin.py",
        "-n",
        "0",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
    ]
    return subprocess.run(asked, cwd=checkout, capture_output=True, text=True, timeout=120, check=False)
