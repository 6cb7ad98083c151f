"""The occasions that ship with the house, and finding one by what people call it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Any

from schedules.names import fold, nearest
from schedules.rules import DayRule, LastOfLunarMonth, LunarRule, Movable, SolarDay, Weekly, is_lunar


@dataclass(frozen=True, slots=True)
class Occasion:
    """A dated reason to speak.

    `names` is locale -> name, `vi` and `en` always; `kinds` are words of the list in
    `occasions.toml`. `origin` is the day it goes back to, where the day itself is known, else only
    `origin_year` (a lunar year for lunar rules). `counts` says whether years are usually counted.
    `verified` says whether a source was found for day and year; `day_off` whether the law grants
    a day of rest.
    """

    key: str
    names: Mapping[str, str]
    kinds: tuple[str, ...]
    rule: DayRule
    aliases: tuple[str, ...] = ()
    origin: date | None = None
    origin_year: int | None = None
    counts: bool = False
    verified: bool = False
    source: str = ""
    note: str = ""
    legal_basis: str = ""
    day_off: bool = False
    #: Days of rest from the day itself on, as far as the law counts them.
    rest_days: int = 1
    #: Who in the office has confirmed day and year.
    verified_by: str = ""

    @property
    def lunar(self) -> bool:
        """Say whether its years are counted by the lunar calendar."""
        return is_lunar(self.rule)


@dataclass(frozen=True)
class Occasions(Mapping[str, Occasion]):
    """All occasions by key, and by what people call them."""

    by_key: Mapping[str, Occasion]

    def __getitem__(self, key: str) -> Occasion:
        return self.by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_key)

    def __len__(self) -> int:
        return len(self.by_key)

    @cached_property
    def _by_name(self) -> Mapping[str, Occasion]:
        return {fold(name): occasion for occasion in self.values() for name in _called(occasion)}

    def find(self, words: str) -> Occasion | None:
        """Return the occasion that people call so, whatever the marks, case and dashes; else None."""
        return self._by_name.get(fold(words))

    def nearest(self, words: str) -> list[str]:
        """Return the names that look most like `words`, the best first."""
        return nearest(words, [name for occasion in self.values() for name in _called(occasion)])


def _called(occasion: Occasion) -> tuple[str, ...]:
    return (*occasion.names.values(), *occasion.aliases)


def load() -> Occasions:
    """Return the occasions that ship with the house.

    Raises:
        ValueError: a row says no day, or two occasions go by one name.
    """
    text = files("schedules.data").joinpath("occasions.toml").read_text("utf-8")
    rows: Mapping[str, Mapping[str, Any]] = tomllib.loads(text)
    occasions = Occasions({key: _read(key, row) for key, row in rows.items()})
    _refuse_doubles(occasions)
    return occasions


def _read(key: str, row: Mapping[str, Any]) -> Occasion:
    plain = {
        name: value for name, value in row.items() if name not in {"vi", "en", "kinds", "aliases", *_RULES}
    }
    return Occasion(
        key=key,
        names={"vi": row["vi"], "en": row["en"]},
        kinds=tuple(row["kinds"]),
        aliases=tuple(row.get("aliases", ())),
        rule=_rule(key, row),
        **plain,
    )


def _solar(day: str) -> SolarDay:
    number, month = map(int, day.split("/"))
    return SolarDay(number, month)


def _lunar(day: str) -> LunarRule:
    number, month = map(int, day.split("/"))
    return LunarRule(number, month)


def _movable(dates: list[date]) -> Movable:
    years = {day.year for day in dates}
    return Movable({year: tuple(day for day in dates if day.year == year) for year in years})


#: The field of a row that says its day -> how to read it.
_RULES: Mapping[str, Any] = {
    "solar": _solar,
    "lunar": _lunar,
    "last_of_lunar_month": LastOfLunarMonth,
    "movable": _movable,
    "weekly": lambda row: Weekly(row["weekday"], row["since"]),
}


def _rule(key: str, row: Mapping[str, Any]) -> DayRule:
    said = [name for name in _RULES if name in row]
    if len(said) != 1:
        raise ValueError(f"occasion {key} says its day {len(said)} times")
    rule: DayRule = _RULES[said[0]](row[said[0]])
    return rule


def _refuse_doubles(occasions: Occasions) -> None:
    owners: dict[str, str] = {}
    for occasion in occasions.values():
        for name in _called(occasion):
            if owners.setdefault(fold(name), occasion.key) != occasion.key:
                raise ValueError(f"two occasions go by the name {name}")
