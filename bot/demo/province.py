"""Lay out a home for the demonstration: people, some 170 channels, a workbook with posts due in seconds."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import xlsxwriter
import yaml

from bot.secrets import FOLDER
from content_queue.models import Agency
from schedules import agencies, occasions
from schedules.clock import OFFICE_ZONE
from schedules.occasions import Occasions
from schedules.rules import days

#: The approver of the demonstration, and the number of her chat.
APPROVER, APPROVER_ID = "Nguyễn Thị Duyệt", 4242001
EDITOR = "Trần Văn Soạn"
SETTINGS = """\
rehearsal = true

[approval]
card_hours = 48

[reach]
after = ["4s", "9s"]
spread_minutes = 0

[[people]]
name = "{approver}"
telegram_id = {approver_id}
roles = ["approver", "leader"]
agencies = ["*"]

[[people]]
name = "{editor}"
roles = ["editor"]
agencies = ["*"]
"""
PROVINCIAL = (
    ("Facebook UBND tỉnh Gia Lai", "ubnd-tinh", "facebook", "100000000000001", "vi en"),
    ("Facebook Du lịch Gia Lai", "svhttdl", "facebook", "100000000000002", "vi en ja ko zh fr"),
    ("Facebook Đối ngoại Gia Lai", "sngv", "facebook", "100000000000003", "en lo km"),
    ("Zalo UBND tỉnh Gia Lai", "ubnd-tinh", "zalo", "200000000000001", "vi"),
    ("Zalo Du lịch Gia Lai", "svhttdl", "zalo", "200000000000002", "vi en"),
    ("Telegram Gia Lai", "ubnd-tinh", "telegram", "-1001000000001", "vi en"),
    ("Telegram Du lịch Gia Lai", "svhttdl", "telegram", "-1001000000002", "vi en ja ko"),
    ("Trang tin tỉnh", "cong-ttdt", "site", "gia-lai", "vi en"),
)
#: Each commune has one channel; the platforms take turns.
TURNS = ("facebook", "zalo", "telegram")
PREFIX = {"facebook": "1001000000", "zalo": "2001000000", "telegram": "-10020000"}
COLUMNS = (
    "Mã bài",
    "Ngày",
    "Dịp",
    "Độ lệch",
    "Giờ",
    "Cơ quan",
    "Người soạn",
    "Đợt truyền thông",
    "Kênh",
    "Ngôn ngữ",
    "Nội dung",
    "Tiếng Anh",
    "Tiếng Nhật",
    "Tiếng Hàn",
    "Tiếng Trung",
    "Tiếng Pháp",
    "Tiếng Lào",
    "Tiếng Khmer",
    "Ảnh",
    "Thẻ",
)
PICTURES = ("nui-lua.png", "cong-chieng.png")


@dataclass(frozen=True, slots=True)
class Post:
    """One row of the demonstration: seconds after the start, and what its columns hold."""

    after: int
    cells: Mapping[str, str]


def lay_out(home: Path, now: datetime, posts: Sequence[Post]) -> None:
    """Write settings, channels, pictures and the workbook."""
    bodies = agencies.load()
    (home / FOLDER).mkdir(mode=0o700)
    calendars = home / "calendars"
    calendars.mkdir()
    said = SETTINGS.format(approver=APPROVER, approver_id=APPROVER_ID, editor=EDITOR)
    (home / "settings.toml").write_text(said, "utf-8")
    _write_channels(home / "channels.csv", bodies)
    for name in PICTURES:
        (calendars / name).write_bytes(files("bot.demo").joinpath("pictures", name).read_bytes())
    _write_workbook(calendars / "lich-noi-dung.xlsx", now, posts)


def _write_channels(path: Path, bodies: Mapping[str, Agency]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "agency", "platform", "remote_id", "languages", "groups", "mode", "token"))
        writer.writerows(_channels(bodies))


def accounts_of(home: Path) -> dict[str, str]:
    """Return channel name -> the platform's id of it."""
    with (home / "channels.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["name"]: row["remote_id"] for row in csv.DictReader(file)}


def _channels(bodies: Mapping[str, Agency]) -> Iterator[Sequence[str]]:
    for name, agency, platform, remote_id, languages in PROVINCIAL:
        yield (
            name,
            agency,
            platform,
            remote_id,
            languages.replace(" ", ";"),
            "cấp tỉnh",
            "api",
            _token(platform, remote_id),
        )
    communes = [code for code, agency in bodies.items() if agency.names["vi"].startswith("UBND ")]
    for number, code in enumerate(code for code in communes if code != "ubnd-tinh"):
        platform = TURNS[number % len(TURNS)]
        remote_id = f"{PREFIX[platform]}{number:05}"
        name = f"{platform.capitalize()} {bodies[code].names['vi'].removeprefix('UBND ')}"
        yield name, code, platform, remote_id, "vi", "xã phường", "api", _token(platform, remote_id)


def _token(platform: str, remote_id: str) -> str:
    """Name the secret of a channel: an OA has its own, the bots and Pages share one."""
    return f"zalo-{remote_id}" if platform == "zalo" else f"{platform}-gia-lai"


def _write_workbook(path: Path, now: datetime, posts: Sequence[Post]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Lịch")
        moment = book.add_format({"num_format": "hh:mm:ss"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, COLUMNS)
        for row, post in enumerate(posts, start=1):
            due = (now + timedelta(seconds=post.after)).astimezone(OFFICE_ZONE)
            for column, name in enumerate(COLUMNS):
                sheet.write_string(row, column, post.cells.get(name, ""))
            if "Dịp" not in post.cells:
                sheet.write_datetime(row, COLUMNS.index("Ngày"), due.date(), day)
            seconds = due.hour * 3600 + due.minute * 60 + due.second
            sheet.write_number(row, COLUMNS.index("Giờ"), seconds / 86_400, moment)


def coming_occasion(known: Occasions, today: date) -> tuple[str, int]:
    """Return the next occasion whose years are counted, and the days from it to today (0 or less)."""
    found = [
        (day, occasion.names["vi"])
        for occasion in known.values()
        if occasion.origin is not None
        for year in (today.year, today.year + 1)
        for day in days(occasion.rule, year)
        if day >= today
    ]
    day, name = min(found)
    return name, (today - day).days


def the_day(today: date) -> list[Post]:
    """Return the posts of the demonstration; one of them leads up to the next occasion."""
    name, offset = coming_occasion(occasions.load(), today)
    rows = yaml.safe_load(files("bot.demo").joinpath("posts.yaml").read_text("utf-8"))
    return [
        Post(row["after"], {column: _said(text, name, offset) for column, text in row["cells"].items()})
        for row in rows
    ]


def _said(text: str, name: str, offset: int) -> str:
    return {"DỊP SẮP TỚI": name, "ĐẾN HÔM NAY": str(offset)}.get(text, text.strip())
