"""What an office of these tests has: settings, channels and workbooks, laid out in a folder."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

from bot.secrets import FOLDER
from schedules.clock import OFFICE_ZONE
from tests import canaries

LEADER, LEADER_ID = "Nguyễn Thị Lãnh", canaries.CANARY_TELEGRAM_ID
AUTHOR, AUTHOR_ID = "Trần Văn Soạn", 5002
STRANGER_ID = 5003
WORKBOOK = "lich-noi-dung.xlsx"
#: The author could approve for the province, were the posts not his own.
SETTINGS = f"""\
rehearsal = true

[reach]
after = ["1s"]
spread_minutes = 0

[facebook]
app_secret = "facebook-app"

[[people]]
name = "{LEADER}"
telegram_id = {LEADER_ID}
roles = ["leader", "approver"]
agencies = ["*"]

[[people]]
name = "{AUTHOR}"
telegram_id = {AUTHOR_ID}
roles = ["editor", "approver"]
agencies = ["*"]
"""
#: Secrets that are there; all others are made up, as in any rehearsal.
SECRETS = {
    "telegram-approval-bot": canaries.CANARY_TELEGRAM_APPROVAL,
    "telegram-0": canaries.CANARY_TELEGRAM,
    "facebook-page": canaries.CANARY_FACEBOOK,
    "facebook-app": canaries.CANARY_FACEBOOK_APP,
}
#: Channels that one Telegram bot speaks in: less than the messages that Telegram lets it send in a second.
PER_BOT = 25

#: Columns of `channels.csv`.
COLUMNS = ("name", "agency", "platform", "remote_id", "languages", "groups", "token", "mode")

Row = Mapping[str, str | datetime]


@dataclass(frozen=True)
class Channel:
    """One line of `channels.csv`."""

    name: str
    platform: str
    remote_id: str
    languages: str = "vi"
    groups: str = ""
    token: str = ""
    agency: str = "UBND tỉnh"
    mode: str = ""


@dataclass(frozen=True)
class Office:
    """What differs between the offices of these tests."""

    channels: Sequence[Channel]
    rows: Sequence[Row] = ()
    more_settings: str = ""
    people: str = SETTINGS
    secrets: Mapping[str, str] = field(default_factory=lambda: SECRETS)


def channels_of(platform: str, count: int, *, languages: Sequence[str] = ("vi",)) -> list[Channel]:
    """Make channels that take turns with the languages; the first five of each platform are a group."""
    return [
        Channel(
            name=f"{platform.capitalize()} {number:03}",
            platform=platform,
            remote_id=REMOTE_IDS[platform].format(number),
            languages=languages[number % len(languages)],
            groups="thử" if number < 5 else "",
            token=_token(platform, number),
        )
        for number in range(count)
    ]


#: Platform -> what its ids look like.
REMOTE_IDS = {"facebook": "1001000000{:05}", "zalo": "2001000000{:05}", "telegram": "-10020000{:05}"}


def _token(platform: str, number: int) -> str:
    """Name a channel's secret: the Pages share one, an OA has its own, a bot has several channels."""
    return {
        "facebook": "facebook-page",
        "zalo": f"zalo-{REMOTE_IDS['zalo'].format(number)}",
        "telegram": f"telegram-{number // PER_BOT}",
    }[platform]


def lay_out(home: Path, office: Office) -> None:
    """Write settings, secrets, channels and, if there are rows, the workbook."""
    home.mkdir(parents=True, exist_ok=True)  # stand-ins may live in it already
    (home / "calendars").mkdir()
    at_once = "[calendar]\nask_before = false\n"  # what a saved file may not do at once has tests of its own
    settings = office.people + office.more_settings
    settings = (
        settings.replace("[calendar]\n", at_once) if "[calendar]" in settings else f"{settings}\n{at_once}"
    )
    if "[remind]" not in settings:  # a digest comes by the clock of this machine, into any conversation
        far = f"{datetime.now(OFFICE_ZONE) + timedelta(hours=12):%H:%M}"
        settings += f'\n[remind]\ndigest_at = "{far}"\nevening_at = "{far}"\nbefore = []\n'
    (home / "settings.toml").write_text(settings, "utf-8")
    _write_secrets(home / FOLDER, office.secrets)
    _write_channels(home / "channels.csv", office.channels)
    if office.rows:
        write_workbook(home / "calendars" / WORKBOOK, office.rows)


def _write_secrets(folder: Path, secrets: Mapping[str, str]) -> None:
    folder.mkdir(mode=0o700)
    for name, value in secrets.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(value, "utf-8")


def _write_channels(path: Path, channels: Iterable[Channel]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([getattr(each, name) for name in COLUMNS] for each in channels)


def row(code: str, due: datetime, text: str, **cells: str) -> Row:
    """Return a row of the provincial committee, written by the author; `due` fills day and hour."""
    known = {"Cơ quan": "UBND tỉnh", "Người soạn": AUTHOR, "Kênh": "tất cả"}
    return {"Mã bài": code, "due": due, **known, "Nội dung": text, **cells}


def write_workbook(path: Path, rows: Sequence[Row], sheet: str = "Lịch") -> None:
    """Save a workbook as Excel does: whole, under its name at once, days and hours as numbers."""
    draft = path.with_name(f"~${path.name}")
    titles = list(dict.fromkeys(name for each in rows for name in each if name != "due"))
    with xlsxwriter.Workbook(draft, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        day, hour = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "hh:mm:ss"))
        page.write_row(0, 0, ["Ngày", "Giờ", *titles])
        for number, each in enumerate(rows, start=1):
            if isinstance(due := each.get("due"), datetime):
                local = due.astimezone(OFFICE_ZONE)
                page.write_datetime(number, 0, local.date(), day)
                seconds = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
                page.write_number(number, 1, seconds / timedelta(days=1), hour)
            for column, title in enumerate(titles, start=2):
                page.write_string(number, column, str(each.get(title, "")))
    draft.replace(path)
