"""A campaign of every kind, in five languages, on all platforms: out, corrected, taken back."""

import re
import shutil
import struct
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from schedules.clock import OFFICE_ZONE
from tests.acceptance import offices
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import AUTHOR, LEADER, Office, Row, channels_of, row
from tests.acceptance.running import Running, until
from tests.browser import chromium
from tests.publishers.films import LYING, UPRIGHT, film

LANGUAGES = ("vi", "en", "ja", "ko", "fr")
#: Language -> the words before the hour that is corrected.
WORDS: Mapping[str, str] = {
    "vi": "Ngày hội **cồng chiêng** {ngày}, lúc",
    "en": "Gong festival on {date} at",
    "ja": "ゴング祭り {date}、開始",
    "ko": "공 축제 {date}, 시작",
    "fr": "Fête des gongs, le {date} à",
}
COLUMNS = {
    "vi": "Nội dung",
    "en": "Nội dung tiếng Anh",
    "ja": "Nội dung tiếng Nhật",
    "ko": "Nội dung tiếng Hàn",
    "fr": "Nội dung tiếng Pháp",
}
#: The pictures are of one colour each, so that they are found again on a screenshot.
COLOURS = {"do": (200, 16, 46), "vang": (255, 205, 0), "luc": (0, 132, 61), "tim": (112, 48, 160)}
FOUR = ", ".join(f"{name}.png" for name in COLOURS)
CAMPAIGN = "Ngày hội"
ASKED = ("--campaign", CAMPAIGN, "--yes")
MORE = "https://gialai.gov.vn/le-hoi"
#: Kind -> its cells, and the platforms on whose five channels it comes out, one a language.
ALL = ("facebook", "zalo", "telegram")
KINDS: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "CHU": ({"Bình luận đầu": MORE, "Bình luận đầu tiếng Anh": MORE}, ALL),
    "LIENKET": ({"Liên kết": "https://gialai.gov.vn/"}, ALL),
    "ANH": ({"Ảnh": FOUR, "Mô tả ảnh": "Đỏ\nVàng"}, ALL),
    "ALBUM": ({"Ảnh": "do.png, ngang.mp4", "Kênh": "telegram"}, ("telegram",)),
    "PHIM": ({"Ảnh": "ngang.mp4", "Kênh": "facebook, zalo"}, ("facebook", "zalo")),
    "REEL": ({"Ảnh": "doc.mp4", "Dạng": "reel", "Kênh": "facebook"}, ("facebook",)),
    "BAIVIET": ({"Ảnh": FOUR, "Dạng": "bài viết", "Kênh": "zalo"}, ("zalo",)),
    "GUI": ({"Ảnh": "tim.png", "Dạng": "gửi người quan tâm", "Kênh": "zalo"}, ("zalo",)),
}
EVERYWHERE = [(platform, kind) for kind, (_cells, platforms) in KINDS.items() for platform in platforms]
DELIVERIES = len(EVERYWHERE) * len(LANGUAGES)
KIND = re.compile(rf"\b({'|'.join(KINDS)}) ({'|'.join(LANGUAGES).upper()}) ")
#: Platform and kind -> how many pictures and films are seen with it, and what the network calls it.
SEEN = {
    **{(platform, "ANH"): (4, "") for platform in ALL},
    **{(platform, "PHIM"): (1, "") for platform in ("facebook", "zalo")},
    ("telegram", "ALBUM"): (2, ""),
    ("facebook", "REEL"): (1, "reel"),
    ("zalo", "BAIVIET"): (4, ""),
    ("zalo", "GUI"): (1, "pushed"),
}
#: What a correction changes beside the hour, and where that cannot be edited.
CHANGED = {"LIENKET": {"Liên kết": "https://gialai.gov.vn/moi"}, "ANH": {"Ảnh": "luc.png, do.png"}}
FOLLOWED = {("facebook", "LIENKET"), ("facebook", "ANH"), ("telegram", "ANH")}
#: Whether all pictures of a page are there.
LOADED = "() => [...document.images].every(one => one.complete && one.naturalWidth)"
#: So many points of a screenshot have a picture's colour, if the picture is on it.
MANY = 10_000
#: What limits take is no matter of this test: others count them.
SETTINGS = """
[zalo]
per_oa_per_second = 100
per_app_per_second = 1000

[telegram]
per_chat_per_second = 30
"""


@pytest.fixture
def noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon in Vietnam, whenever the test runs: followers of Zalo are written to by day only."""
    hours = 12 - datetime.now(UTC).hour
    place = tmp_path / "zones" / "Asia" / "Ho_Chi_Minh"
    place.parent.mkdir(parents=True)
    head = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)  # one kind of time, RFC 8536
    place.write_bytes(head + struct.pack(">lbb", hours * 3600, 0, 0) + b"+00\0")
    monkeypatch.setenv("PYTHONTZPATH", ":".join([str(tmp_path / "zones"), *zoneinfo.TZPATH]))
    with place.open("rb") as file:
        monkeypatch.setattr(offices, "OFFICE_ZONE", zoneinfo.ZoneInfo.from_file(file))


def rows(due: datetime, hour: str, changed: Mapping[str, Mapping[str, str]]) -> list[Row]:
    """Return the campaign as planned, in every language; `changed` are other cells of some kinds."""
    found = []
    for kind, (cells, _platforms) in KINDS.items():
        spoken = {**_texts(kind, hour), **cells, **changed.get(kind, {})}
        found.append(row(kind, due, "", **{"Đợt truyền thông": CAMPAIGN, **spoken}))
    return found


def _texts(kind: str, hour: str) -> dict[str, str]:
    return {COLUMNS[code]: f"{kind} {code.upper()} {words} {hour}" for code, words in WORDS.items()}


def lay_out(home: Path) -> None:
    """Put the pictures and films beside the workbook."""
    for name, colour in COLOURS.items():
        Image.new("RGB", (800, 600), colour).save(home / "calendars" / f"{name}.png")
    (home / "calendars" / "ngang.mp4").write_bytes(film(LYING))
    (home / "calendars" / "doc.mp4").write_bytes(film(UPRIGHT, seconds=30))


@pytest.mark.usefixtures("noon")
@in_time
def test_a_campaign_of_every_kind_goes_out_is_corrected_and_taken_back(home_of: RunOffice) -> None:
    """One command corrects all of it, one takes all of it back, and both say what a platform cannot undo."""
    channels = [one for name in offices.REMOTE_IDS for one in channels_of(name, 5, languages=LANGUAGES)]
    office = home_of(Office(channels, more_settings=SETTINGS))
    lay_out(office.home)
    office.start()
    office.order("zalo", "_work", replies=0)
    office.order("telegram", "_limits", enforced=False)
    due = office.soon(steps=5)
    posts = [f"{kind}-{due.astimezone(OFFICE_ZONE).year}" for kind in KINDS]
    office.save(*rows(due, "7:00", {}))
    approve(office, posts)
    office.before(due)
    until(lambda: ended(office) == {"published": DELIVERIES}, "all of it to be out")
    assert_out(office)
    look(office)

    first, read = places(office), office.log.count("calendars_read")
    office.save(*rows(due, "9:00", CHANGED))
    until(lambda: office.log.count("calendars_read") > read, "the calendar to be read")
    correct(office, posts)
    assert_corrected(office, first)
    take_back(office, posts)
    assert office.shown() == []


def correct(office: Running, posts: Sequence[str]) -> None:
    """Put the corrections of the whole campaign into review, and approve them."""
    said = office.told("correct", *ASKED, "--as", AUTHOR, "--reason", "sai giờ")
    assert said.count("không sửa tại chỗ được, đăng bài đính chính riêng trên 5 kênh") == len(FOLLOWED)
    assert said.count("sửa tại chỗ 5 lượt") == len(EVERYWHERE) - len(FOLLOWED)
    approve(office, [f"{post}-DC1" for post in posts])
    until(lambda: ended(office) == {"published": 2 * DELIVERIES}, "the corrections to be out")


def take_back(office: Running, posts: Sequence[str]) -> None:
    """Take the whole campaign back; people hear of each post what of it could not be undone."""
    office.told("retract", *ASKED, "--as", LEADER, "--reason", "hoãn ngày hội")
    until(lambda: ended(office) == {"retracted": 2 * DELIVERIES}, "all to be taken back")
    for post, (_cells, platforms) in zip(posts, KINDS.values(), strict=True):
        gone, notices = (0, 5) if post.startswith("GUI") else (5 * len(platforms), 0)
        head = f"Gỡ bài {post}: {gone} kênh đã gỡ hết, {notices} kênh chỉ thay được"
        told = next(part for part in office.bot_said(head).split("\n\n") if part.startswith(head))
        assert ("tin đã tới người quan tâm thì Zalo không cho thu hồi" in told) == bool(notices)


def approve(office: Running, posts: Iterable[str]) -> None:
    """Approve posts, each as soon as its card is there."""
    for post in posts:
        office.tap(office.card(post))
    for post in posts:
        office.becomes(post, "approved")


def ended(office: Running) -> Counter[str]:
    """Count where the deliveries stand."""
    return Counter(map(str, office.states().values()))


def kind_of(post: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return platform, kind and language of what is seen: its text says them."""
    found = KIND.search(f"{post['title']}\n{post['text']}")
    assert found is not None, post
    return post["platform"], found[1], found[2].lower()


def places(office: Running) -> dict[tuple[str, str, str], str]:
    """Return platform, kind and language -> the id of what is seen."""
    return {kind_of(post): post["remote_id"] for post in office.shown()}


def assert_out(office: Running) -> None:
    """Every kind stands once in every language on each of its platforms, with all that goes with it."""
    seen = Counter(map(kind_of, office.shown()))
    assert seen == {(platform, kind, code): 1 for platform, kind in EVERYWHERE for code in LANGUAGES}
    for post in office.shown():
        platform, kind, code = kind_of(post)
        assert (len(post["pictures"]), post["note"]) == SEEN.get((platform, kind), (0, "")), post
        commented = (platform, kind) == ("facebook", "CHU") and code in {"vi", "en"}
        assert post["comments"] == ([MORE] if commented else [])
        if (platform, kind) == ("facebook", "ANH"):
            assert post["alts"] == ["Đỏ", "Vàng", "", ""]
        if kind == "LIENKET":
            assert "https://gialai.gov.vn/" in (post["link"] or post["text"])


def assert_corrected(office: Running, first: Mapping[tuple[str, str, str], str]) -> None:
    """What can be edited is the same post; what cannot stays, and is followed by one that says so."""
    seen: dict[tuple[str, str, str], list[tuple[str, bool]]] = {}
    for post in office.shown():
        seen.setdefault(kind_of(post), []).append((post["remote_id"], "9:00" in post["text"]))
    assert seen.keys() == first.keys()
    for place, found in seen.items():
        kept = [corrected for remote_id, corrected in found if remote_id == first[place]]
        followed = [corrected for remote_id, corrected in found if remote_id != first[place]]
        assert (kept, followed) == (([False], [True]) if place[:2] in FOLLOWED else ([True], []))


def look(office: Running) -> None:
    """Let a browser show the page of the stand-ins, and see that every picture is on it."""
    if shutil.which("chromium") is None:
        return
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 6000})
        for platform in ALL:
            page.goto(f"{office.address}/?nen_tang={platform}")
            page.wait_for_function(LOADED)
            shot = page.screenshot(full_page=True, path=office.home / f"{platform}.png")
            assert page.locator("article").count() == sum(kind[0] == platform for kind in places(office))
            with Image.open(BytesIO(shot)) as seen:
                colours = {colour: count for count, colour in seen.convert("RGB").getcolors(2**24) or ()}
            assert all(colours.get(colour, 0) > MANY for colour in COLOURS.values())
