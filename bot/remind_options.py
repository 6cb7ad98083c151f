"""What an office may set about reminding; the section `[remind]` has these very fields."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import Field, PlainValidator

from bot.durations import read_clock, read_duration
from content_queue.delivery.decide import OFFICE_ZONE

Duration = Annotated[timedelta, PlainValidator(read_duration)]
ClockTime = Annotated[time, PlainValidator(read_clock)]


@dataclass(frozen=True, slots=True)
class RemindOptions:
    """When people hear of tomorrow, of what nobody has approved yet, and when telephones do not ring."""

    #: The posts of tomorrow, to who approves.
    digest_at: ClockTime = time(16)
    #: What is not approved until tomorrow's end.
    evening_at: ClockTime = time(20)
    #: So long before its time people hear of a post that nobody has approved; empty reminds of none.
    before: Annotated[tuple[Duration, ...], Field(max_length=4)] = (
        timedelta(hours=2),
        timedelta(minutes=30),
    )
    #: Messages come silently in these hours, but for what is urgent; two equal hours always ring.
    quiet_from: ClockTime = time(22)
    quiet_to: ClockTime = time(6)

    def is_quiet(self, now: datetime) -> bool:
        """Tell whether these are quiet hours."""
        hour, begins, ends = now.astimezone(OFFICE_ZONE).time(), self.quiet_from, self.quiet_to
        if begins <= ends:
            return begins <= hour < ends
        return hour >= begins or hour < ends
