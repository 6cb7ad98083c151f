"""What is promised of security names its tests, and they are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SECURITY, ASVS = "docs/security.md", "docs/asvs.md"
#: `tests/bot/test_redact.py::test_a_traceback_holds_no_secret`
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
#: The items of OWASP ASVS 5.0 that matter most to a daemon with a page, each at least told of.
ITEMS = """
1.2.1 1.2.10 1.3.1 1.3.6 1.3.7 1.3.10 1.5.1 2.2.1 2.3.1 2.3.3 2.3.4 2.3.5 2.4.1 3.2.1 3.4.3 3.5.1 4.1.1
5.2.1 5.2.2 5.2.3 5.3.2 5.3.3 6.2.1 6.3.1 7.4.1 8.2.1 8.3.1 11.2.1 11.3.1 11.3.2 11.4.2 12.2.1 12.3.2
13.3.1 13.3.2 14.2.1 14.3.2 15.2.1 15.4.2 16.2.5 16.3.1 16.3.2 16.4.1 16.4.2 16.5.1 16.5.2 16.5.3
"""


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def rows(page: str) -> list[list[str]]:
    """Return the cells of every table of a page, without heads."""
    lines = [line for line in read(page).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    heads = {number - 1 for number, row in enumerate(cells) if set("".join(row)) <= set("-:")}
    return [row for number, row in enumerate(cells) if number not in heads and set("".join(row)) - set("-:")]


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of a file's tests, those of classes among them."""
    found = ast.walk(ast.parse(read(file)))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("page", [SECURITY, ASVS])
def test_every_test_that_is_named_exists(page: str) -> None:
    """A control whose test was renamed away is a promise without ground."""
    named = NAMED.findall(read(page))
    assert len(named) > 20
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


@pytest.mark.parametrize("page", [SECURITY, ASVS])
def test_every_row_names_its_test_or_says_that_there_is_nothing_to_test(page: str) -> None:
    """`—` stands where the thing itself does not exist here."""
    assert [row[0] for row in rows(page) if not NAMED.search(row[-1]) and not row[-1].startswith("—")] == []


def test_every_item_is_told_of() -> None:
    """Each once, in order."""
    assert [row[0] for row in rows(ASVS)] == ITEMS.split()
