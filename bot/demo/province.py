"""Lay out a home for the demonstration: people, some 170 channels, a workbook with posts due in seconds."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import xlsxwriter

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
                sheet.write_datetime(row, COLUMNS.index("Ngày"), datetime(due.year, due.month, due.day), day)  # noqa: DTZ001 - a cell has no zone
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
    """Write the posts of the demonstration."""
    name, offset = coming_occasion(occasions.load(), today)
    common = {"Cơ quan": "svhttdl", "Người soạn": EDITOR}
    return [
        Post(
            30,
            {
                **common,
                "Mã bài": "HUONG-TOI",
                "Dịp": name,
                "Độ lệch": str(offset),
                "Cơ quan": "ubnd-tinh",
                "Đợt truyền thông": "Các ngày lễ lớn",
                "Kênh": "tất cả",
                "Ngôn ngữ": "vi",
                "Nội dung": "Hướng tới {kỷ niệm}\n\n{cơ quan} trân trọng mời bà con cùng treo cờ Tổ quốc vào {thứ}, {ngày}.",
            },
        ),
        Post(
            34,
            {
                **common,
                "Mã bài": "DA-QUY",
                "Đợt truyền thông": "Đại ngàn chạm biển xanh",
                "Kênh": "Facebook Du lịch Gia Lai, Telegram Du lịch Gia Lai, Zalo Du lịch Gia Lai, Trang tin tỉnh",
                "Nội dung": "Mùa dã quỳ đã về trên núi lửa Chư Đăng Ya. Hẹn bạn {thứ}, {ngày}.",
                "Tiếng Anh": "Wild sunflowers are in bloom on Chu Dang Ya volcano. See you on {weekday}, {date}.",
                "Tiếng Nhật": "チューダンヤ火山に野生のヒマワリが咲きました。{date}、お待ちしています。",
                "Tiếng Hàn": "쯔당야 화산에 야생 해바라기가 피었습니다. {date}에 만나요.",
                "Tiếng Trung": "朱当亚火山的野葵花盛开了。{date}，期待与您相见。",
                "Tiếng Pháp": "Les tournesols sauvages fleurissent sur le volcan Chu Dang Ya. Rendez-vous le {date}.",
                "Ảnh": PICTURES[0],
                "Thẻ": "#GiaLai",
            },
        ),
        Post(
            37,
            {
                **common,
                "Mã bài": "CONG-CHIENG",
                "Đợt truyền thông": "Cồng chiêng cuối tuần",
                "Kênh": "Facebook UBND tỉnh Gia Lai, Facebook Đối ngoại Gia Lai, Telegram Gia Lai",
                "Nội dung": "Đêm cồng chiêng tại Quảng trường Đại Đoàn Kết, {giờ} {thứ}, {ngày}.",
                "Tiếng Anh": "A night of gongs at Dai Doan Ket Square, {time} on {weekday}, {date}.",
                "Tiếng Lào": "ຄືນສະແດງຄ້ອງ ທີ່ຈະຕຸລັດ Dai Doan Ket, {date}.",
                "Tiếng Khmer": "រាត្រីគង នៅទីលាន Dai Doan Ket ថ្ងៃ {date}។",
                "Ảnh": "; ".join(PICTURES),
                "Thẻ": "giải trí",
            },
        ),
        Post(
            35,
            {
                **common,
                "Mã bài": "BI-TU-CHOI",
                "Kênh": "Telegram Gia Lai",
                "Ngôn ngữ": "vi",
                "Nội dung": "Bài này sẽ bị từ chối nên không lên kênh.",
            },
        ),
        Post(
            36,
            {
                **common,
                "Mã bài": "CHUA-DUYET",
                "Kênh": "Facebook UBND tỉnh Gia Lai",
                "Ngôn ngữ": "vi",
                "Nội dung": "Bài này không ai duyệt nên không lên kênh.",
            },
        ),
    ]
