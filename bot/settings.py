"""The office's settings: read from `settings.toml`, all mistakes told at once, no secret among them.

This module is the one door to settings and to the process environment.
"""

import json
import os
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    TypeAdapter,
    ValidationError,
    with_config,
)

from bot import settings_words as words
from bot.approving.rule_options import ApprovalRule
from bot.errors import SettingsError
from bot.holding.ready import READY, ReadyHold
from bot.mail.options import EmailAddress, MailOptions, able
from bot.remind_options import ClockTime, Duration, RemindOptions
from bot.toml_lines import Path as Where
from bot.toml_lines import line_in_message, line_of, lines_of_keys
from bot.web.options import MediaSettings, PageSettings
from content_queue.models import Person
from content_queue.texts import _
from publishers.options import FacebookOptions, SiteOptions, TelegramOptions, ZaloOptions

FILE = "settings.toml"

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Name = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """Who runs this, and the language it is spoken to in."""

    name: Name = "Văn phòng truyền thông tỉnh Gia Lai"
    language: Literal["vi", "en"] = "vi"


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """Where calendars lie, how far ahead they are planned, and what a missing text means."""

    folder: Name = "calendars"
    horizon_days: Annotated[int, Field(ge=1, le=400)] = 35
    missing_text: Literal["wait", "fallback", "skip"] = "wait"
    fallback: tuple[Language, ...] = ("vi", "en")
    #: Ask before a saved calendar changes what is approved, or in review and due within a day.
    ask_before: bool = True
    #: Two posts of one channel closer than this are told; so is what falls into the quiet hours.
    distance_minutes: Annotated[int, Field(ge=0, le=1_440)] = 10
    quiet_from: ClockTime = time()
    quiet_to: ClockTime = time()
    #: From the due time to the latest useful time.
    window_minutes: Annotated[int, Field(ge=1, le=10_080)] = 120


@dataclass(frozen=True, slots=True)
class ApprovalSettings:
    """When approvers get their cards, the name of the approval bot's token, and whose yes is needed."""

    card_hours: Annotated[int, Field(ge=1, le=720)] = 48
    bot_token: SecretName = "telegram-approval-bot"  # noqa: S105 -- the name of a secret
    rules: tuple[ApprovalRule, ...] = ()


def _installed(transport: str) -> str:
    """Refuse a transport whose package is not there."""
    if transport == "aiohttp" and find_spec("httpx_aiohttp") is None:
        raise ValueError(
            _('chưa cài thư viện này. Hãy cài: pip install -r requirements/fast.txt, hoặc viết "httpx"')
        )
    return transport


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """How deliveries leave."""

    prepare_minutes: Annotated[int, Field(ge=0, le=1_440)] = 30
    connections: Annotated[int, Field(ge=1, le=1_000)] = 32
    #: What carries requests; `aiohttp` comes with the extra `fast`.
    transport: Annotated[Literal["httpx", "aiohttp"], AfterValidator(_installed)] = "httpx"
    #: How long an unconfirmed delivery is left alone before it is read back.
    settle_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    #: Between two late posts of one channel, after an outage; 0 lets all go at once.
    catch_up_seconds: Annotated[int, Field(ge=0, le=3_600)] = 60


@dataclass(frozen=True, slots=True)
class ReachSettings:
    """When reach is read back; those of a day and more wait for the night."""

    after: Annotated[tuple[Duration, ...], Field(min_length=1)] = (
        timedelta(hours=1),
        timedelta(days=1),
        timedelta(days=7),
        timedelta(days=30),
    )
    night_from: ClockTime = time(1)
    night_to: ClockTime = time(5)
    spread_minutes: Annotated[int, Field(ge=0, le=60)] = 10


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """The nightly copy of the ledger: how many are kept, and its local time."""

    keep: Annotated[int, Field(ge=1, le=366)] = 7
    at: ClockTime = time(2, 30)


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """Where the audit's newest seal goes each day, and when; chat 0 and no address are nowhere."""

    witness_chat: int = 0
    witness_mail: EmailAddress = ""
    witness_at: ClockTime = time(16, 30)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One `[[people]]` table as written."""

    name: Name
    roles: frozenset[Literal["editor", "approver", "leader", "spokesperson", "admin"]]
    agencies: Annotated[frozenset[Name], Field(min_length=1)]
    telegram_id: Annotated[int, Field(gt=0)] | None = None
    email: EmailAddress = ""

    def person(self) -> Person:
        """Return the noun the rest of the house knows."""
        return Person(self.name, self.telegram_id, frozenset(self.roles), self.agencies, self.email)


def _unique(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Refuse two people of one name, one Telegram id or one e-mail address."""
    names = Counter(person.name for person in people)
    ids = Counter(person.telegram_id for person in people if person.telegram_id is not None)
    mails = Counter(person.email.casefold() for person in people if person.email)
    told = (*names.items(), *ids.items(), *mails.items())
    twice = [str(key) for key, count in told if count > 1]
    if twice:
        raise ValueError(
            _("{what} có ở hai người; mỗi tên, mỗi số Telegram, mỗi địa chỉ thư chỉ dùng một lần").format(
                what=", ".join(f'"{key}"' for key in twice)
            )
        )
    return people


_Listed = Annotated[
    Person,
    GetPydanticSchema(lambda _source, handler: handler.generate_schema(ListedPerson)),
    AfterValidator(ListedPerson.person),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an office may set, with defaults that work."""

    #: With rehearsal the stand-in platforms are used, whatever `api_url` says.
    rehearsal: bool = True
    #: File with the channels, relative to the home folder.
    channels: Name = "channels.csv"
    office: OfficeSettings = field(default_factory=OfficeSettings)
    calendar: CalendarSettings = field(default_factory=CalendarSettings)
    approval: ApprovalSettings = field(default_factory=ApprovalSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    reach: ReachSettings = field(default_factory=ReachSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    media: MediaSettings = field(default_factory=MediaSettings)
    page: PageSettings = field(default_factory=PageSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    remind: RemindOptions = field(default_factory=RemindOptions)
    mail: Annotated[MailOptions, AfterValidator(able)] = field(default_factory=MailOptions)
    facebook: FacebookOptions = field(default_factory=FacebookOptions)
    zalo: ZaloOptions = field(default_factory=ZaloOptions)
    telegram: TelegramOptions = field(default_factory=TelegramOptions)
    site: SiteOptions = field(default_factory=SiteOptions)
    holds: tuple[ReadyHold, ...] = READY
    people: Annotated[tuple[_Listed, ...], AfterValidator(_unique)] = ()


def environment() -> Mapping[str, str]:
    """Return the process environment; nobody else reads it."""
    return os.environ  # noqa: TID251 -- this is the door


def load_settings(home: Path) -> Settings:
    """Read `settings.toml` of a home folder.

    Raises:
        SettingsError: with a line for every mistake.
    """
    try:
        text = (home / FILE).read_text("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(
            [_("Không thấy {file} trong thư mục {home}.").format(file=FILE, home=home)],
            next_step=_("Tạo thư mục làm việc: loa init {home}").format(home=home),
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([words.unreadable(error)]) from error
    return parse_settings(text)


def parse_settings(text: str) -> Settings:
    """Read settings from the text of a TOML file.

    Raises:
        SettingsError: with a line for every mistake.
    """
    text = unicodedata.normalize("NFC", text)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = line_in_message(error, text)
        raise SettingsError([words.at_line(line, words.syntax(error))], lines=[line]) from error
    mistakes = list(words.shape_mistakes(raw))
    suspect = {path for path, _message in mistakes}
    try:
        settings = _adapter().validate_json(json.dumps(raw, default=str), strict=True)
    except ValidationError as error:
        told = [words.mistake(each, Settings()) for each in error.errors(include_url=False)]
        mistakes += [(path, message) for path, message in told if path not in suspect]
    if mistakes:
        raise _refusal(mistakes, lines_of_keys(text))
    return settings


def _refusal(mistakes: Sequence[tuple[Where, str]], lines: Mapping[Where, int]) -> SettingsError:
    """Tell all mistakes in the order of the file."""
    placed = sorted((line_of(lines, path), words.label(path), message) for path, message in mistakes)
    told = [words.at_line(line, f"{label}: {message}") for line, label, message in placed]
    return SettingsError(told, lines=[line for line, _label, _message in placed])


@cache
def _adapter() -> TypeAdapter[Settings]:
    return TypeAdapter(Settings)
