"""Say on which days something falls: solar, lunar, movable, weekly, or as an occasion does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class SolarDay:
    """A day of the Gregorian calendar; `year` None is every year."""

    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class LunarRule:
    """A day of the Vietnamese lunar calendar, never of a leap month; `year` is the lunar year."""

    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class LastOfLunarMonth:
    """The last day of a lunar month: 29 or 30 Chạp; `year` is the lunar year."""

    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Movable:
    """Days that somebody announces each year; a year without one has no date yet."""

    dates: Mapping[int, tuple[date, ...]]


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday (0 is Monday) of every week since a day."""

    weekday: int
    since: date


DayRule: TypeAlias = SolarDay | LunarRule | LastOfLunarMonth | Movable | Weekly


@dataclass(frozen=True, slots=True)
class OccasionRule:
    """The day of the occasion `key`, which falls as `rule` says."""

    key: str
    rule: DayRule


DateRule: TypeAlias = DayRule | OccasionRule
