"""The office of a simulation: its agencies, channels and people, and the rows that its editors write."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from schedules.clock import OFFICE_ZONE

#: Names of the agencies that speak, as editors write them -> code.
AGENCIES: Mapping[str, str] = {
    "UBND tỉnh": "ubnd-tinh",
    "Sở Văn hóa, Thể thao và Du lịch": "svhttdl",
    "Sở Ngoại vụ": "sngv",
    "Sở Tài chính": "stc",
}
LEADER, DEPUTY, CLERK, AUTHOR, EDITOR = 5001, 5002, 5003, 5004, 5005
#: Telegram number -> (name, roles, agencies). The author could approve, were the posts not his own.
PEOPLE: Mapping[int, tuple[str, str, str]] = {
    LEADER: ("Nguyễn Thị Lãnh", '"leader", "approver"', '"*"'),
    DEPUTY: ("Lê Văn Phó", '"leader", "approver"', '"*"'),
    CLERK: ("Phạm Thị Duyệt", '"approver"', '"svhttdl"'),
    AUTHOR: ("Trần Văn Soạn", '"editor", "approver"', '"*"'),
    EDITOR: ("Hồ Thị Biên", '"editor"', '"*"'),
}
LEADERS = frozenset(name for name, roles, _agencies in PEOPLE.values() if "leader" in roles)
AUTHORS = (PEOPLE[AUTHOR][0], PEOPLE[EDITOR][0])
#: The office's own chat, into which bots forward what they read back.
PROBE = "-100900"
#: Posts with this tag need an approver's yes, then a leader's.
TWO_YESES = "du lịch"
SETTINGS = f"""\
rehearsal = true

[calendar]
horizon_days = 8
ask_before = false

[[approval.rules]]
when = {{ tag = "{TWO_YESES}" }}
needs = ["approver", "leader"]

[publish]
connections = 8

[reach]
after = ["1h"]

[zalo]
default_cover = "https://example.org/anh-bia.jpg"

[telegram]
probe_chat = "{PROBE}"
"""
HEADER = (
    "Mã bài",
    "Ngày",
    "Giờ",
    "Cơ quan",
    "Người soạn",
    "Đợt truyền thông",
    "Kênh",
    "Nội dung",
    "Nội dung tiếng Anh",
    "Thẻ",
)
TAGS = ("", "du lịch", "y tế", "")
CAMPAIGNS = ("", "Chào xuân", "")


@dataclass(frozen=True, slots=True)
class Outlet:
    """One line of the list of channels."""

    name: str
    agency: str
    platform: str
    remote_id: str
    languages: str
    token: str


@dataclass(slots=True)
class Row:
    """One row of a calendar as it now stands; `revision` is in its text, so that readers can tell."""

    code: str
    due: datetime
    agency: str
    author: str
    channels: Sequence[str]
    english: bool
    tags: str = ""
    campaign: str = ""
    revision: int = 1
    broken: bool = False
    gone: bool = False
    changed: float = 0.0

    @property
    def post(self) -> str:
        """Return the code of its one post."""
        return f"{self.code}-{self.due.astimezone(OFFICE_ZONE).year}"

    def text(self, locale: str) -> str:
        """Return what readers of a language are to read: no two revisions read the same."""
        said = {"vi": "Mời bà con đón đọc tin của tỉnh.", "en": "News of the province for everybody."}
        return f"{said[locale]}\n({self.code}/{self.revision}/{locale})"

    def cells(self) -> Sequence[str]:
        """Return the row as it stands in the file."""
        local = self.due.astimezone(OFFICE_ZONE)
        return (
            self.code,
            "32/13" if self.broken else f"{local:%d/%m/%Y}",
            f"{local:%H:%M}",
            self.agency,
            self.author,
            self.campaign,
            ", ".join(self.channels),
            self.text("vi"),
            self.text("en") if self.english else "",
            self.tags,
        )


@dataclass(slots=True)
class Sheet:
    """One calendar file: the rows of a week."""

    name: str
    rows: list[Row] = field(default_factory=list)
    broken: bool = False

    def content(self) -> str:
        """Return the file as saved; a broken one is no calendar at all."""
        if self.broken:
            return '"hỏng\n'
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(row.cells() for row in self.rows if not row.gone)
        return out.getvalue()


def outlets(count: int) -> list[Outlet]:
    """Make so many channels, on three platforms in turn; some speak English too."""
    ids = {"telegram": "-1002{:06}", "facebook": "1001{:09}", "zalo": "2001{:09}"}
    names, agencies = list(ids), list(AGENCIES)
    made = []
    for number in range(count):
        platform = names[number % 3]
        remote_id = ids[platform].format(number)
        token = {"telegram": "telegram-0", "facebook": "facebook-page", "zalo": f"zalo-{remote_id}"}[platform]
        languages = "vi,en" if number % 4 == 3 else "vi"
        agency = agencies[number % len(agencies)]
        made.append(Outlet(f"{platform} {number}", agency, platform, remote_id, languages, token))
    return made


def lay_out(home: Path, channels: Sequence[Outlet]) -> None:
    """Write the settings and the list of channels of an office that has no calendar yet."""
    (home / "calendars").mkdir(parents=True)
    people = [
        f'[[people]]\nname = "{name}"\ntelegram_id = {number}\nroles = [{roles}]\nagencies = [{agencies}]\n'
        for number, (name, roles, agencies) in PEOPLE.items()
    ]
    (home / "settings.toml").write_text("\n".join([SETTINGS, *people]), "utf-8")
    with (home / "channels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "agency", "platform", "remote_id", "languages", "token"))
        writer.writerows(
            (one.name, one.agency, one.platform, one.remote_id, one.languages, one.token) for one in channels
        )
