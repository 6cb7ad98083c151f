"""Holds that an office keeps ready: whom they stop, what they let through, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

Word = Annotated[str, Field(min_length=1)]
#: Tags of posts that a mourning lets through, and of those that a disaster does.
CONDOLENCE, WARNINGS = "chia buồn", ("cảnh báo", "khẩn")


@dataclass(frozen=True, slots=True)
class ReadyHold:
    """One `[[holds]]` table: a name to choose by, the scope, the tags let through, the reason."""

    name: Word
    reason: Word
    agencies: tuple[Word, ...] = ()
    channels: tuple[Word, ...] = ()
    platforms: tuple[Word, ...] = ()
    campaigns: tuple[Word, ...] = ()
    tags: tuple[Word, ...] = ()
    languages: tuple[Word, ...] = ()
    spares: tuple[Word, ...] = ()

    @property
    def scope(self) -> Mapping[str, Sequence[str]]:
        """Return the scope with the names as they were written; without any it is everything."""
        kinds = ("agencies", "channels", "platforms", "campaigns", "tags", "languages")
        return {kind: list(names) for kind in kinds if (names := getattr(self, kind))}


READY = (
    ReadyHold(
        name="quốc tang", reason="quốc tang, theo thông báo của cấp trên", spares=(CONDOLENCE, *WARNINGS)
    ),
    ReadyHold(
        name="thiên tai",
        reason="thiên tai: tạm dừng tin lễ hội, giải trí, quảng bá",
        tags=("giải trí", "lễ hội", "quảng bá"),
        spares=WARNINGS,
    ),
    ReadyHold(name="sự cố", reason="sự cố, chờ kiểm tra"),
)
