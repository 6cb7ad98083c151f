"""Rules of approval in settings: how they are written, and what `loa check` says of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.approving.rule_check import rule_problems
from bot.errors import SettingsError
from bot.office import open_office
from bot.settings import load_settings, parse_settings
from content_queue.models.rules import Rule
from tests.bot.homes import home_with, loa

SPOKEN = """
[[approval.rules]]
when = { tag = "phát ngôn" }
needs = ["approver", "spokesperson"]
"""
ALL = """
[[approval.rules]]
needs = ["approver", "leader"]
"""
PERSON = """
[[people]]
name = "{name}"
roles = ["{role}"]
agencies = ["*"]
"""


def home(folder: Path, rules: str, *people: tuple[str, str]) -> Path:
    made = home_with(folder)
    listed = "".join(PERSON.format(name=name, role=role) for name, role in people)
    (made / "settings.toml").write_text(rules + listed, "utf-8")
    return made


def test_a_rule_is_read_as_it_is_written() -> None:
    """One word or several, and what is not named is any."""
    text = """
[[approval.rules]]
when = { agency = ["Sở Y tế", "Sở Nội vụ"], platform = "zalo", language = "en", broadcast = true }
needs = ["approver", "leader"]
expires = "48h"
"""
    assert parse_settings(text).approval.rules == (
        Rule(
            ("approver", "leader"),
            agencies=frozenset({"Sở Y tế", "Sở Nội vụ"}),
            platforms=frozenset({"zalo"}),
            languages=frozenset({"en"}),
            broadcast=True,
            expires=timedelta(hours=48),
        ),
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('needs = ["sep"]', "chỉ nhận một trong: 'approver', 'leader', 'spokesperson'"),
        ("needs = []", "cần từ một đến 5 vai, theo thứ tự duyệt"),
        ('needs = ["leader"]\nwhen = { tagg = "x" }', 'không có mục này. Có phải "tag"?'),
        ('needs = ["leader"]\nwhen = { platform = "fb" }', "chỉ nhận một trong: 'facebook', 'zalo'"),
        ('needs = ["leader"]\nwhen = { broadcast = "yes" }', "cần true hoặc false, không có ngoặc kép"),
        ('needs = ["leader"]\nexpires = "soon"', "cần một khoảng thời gian"),
        ('need = ["leader"]', 'không có mục này. Có phải "needs"?'),
        ('when = { tag = "x" }', "thiếu mục này. Ví dụ: needs"),
    ],
)
def test_a_mistake_is_told_at_its_rule(written: str, told: str) -> None:
    """With the number of the rule and how to write it right."""
    with pytest.raises(SettingsError) as refused:
        parse_settings(f"[[approval.rules]]\n{written}")
    assert any("[[approval.rules]] (1)" in line and told in line for line in refused.value.problems)


def test_an_unknown_agency_is_told(tmp_path: Path) -> None:
    """As for people."""
    rules = '[[approval.rules]]\nneeds = ["leader"]\nwhen = { agency = "Sở Không Có" }\n'
    result = loa(home(tmp_path, rules, ("An", "leader")), "check")
    assert (result.exit_code, "[[approval.rules]] (1)" in result.output) == (78, True)


@pytest.mark.parametrize(
    ("rules", "people", "codes"),
    [
        (SPOKEN, [("An", "approver"), ("Phát", "spokesperson")], []),
        (SPOKEN, [("An", "approver")], ["rule_unfulfilled"]),
        (ALL, [("Lan", "leader"), ("Mai", "leader")], []),
        (ALL, [("Lan", "leader")], ["rule_unfulfilled"]),
        (ALL + SPOKEN, [("An", "approver"), ("Lan", "leader"), ("Phát", "spokesperson")], ["rule_unused"]),
        (SPOKEN + ALL, [("An", "approver"), ("Lan", "leader"), ("Phát", "spokesperson")], []),
    ],
)
def test_a_rule_that_nobody_can_fulfil_or_that_is_never_used_is_told(
    tmp_path: Path, rules: str, people: list[tuple[str, str]], codes: list[str]
) -> None:
    """Each step is another person; a leader may stand at an approver's place."""
    made = home(tmp_path, rules, *people)
    opened = open_office(made, load_settings(made))
    assert [problem.code for problem in rule_problems(opened)] == codes


def test_loa_check_says_what_is_lacking(tmp_path: Path) -> None:
    """And ends as for other mistakes of settings."""
    result = loa(home(tmp_path, SPOKEN, ("An", "approver")), "check")
    assert (
        "[[approval.rules]] (1): không đủ người khác nhau để duyệt (người duyệt, người phát ngôn)"
        in result.output
    )
    assert result.exit_code in (3, 78)
