"""What an office knows before it reads a calendar: who speaks, through what, and on which occasions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from content_queue.localize import FORMS, Form
from content_queue.models import Agency, Channel
from schedules.glossary import Glossary
from schedules.occasions import Occasions


@dataclass(frozen=True, slots=True)
class Office:
    """One office's world. `agencies` is code -> agency; `channels` are all of them, those off included.

    `forms` are how languages write days and numbers, with the words that the office gave;
    `glossary` is what translations are held to.
    """

    agencies: Mapping[str, Agency]
    channels: Sequence[Channel]
    occasions: Occasions
    forms: Mapping[str, Form] = field(default_factory=lambda: FORMS)
    glossary: Glossary = field(default_factory=Glossary)
