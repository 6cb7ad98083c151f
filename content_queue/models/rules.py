"""Whose yes a post needs: the rules of an office, and how far a post has come. Pure."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from content_queue.models.ledger import Post
from content_queue.models.office import Person
from content_queue.models.tags import plain_tags

#: A role that a rule may name -> the roles of those who may say yes for it.
MAY_SAY: Mapping[str, frozenset[str]] = {
    "approver": frozenset({"approver", "leader"}),
    "leader": frozenset({"leader"}),
    "spokesperson": frozenset({"spokesperson"}),
}
#: What a yes stands for that needs no other before the post goes out, and the look at it afterwards.
URGENT, SECOND_EYE = "urgent", "second_eye"


@dataclass(frozen=True, slots=True)
class Case:
    """What rules look at of a post; `relay`: it goes to channels of other agencies than its own."""

    agency: str
    campaign: str = ""
    tags: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    broadcast: bool = False
    relay: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Who must say yes, one after another, to posts that have all of what is named; empty is any.

    `expires` is how long each yes holds, None for ever.
    """

    needs: tuple[str, ...] = ("approver",)
    agencies: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    broadcast: bool | None = None
    relay: bool | None = None
    expires: timedelta | None = None

    def covers(self, case: Case) -> bool:
        """Tell whether a post falls under this rule."""
        named: Sequence[tuple[Collection[str], Collection[str]]] = (
            (self.agencies, (case.agency,)),
            (self.platforms, case.platforms),
            (_folded(self.campaigns), _folded((case.campaign,))),
            (plain_tags(self.tags), plain_tags(case.tags)),
            (self.languages, case.languages),
        )
        asked = ((self.broadcast, case.broadcast), (self.relay, case.relay))
        return all(not want or set(want) & set(has) for want, has in named) and all(
            want is None or want == has for want, has in asked
        )

    @property
    def covers_all(self) -> bool:
        """Tell whether it asks for nothing, so that no rule after it is ever looked at."""
        return self == Rule(self.needs, expires=self.expires)


#: What holds where no rule covers a post: one yes, of an approver or a leader.
PLAIN = Rule()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of an office in their order, its people, and whose channels are whose."""

    rules: tuple[Rule, ...] = ()
    people: tuple[Person, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)

    def rule_for(self, case: Case) -> Rule:
        """Return the first rule that covers a post."""
        return next((rule for rule in self.rules if rule.covers(case)), PLAIN)


#: No rules and nobody to stand in for: what tests and benchmarks need.
NO_RULES = Rulebook()


@dataclass(frozen=True, slots=True)
class Yes:
    """One person's yes to exactly what stands, for a role that was asked; `giver` is in whose name."""

    person: str
    role: str
    at: datetime
    giver: str = ""


@dataclass(frozen=True, slots=True)
class Delegation:
    """A person decides in another's name from `since` until `until`."""

    id: int
    giver: str
    taker: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A post before its deciders: its rule, who said yes to what stands, who stands in for whom now."""

    post: Post
    rule: Rule
    given: tuple[Yes, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    people: tuple[Person, ...] = ()

    def counting(self, now: datetime) -> tuple[Yes, ...]:
        """Return the yeses that still hold."""
        expires = self.rule.expires
        return tuple(yes for yes in self.given if expires is None or now < yes.at + expires)

    def need(self, now: datetime) -> str | None:
        """Return the role whose yes is asked for next, None where nothing is missing."""
        left = list(self.counting(now))
        if any(yes.role == URGENT for yes in left):
            return None
        for role in self.rule.needs:
            found = next((yes for yes in left if yes.role == role), None)
            if found is None:
                return role
            left.remove(found)
        return None

    def until(self, now: datetime) -> datetime | None:
        """Return when the first of these yeses ends, None where they hold for ever."""
        if self.rule.expires is None:
            return None
        return min((yes.at + self.rule.expires for yes in self.counting(now)), default=None)

    def givers(self, person: Person) -> list[Person]:
        """Return in whose right a person may speak: first the own, then of those who are away."""
        names = [each.giver for each in self.delegations if same_name(each.taker, person.name)]
        return [person, *(each for each in self.people if any(same_name(each.name, n) for n in names))]


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings are one person's name."""
    return bool(one.strip()) and folded_name(one) == folded_name(other)


def folded_name(name: str) -> str:
    """Return a name without what does not matter: letter case, blanks, how its marks are stored."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _folded(words: Iterable[str]) -> set[str]:
    return {folded_name(word) for word in words if word}
