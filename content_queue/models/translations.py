"""What translators gave: the text of one entry in one language, and how far it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from content_queue.models.digests import digest


class TranslationState(StrEnum):
    """How far a translation is; only what was checked is published."""

    #: Nobody has written it yet.
    MISSING = "missing"
    #: It is written, and nobody else has read it.
    DONE = "done"
    #: Somebody else has read it.
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation as last brought in; `source` is the hash of the text that it was made from.

    `deadline` is the local day until which it is wanted, None where none was set.
    """

    entry: str
    locale: str
    source: str
    text: str
    state: TranslationState
    deadline: date | None = None
    translator: str = ""
    checker: str = ""

    def made_from(self, text: str) -> bool:
        """Tell whether it was made from this very text; else it is stale."""
        return self.source == digest(text)
