"""Rules of approval as settings write them: `[[approval.rules]]`."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetPydanticSchema, PlainValidator

from bot.durations import read_duration
from content_queue.models.rules import Rule
from content_queue.texts import _

#: Steps of one rule.
MOST = 5


def _several(written: object) -> object:
    """Take one word for a list of it, and a list for what is kept."""
    words = [written] if isinstance(written, str) else written
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return frozenset(words)
    return words


def _few(needs: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a rule that asks nobody, or more people than any post could wait for."""
    if not 1 <= len(needs) <= MOST:
        raise ValueError(_("cần từ một đến {most} vai, theo thứ tự duyệt").format(most=MOST))
    return needs


_Word = Annotated[str, Field(min_length=1)]
_Platform = Literal["facebook", "zalo", "telegram", "site"]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
_SEVERAL = (Field(min_length=1), BeforeValidator(_several))
_Words = Annotated[frozenset[_Word], *_SEVERAL]
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ListedCase:
    """What a post must be like, all of it at once; what is not named may be anything."""

    agency: _Words = _NONE
    platform: Annotated[frozenset[_Platform], *_SEVERAL] = frozenset()
    campaign: _Words = _NONE
    tag: _Words = _NONE
    language: Annotated[frozenset[_Language], *_SEVERAL] = _NONE
    #: Written straight to followers: it cannot be taken back.
    broadcast: bool | None = None
    #: Carried by channels of other agencies than the post's own.
    relay: bool | None = None


@dataclass(frozen=True, slots=True)
class ListedRule:
    """One `[[approval.rules]]` table as written."""

    needs: Annotated[tuple[Literal["approver", "leader", "spokesperson"], ...], AfterValidator(_few)]
    when: ListedCase = field(default_factory=ListedCase)
    expires: Annotated[timedelta, PlainValidator(read_duration)] | None = None

    def rule(self) -> Rule:
        """Return the noun the rest of the house knows."""
        when = self.when
        return Rule(
            self.needs,
            agencies=when.agency,
            platforms=when.platform,
            campaigns=when.campaign,
            tags=when.tag,
            languages=when.language,
            broadcast=when.broadcast,
            relay=when.relay,
            expires=self.expires,
        )


ApprovalRule = Annotated[
    Rule,
    GetPydanticSchema(lambda _source, handler: handler.generate_schema(ListedRule)),
    AfterValidator(ListedRule.rule),
]
