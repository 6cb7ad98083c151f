"""The stand-ins' server and page."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from content_queue.texts import speaking
from publishers.standin import page
from publishers.standin.page import Word
from publishers.standin.server import STANDINS, build, standin_class
from publishers.standin.shown import Shown, Style
from tests.publishers.serving import serving

MORNING = datetime(2026, 11, 20, 0, 30, 0, 250_000, tzinfo=UTC)


def shown(**changes: object) -> Shown:
    """Return a post."""
    fields: dict[str, object] = {
        "platform": "telegram",
        "channel": "@gialai",
        "remote_id": "1",
        "at": MORNING,
        "text": "Tin",
    }
    return Shown(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def base_url(tmp_path: Path) -> Iterator[str]:
    with serving(build(tmp_path, now=lambda: MORNING)) as url:
        yield url


def _bot(base_url: str, method: str, **fields: object) -> httpx.Response:
    url = f"{base_url}/telegram/bot123456:rehearsal-bot/{method}"
    return httpx.post(url, json=fields, trust_env=False).raise_for_status()


def test_every_platform_has_a_stand_in() -> None:
    """The table names what can be imported."""
    assert {platform: standin_class(platform).__name__ for platform in STANDINS} == {
        platform: path.partition(":")[2] for platform, path in STANDINS.items()
    }


def test_the_page_shows_a_post_as_it_is_and_never_as_markup(base_url: str) -> None:
    """Editors' text is data, here too."""
    _bot(
        base_url,
        "sendMessage",
        chat_id="@gialai",
        text="Mời <b>bà con</b> & xem https://a.vn/x?y=1&z=2. #GiaLai",
    )
    html = httpx.get(base_url, trust_env=False).text
    assert "Mời &lt;b&gt;bà con&lt;/b&gt; &amp; xem" in html
    assert 'href="https://a.vn/x?y=1&amp;z=2"' in html
    assert "07:30:00 · 20/11/2026" in html
    assert "<script" not in html


def test_the_page_lets_a_person_tap(base_url: str) -> None:
    """A plain form, which leads back to the page."""
    keyboard = {"inline_keyboard": [[{"text": "Duyệt", "callback_data": "1:d:7"}]]}
    _bot(base_url, "sendMessage", chat_id=70001, text="Bài", reply_markup=keyboard)
    html = httpx.get(f"{base_url}/?nguoi=1", trust_env=False).text
    assert 'action="/telegram/_people/tap"' in html
    form = {"chat_id": "70001", "message_id": "1", "data": "1:d:7"}
    url = f"{base_url}/telegram/_people/tap"
    answer = httpx.post(url, data=form, headers={"Accept": "text/html"}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?nguoi=1")
    [update] = _bot(base_url, "getUpdates").json()["result"]
    assert update["callback_query"]["data"] == "1:d:7"


def test_what_is_shown_is_told_as_json(base_url: str) -> None:
    """With the time of arrival, for tests and the demo."""
    _bot(base_url, "sendMessage", chat_id="@gialai", text="Tin")
    [post] = httpx.get(f"{base_url}/_shown.json", trust_env=False).json()
    assert (post["platform"], post["channel"], post["text"]) == ("telegram", "@gialai", "Tin")
    assert datetime.fromisoformat(post["at"]) == MORNING


def test_pages_turn_and_filter() -> None:
    """Newest first, so many on a page, one network at a time."""
    posts = [shown(remote_id=str(n)) for n in range(page.PAGE + 5)] + [shown(platform="zalo")]
    everything = page.view(posts, [], {})
    assert [(tab["name"], tab["count"]) for tab in everything["tabs"]] == [
        ("Tất cả", "66"),
        ("Facebook", "0"),
        ("Zalo", "1"),
        ("Telegram", "65"),
    ]
    last = page.view(posts, [], {"nen_tang": "telegram", "trang": "1"})
    assert (len(last["cards"]), last["newer"], last["older"]) == (5, 0, None)
    assert (len(everything["cards"]), everything["newer"], everything["older"]) == (page.PAGE, None, 1)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Tin", [Word("Tin")]),
        ("Xem https://a.vn/x.", [Word("Xem "), Word("https://a.vn/x", "https://a.vn/x"), Word(".")]),
        ("#GiaLai #Tết", [Word("#GiaLai", tag=True), Word(" "), Word("#Tết", tag=True)]),
        ("a#b javascript:alert(1)", [Word("a#b javascript:alert(1)")]),
    ],
)
def test_only_links_and_hashtags_are_marked(text: str, pieces: list[Word]) -> None:
    """Everything else stays text; only http addresses become links."""
    assert list(page.pieces(text)) == pieces


def test_styles_are_shown_where_they_are() -> None:
    """Bold, slanted, linked, over each other; hashtags inside too, and none of the title."""
    styles = (Style("bold", 4, 9), Style("italic", 6, 9), Style("text_link", 10, 12, "https://a.vn"))
    seen = page.words_of(shown(title="Tin", text="Tin ab #c de", styles=styles))
    assert list(seen) == [
        Word("ab", bold=True),
        Word(" ", bold=True, italic=True),
        Word("#c", tag=True, bold=True, italic=True),
        Word(" "),
        Word("de", link="https://a.vn"),
    ]


def test_a_card_counts_as_vietnamese_do() -> None:
    """Points between thousands; numbers that readers do not see are left out."""
    card = page.card(shown(reach={"views": 12_345, "subscribers": 7, "secret": 1}))
    assert card.reach == "12.345 lượt xem · 7 người theo dõi"


def test_a_card_has_four_pictures_and_says_how_many_more() -> None:
    """As networks do."""
    card = page.card(shown(pictures=tuple("abcdef"), alts=("Chợ", "")))
    assert (card.pictures, card.more) == ((("a", "Chợ"), ("b", ""), ("c", ""), ("d", "")), 2)


def test_what_stands_under_a_post_stands_under_its_card() -> None:
    """With its links, and with what the network calls such a post."""
    card = page.card(shown(comments=("Xem https://a.vn",), note="reel"))
    assert card.comments == ((Word("Xem "), Word("https://a.vn", link="https://a.vn")),)
    assert card.note == "Reel"


def test_the_page_has_all_its_words() -> None:
    """In both languages of the interface."""
    with speaking("en"):
        assert all(page.words().values())


def test_it_starts_tells_where_it_is_and_ends(tmp_path: Path) -> None:
    """A daemon finds it again by its file; SIGTERM ends it, and it says nothing."""
    command = [sys.executable, "-m", "publishers.standin", "--home", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        while not (tmp_path / "standin.json").exists():
            assert child.poll() is None
            time.sleep(0.01)
        told = json.loads((tmp_path / "standin.json").read_text(encoding="utf-8"))
        assert told["pid"] == child.pid
        assert _bot(f"http://127.0.0.1:{told['port']}", "getMe").json()["ok"]
        os.kill(told["pid"], signal.SIGTERM)
        assert child.communicate(timeout=20) == (b"", b"")
