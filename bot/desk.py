"""What deciding needs to know of an office: its people, agencies, channels and rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.holding.ready import READY, ReadyHold
from bot.remind_options import RemindOptions
from content_queue.models import Agency, Channel, Person
from content_queue.models.rules import Rule, Rulebook

if TYPE_CHECKING:  # settings and calendars are no matter of whoever only decides
    from bot.office import OfficeHome


@dataclass(frozen=True, slots=True)
class Desk:
    """One office, as its deciders see it.

    `agencies` is code -> agency, `occasions` key -> Vietnamese name; `window` is how long after its
    time a post is still useful, `card_ahead` how long before it approvers get its card.
    """

    people: Sequence[Person]
    agencies: Mapping[str, Agency]
    channels: Sequence[Channel]
    occasions: Mapping[str, str] = field(default_factory=dict)
    window: timedelta = timedelta(minutes=120)
    card_ahead: timedelta = timedelta(hours=48)
    #: Holds kept ready, to be chosen by name.
    ready: Sequence[ReadyHold] = READY
    #: When people are reminded, and when their telephones do not ring.
    remind: RemindOptions = field(default_factory=RemindOptions)
    #: Who must say yes to which posts; the first that covers one counts.
    rules: tuple[Rule, ...] = ()
    #: The office as it was opened: what corrects a published post is composed from it.
    opened: "OfficeHome | None" = None

    @property
    def book(self) -> Rulebook:
        """What decides whose yes a post needs."""
        owners = {channel.name: channel.agency for channel in self.channels} if self.rules else {}
        return Rulebook(self.rules, tuple(self.people), owners)

    def agency_of(self, channel: str) -> str:
        """Return the agency whose channel it is, empty where it is not on the list."""
        return next((each.agency for each in self.channels if each.name == channel), "")

    def agency_name(self, code: str) -> str:
        """Return the Vietnamese name of an agency, its code where it is not known."""
        return self.agencies[code].names["vi"] if code in self.agencies else code

    def occasion_name(self, key: str) -> str:
        """Return the Vietnamese name of an occasion, its key where it is not known."""
        return self.occasions.get(key, key)


def _without_mail(people: Sequence[Person]) -> list[Person]:
    """Forget addresses where nobody is written to: else somebody passes for asked who never is."""
    return [replace(person, email="") for person in people]


def desk_of(opened: "OfficeHome") -> Desk:
    """Return the desk of an opened office."""
    settings = opened.settings
    writes = settings.mail.host and settings.page.public_url
    return Desk(
        people=opened.people if writes else _without_mail(opened.people),
        agencies=opened.office.agencies,
        channels=opened.office.channels,
        occasions={key: occasion.names["vi"] for key, occasion in opened.office.occasions.items()},
        window=timedelta(minutes=settings.calendar.window_minutes),
        card_ahead=timedelta(hours=settings.approval.card_hours),
        ready=settings.holds,
        remind=settings.remind,
        rules=opened.approval_rules,
        opened=opened,
    )
