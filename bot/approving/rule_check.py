"""Look the rules of approval over: a rule that nobody can fulfil would hold its posts back for ever."""

from collections.abc import Iterator, Sequence

from bot.office import OfficeHome
from bot.settings import FILE
from content_queue.models import Person, Problem
from content_queue.models.rules import MAY_SAY, Rule
from content_queue.store.approvals import PROVINCE
from content_queue.texts import _
from content_queue.words import role_name
from schedules.readers import file_problem
from schedules.refusals import ReadError

#: Agencies that are named when many lack somebody.
NAMED = 5


def rule_problems(opened: OfficeHome) -> Iterator[Problem]:
    """Tell the rules that nobody can fulfil, and those that are never looked at."""
    rules = opened.approval_rules
    for number, rule in enumerate(rules, 1):
        place = f"[[approval.rules]] ({number})"
        if any(earlier.covers_all for earlier in rules[: number - 1]):
            yield file_problem(FILE, _unused(place))
        asked = _agencies(opened, rules[: number - 1], rule)
        lacking = [code for code in asked if not _can(opened, rule, code)]
        if lacking:
            yield file_problem(FILE, _nobody(opened, place, rule, lacking))


def _agencies(opened: OfficeHome, earlier: Sequence[Rule], rule: Rule) -> list[str]:
    """Return the agencies whose posts a rule is for: all that have channels, but for those asked before."""
    whole = [one for one in earlier if one == Rule(one.needs, one.agencies, expires=one.expires)]
    taken = {code for one in whole for code in one.agencies}
    owners = rule.agencies or {channel.agency for channel in opened.office.channels}
    return sorted(set(owners) - taken)


def _can(opened: OfficeHome, rule: Rule, agency: str) -> bool:
    """Tell whether the people of an agency can say every yes of a rule, each of them one."""
    people = [person for person in opened.people if {PROVINCE, agency} & person.agencies]
    return _seated(list(rule.needs), people)


def _seated(needs: Sequence[str], people: Sequence[Person]) -> bool:
    if not needs:
        return True
    able = [person for person in people if person.roles & MAY_SAY[needs[0]]]
    return any(_seated(needs[1:], [each for each in people if each != person]) for person in able)


def _unused(place: str) -> ReadError:
    told = _("{rule}: không bao giờ được dùng, vì một quy tắc ở trên đã gồm mọi bài.").format(rule=place)
    hint = _("Chuyển quy tắc này lên trên, hoặc thêm điều kiện when cho quy tắc ở trên.")
    return ReadError("rule_unused", told, hint=hint)


def _nobody(opened: OfficeHome, place: str, rule: Rule, lacking: Sequence[str]) -> ReadError:
    names = ", ".join(opened.office.agencies[code].names["vi"] for code in lacking[:NAMED])
    more = len(lacking) - NAMED
    if more > 0:
        names = _("{names} và {count} cơ quan khác").format(names=names, count=more)
    roles = ", ".join(map(role_name, rule.needs))
    told = _("{rule}: không đủ người khác nhau để duyệt ({roles}) cho: {names}.")
    hint = _("Bài thuộc quy tắc này sẽ không bao giờ được duyệt đủ. Thêm vai hoặc thêm người ở [[people]].")
    return ReadError("rule_unfulfilled", told.format(rule=place, roles=roles, names=names), hint=hint)
