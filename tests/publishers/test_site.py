"""The office's own pages."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from content_queue.models import Attempt, Channel, MediaRef, Payload, Variant
from content_queue.outcomes import Absent, ChannelClosedError, Found, NotSentError, RefusedError, Staged
from content_queue.ports import Publisher
from publishers.options import SiteOptions
from publishers.site import SitePublisher
from publishers.site.press import day_words
from publishers.site.shelf import page_name, posts
from publishers.standin.journal import Journal
from publishers.standin.server import Standin
from publishers.standin.shown import Shown
from tests.publishers.contract import PNG, Album, House, PublisherContract, go_out, put_right, stage

ATOM = "{http://www.w3.org/2005/Atom}"
OPTIONS = SiteOptions(base_url="https://tin.gialai.example/")


class Reader:
    """A reader of the pages, in the place of a stand-in."""

    def __init__(self, journal: Journal | None = None, now: object = None, *, folder: Path = Path()) -> None:
        self.folder = folder

    def routes(self) -> list[Any]:
        return []

    def counted(self) -> dict[str, dict[str, Any]]:
        return {}

    def shown(self) -> list[Shown]:
        return [
            Shown("site", post.channel, post.page, post.at, post.payload.text)
            for folder in self.folder.glob("*")
            for post in posts(self.folder, folder.name)
        ]


class Page(HTMLParser):
    """What a page holds: language, text, and where its links and pictures lead."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.lang, self.text, self.leads = "", "", list[str]()
        self.tags = set[str]()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.lang = self.lang or str(told.get("lang", ""))
        self.leads += [str(told[name]) for name in ("href", "src") if name in told]

    def handle_data(self, data: str) -> None:
        self.text += data


class TestSite(PublisherContract):
    platform = token = wrong_token = "site-khong-co-khoa"
    reading_calls = figures_calls = 0

    def make(self, base_url: str, house: House) -> Publisher:
        return SitePublisher(options=OPTIONS, home=Path(base_url), media=house.media)

    @pytest.fixture
    def transport(self) -> str:
        """Files take no transport: once is enough."""
        return "httpx"

    @pytest.fixture
    def standins(self, tmp_path: Path) -> tuple[str, Standin]:
        """Files need no server: the address is the home folder."""
        return str(tmp_path), Reader(folder=tmp_path / "site")

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("Tin Sở Y tế", "so-y-te", "site", "so-y-te")

    @pytest.fixture
    def variant(self) -> Variant:
        text = "Tiêm chủng tháng 12\n\nSáng: 7 giờ 30\nChiều: 13 giờ 30"
        link = "https://gialai.example/tiem-chung"
        return Variant("vi", text, link=link, hashtags=("#GiaLai",), author="Sở Y tế tỉnh Gia Lai")

    # without a network and an account these laws have no case here; a page may be as long as one likes
    test_too_long_text_is_refused = None  # type: ignore[assignment]
    test_a_refused_connection_is_not_sent = None  # type: ignore[assignment]
    test_no_trustworthy_answer_is_unknown = None  # type: ignore[assignment]
    test_a_throttled_request_is_not_sent = None  # type: ignore[assignment]
    test_a_wrong_token_closes_the_channel = None  # type: ignore[assignment]
    test_a_missing_secret_closes_the_channel = None  # type: ignore[assignment]
    test_a_channel_with_a_wrong_token_is_told = None  # type: ignore[assignment]
    test_checking_without_a_network_says_so = None  # type: ignore[assignment]
    test_without_a_network_nothing_is_taken_back_or_corrected = None  # type: ignore[assignment]
    test_a_wrong_token_takes_nothing_back = None  # type: ignore[assignment]

    async def test_numbers_name_their_source(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Files count no readers, and numbers are not invented."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        assert list(await publisher.measure(channel, receipt)) == []


@pytest.fixture
def album() -> Album:
    return Album()


@pytest.fixture
def site(tmp_path: Path, album: Album) -> SitePublisher:
    return SitePublisher(options=OPTIONS, home=tmp_path, media=album)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CHANNEL = Channel("Tin Sở Y tế", "so-y-te", "site", "so-y-te")
VARIANT = Variant("vi", "Tiêm chủng\nTại trạm y tế.", author="Sở Y tế")


def page_of(folder: Path, name: str, channel: str = "so-y-te") -> Page:
    return Page(folder / channel / f"{name}.html")


def feed_of(folder: Path, channel: str = "so-y-te") -> ET.Element:
    return ET.fromstring((folder / channel / "feed.xml").read_bytes())  # noqa: S314 - our own feed


def leads_of(folder: Path) -> tuple[int, list[str]]:
    """Return how many pages there are, and what leads to no file."""
    pages = list(folder.rglob("*.html"))
    leads = [(path, lead) for path in pages for lead in Page(path).leads]
    return len(pages), [f"{path}: {lead}" for path, lead in leads if not (path.parent / lead).is_file()]


async def test_the_text_is_heading_paragraphs_link_and_hashtags(site: SitePublisher) -> None:
    """The first line is the heading, and nothing is said twice."""
    variant = replace(VARIANT, text="Một\nHai\n\nBa #A", link="https://a.vn/x", hashtags=("#A", "#B"))
    assert site.render(CHANNEL, variant).text == "Một\n\nHai\n\nBa #A\n\nhttps://a.vn/x\n\n#B"
    titled = site.render(CHANNEL, replace(variant, title="Đề mục"))
    assert (titled.fields["heading"], titled.fields["paragraphs"]) == ("Đề mục", ["Một\nHai", "Ba #A"])


async def test_what_a_reader_reads_is_on_the_page(site: SitePublisher, folder: Path) -> None:
    """Every part of the approved text stands there, in the language it is in."""
    payload = site.render(CHANNEL, replace(VARIANT, locale="en", text="Vaccination\nAt the station."))
    page = page_of(folder, (await go_out(site, CHANNEL, payload)).remote_id)
    assert page.lang == "en"
    assert all(part in page.text for part in payload.text.split("\n\n"))


async def test_pictures_of_a_page_taken_back_go_along(
    site: SitePublisher, folder: Path, album: Album
) -> None:
    """Nothing of it can be opened any more but what another page shows too; the feed stays readable."""
    shared, own = album.keep(PNG), album.keep(PNG + b"2")
    first = await go_out(site, CHANNEL, site.render(CHANNEL, replace(VARIANT, media=(shared, own))))
    await go_out(site, CHANNEL, site.render(CHANNEL, replace(VARIANT, text="Khác", media=(shared,))))
    await site.retract(CHANNEL, first)
    assert sorted(path.name for path in (folder / "pictures").iterdir()) == [f"{shared.sha256}.png"]
    assert [entry.findtext(f"{ATOM}title") for entry in feed_of(folder).iter(f"{ATOM}entry")] == ["Khác"]
    assert leads_of(folder)[1] == []


async def test_a_channel_may_be_empty_again(site: SitePublisher, folder: Path) -> None:
    """Its only page was taken back: index and feed say so."""
    receipt = await go_out(site, CHANNEL, site.render(CHANNEL, VARIANT))
    await site.retract(CHANNEL, receipt)
    assert list(feed_of(folder).iter(f"{ATOM}entry")) == []
    assert leads_of(folder) == (2, [])


async def test_a_corrected_page_keeps_address_and_date(site: SitePublisher, folder: Path) -> None:
    """Links to it stay good; feeds tell that it changed, once."""
    receipt = await go_out(site, CHANNEL, site.render(CHANNEL, VARIANT))
    corrected = site.render(CHANNEL, replace(VARIANT, text="Tiêm chủng\nTại nhà văn hóa."))
    assert await put_right(site, CHANNEL, receipt, corrected) == receipt
    [post] = posts(folder, "so-y-te")
    assert post.page == receipt.remote_id
    assert (post.payload, post.changed > post.at) == (corrected, True)
    await put_right(site, CHANNEL, receipt, corrected)
    assert posts(folder, "so-y-te") == [post]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }} {% raw %}",
        "javascript:alert(1)",
    ],
)
async def test_text_is_data_on_every_page(site: SitePublisher, folder: Path, evil: str) -> None:
    """Neither HTML nor a template, nor a link to a script: shown letter by letter."""
    variant = replace(VARIANT, text=f"{evil}\n{evil}", title="", author=evil, hashtags=(evil,))
    receipt = await go_out(site, CHANNEL, site.render(CHANNEL, variant))
    pages = [page_of(folder, receipt.remote_id), page_of(folder, "index"), Page(folder / "index.html")]
    for page in pages:
        assert evil in page.text
        assert page.tags.isdisjoint({"script", "img"})
        assert not any(lead.startswith("javascript") for lead in page.leads)
    assert feed_of(folder).findtext(f"{ATOM}entry/{ATOM}title") == evil


async def test_letters_that_xml_cannot_hold_are_left_out(site: SitePublisher, folder: Path) -> None:
    """One stray control character of a spreadsheet would make the whole feed unreadable."""
    payload = site.render(CHANNEL, replace(VARIANT, text="Tin\x00 mới\x07\nNội\x1f dung"))
    await go_out(site, CHANNEL, payload)
    assert payload.text == "Tin mới\n\nNội dung"
    assert feed_of(folder).findtext(f"{ATOM}entry/{ATOM}title") == "Tin mới"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "gialai.gov.vn"])
def test_a_link_that_is_no_web_address_is_refused(site: SitePublisher, link: str) -> None:
    """Before approval, with the way to write it."""
    with pytest.raises(RefusedError, match="https://"):
        site.render(CHANNEL, replace(VARIANT, link=link))


async def test_every_link_within_the_site_leads_somewhere(
    site: SitePublisher, folder: Path, album: Album
) -> None:
    """It works from a folder as well as from a server."""
    variant = replace(VARIANT, media=(album.keep(PNG),))
    await go_out(site, CHANNEL, site.render(CHANNEL, variant))
    pages, dangling = leads_of(folder)
    assert (pages, dangling) == (3, [])


async def test_pictures_are_copied_as_they_were_approved(
    site: SitePublisher, folder: Path, album: Album
) -> None:
    """One with a public address stays where it is."""
    own = album.keep(PNG)
    far = MediaRef("", "", "xa.jpg", 0, url="https://a.vn/xa.jpg")
    payload = site.render(CHANNEL, replace(VARIANT, media=(own, far)))
    page = page_of(folder, (await go_out(site, CHANNEL, payload)).remote_id)
    assert (folder / "pictures" / f"{own.sha256}.png").read_bytes() == PNG
    assert [lead for lead in page.leads if "pictures" in lead or "xa" in lead] == [
        f"../pictures/{own.sha256}.png",
        "https://a.vn/xa.jpg",
    ]


def test_a_picture_that_browsers_do_not_show_is_refused(site: SitePublisher) -> None:
    """Before approval."""
    with pytest.raises(RefusedError, match=r"anh\.tiff"):
        site.render(CHANNEL, replace(VARIANT, media=(MediaRef("a" * 64, "image/tiff", "anh.tiff", 1),)))


async def test_the_same_post_twice_is_one_page(site: SitePublisher, folder: Path) -> None:
    """Publishing again what is there changes nothing, not even its time."""
    payload = site.render(CHANNEL, VARIANT)
    staged = await stage(site, CHANNEL, payload)
    first = await site.publish(CHANNEL, payload, staged)
    before = posts(folder, "so-y-te")
    assert await site.publish(CHANNEL, payload, staged) == first
    assert posts(folder, "so-y-te") == before


async def test_finding_is_exact(site: SitePublisher) -> None:
    """Absent before, found after; the receipt is the same."""
    payload = site.render(CHANNEL, VARIANT)
    staged = await stage(site, CHANNEL, payload)
    attempt = Attempt(1, 1, payload, staged.data, datetime.now(UTC))
    assert await site.find(CHANNEL, attempt) == Absent()
    receipt = await site.publish(CHANNEL, payload, staged)
    assert await site.find(CHANNEL, attempt) == Found(receipt)  # type: ignore[arg-type]


async def test_last_years_words_are_another_page(site: SitePublisher, folder: Path) -> None:
    """A greeting that is the same each year appears each year."""
    payload = site.render(CHANNEL, VARIANT)
    await site.publish(
        CHANNEL, payload, Staged({"page": page_name(payload, datetime(2025, 11, 20, tzinfo=UTC))})
    )
    await go_out(site, CHANNEL, payload)
    assert len(posts(folder, "so-y-te")) == 2


@pytest.mark.parametrize(
    "lost", ["index.html", "so-y-te/index.html", "so-y-te/feed.xml", "so-y-te/channel.json"]
)
async def test_what_a_crash_left_unwritten_heals(site: SitePublisher, folder: Path, lost: str) -> None:
    """Indexes and feeds are made from the posts, so the next post mends them."""
    first = await go_out(site, CHANNEL, site.render(CHANNEL, VARIANT))
    (folder / lost).unlink()
    page_of_first = folder / "so-y-te" / f"{first.remote_id}.html"
    page_of_first.unlink()
    await go_out(site, CHANNEL, site.render(CHANNEL, replace(VARIANT, text="Tin sau\nNữa.")))
    assert page_of_first.is_file()
    healed = (folder / lost).read_text(encoding="utf-8")
    assert ("Tiêm chủng" in healed, "Tin sau" in healed) == (True, True)


async def test_a_page_without_its_post_was_not_published(
    site: SitePublisher, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk between the two: nothing lists the page, and doing it again is safe."""
    payload = site.render(CHANNEL, VARIANT)
    staged = await stage(site, CHANNEL, payload)
    (folder / "so-y-te" / f"{staged.data['page']}.json").mkdir(parents=True)
    with pytest.raises(NotSentError, match="Hãy kiểm tra ổ đĩa và quyền ghi"):
        await site.publish(CHANNEL, payload, staged)
    assert await site.find(CHANNEL, Attempt(1, 1, payload, staged.data, datetime.now(UTC))) == Absent()


async def test_the_newest_come_first_and_each_channel_has_its_own(site: SitePublisher, folder: Path) -> None:
    """The overall index shows all channels, a channel's index its own posts only."""
    other = replace(CHANNEL, name="Tin phường Quy Nhơn", remote_id="quy-nhon")
    for number, channel in enumerate((CHANNEL, other, CHANNEL)):
        await go_out(
            site, channel, site.render(channel, replace(VARIANT, text=f"Tin số {number}\nNội dung."))
        )
    front, own = Page(folder / "index.html").text, page_of(folder, "index").text
    assert [front.index(f"Tin số {number}") for number in (2, 1, 0)] == sorted(
        front.index(f"Tin số {number}") for number in range(3)
    )
    assert ("Tin số 1" in own, "Tin phường Quy Nhơn" in own) == (False, False)
    assert "Tin phường Quy Nhơn" in front


async def test_a_feed_says_all_that_atom_asks_for(site: SitePublisher, folder: Path) -> None:
    """RFC 4287: id, title and updated of feed and entry, an author, absolute addresses."""
    receipt = await go_out(site, CHANNEL, site.render(CHANNEL, VARIANT))
    feed = feed_of(folder)
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    for part in (feed, entry):
        assert all(part.findtext(ATOM + name) for name in ("id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Tin Sở Y tế"
    assert entry.findtext(f"{ATOM}content") == "Tiêm chủng\n\nTại trạm y tế."
    assert entry.findtext(f"{ATOM}id") == receipt.link
    assert receipt.link == f"https://tin.gialai.example/so-y-te/{receipt.remote_id}.html"


@pytest.mark.parametrize("remote_id", ["", "..", "../etc", "a/b", "Sở", "pictures", ".an", "a b"])
async def test_a_channel_cannot_write_outside_its_folder(site: SitePublisher, remote_id: str) -> None:
    """Told with an example of a good name."""
    channel = replace(CHANNEL, remote_id=remote_id)
    payload = site.render(channel, VARIANT)
    with pytest.raises(ChannelClosedError, match="so-y-te"):
        await site.stage(channel, payload, {})
    with pytest.raises(ChannelClosedError):
        await site.publish(channel, payload, Staged({"page": "x"}))
    assert not (await site.check(channel)).ok


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, album: Album) -> None:
    """Nothing went out, and checking says so beforehand."""
    (tmp_path / "site").write_text("a file in the way", encoding="utf-8")
    site = SitePublisher(options=OPTIONS, home=tmp_path, media=album)
    health = await site.check(CHANNEL)
    assert (health.ok, len(health.problems)) == (False, 1)
    with pytest.raises(NotSentError):
        await go_out(site, CHANNEL, site.render(CHANNEL, VARIANT))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("vi", "Thứ Bảy, 21/11/2026, 07:30"),
        ("en", "Saturday, 21 November 2026, 07:30"),
        ("ja", "土曜日, 2026年11月21日, 07:30"),
        ("jra", "Thứ Bảy, 21/11/2026, 07:30"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(locale: str, words: str) -> None:
    """In local time; a language without forms gets the Vietnamese one."""
    assert day_words(datetime(2026, 11, 21, 0, 30, tzinfo=UTC), locale) == words


def test_a_page_is_named_by_local_day_and_content() -> None:
    """Half past six in the evening UTC is the next day here."""
    payload = Payload("site", "vi", "Tin")
    evening = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert page_name(payload, evening) == f"2026-11-21-{payload.sha256()[:12]}"
    assert page_name(payload, evening + timedelta(days=1)) != page_name(payload, evening)


# --- rich text, videos, documents ----------------------------------------------------------------------


async def html_of(site: SitePublisher, folder: Path, variant: Variant) -> str:
    receipt = await go_out(site, CHANNEL, site.render(CHANNEL, variant))
    return (folder / "so-y-te" / f"{receipt.remote_id}.html").read_text("utf-8")


async def test_rich_text_is_html_of_its_own_and_nothing_else_is(site: SitePublisher, folder: Path) -> None:
    """Bold, slanted, linked, lists; what editors wrote inside of them is still data."""
    below = "[trạm & xã](https://a.vn/x?a=1&b=2)\n- một\n- **hai**\n3. ba"
    text = f"Tiêm chủng\n**Mời <i>bà con</i>** _đến_\n{below}"
    html = await html_of(site, folder, replace(VARIANT, text=text, title=""))
    assert "<h1>Tiêm chủng</h1>" in html
    assert "<strong>Mời &lt;i&gt;bà con&lt;/i&gt;</strong> <em>đến</em><br>" in html
    assert '<a href="https://a.vn/x?a=1&amp;b=2" rel="noopener">trạm &amp; xã</a></p>' in html
    assert "<ul>\n<li>một</li>\n<li><strong>hai</strong></li>\n</ul>" in html
    assert '<ol start="3">\n<li>ba</li>\n</ol>' in html


async def test_a_title_that_the_text_begins_with_stands_once(site: SitePublisher, folder: Path) -> None:
    """In rich texts too."""
    html = await html_of(
        site, folder, replace(VARIANT, title="Tiêm chủng", text="**Tiêm chủng**\n\nTại _trạm_.")
    )
    assert html.split("<article>")[1].count("Tiêm chủng") == 1


def test_a_plain_text_is_the_payload_of_older_versions(site: SitePublisher) -> None:
    """Law 1: an upgrade changes no approved hash."""
    payload = site.render(CHANNEL, replace(VARIANT, text="Một\n\nHai", title=""))
    assert sorted(payload.fields) == ["author", "hashtags", "heading", "link", "paragraphs"]


async def test_videos_play_and_documents_open(site: SitePublisher, folder: Path, album: Album) -> None:
    """Under their own type and name."""
    film = replace(album.keep(b"film", "lễ hội.mp4"), mime="video/mp4", width=270, height=480)
    paper = replace(album.keep(b"van ban", "báo cáo.docx"), mime=DOCX)
    html = await html_of(site, folder, replace(VARIANT, media=(film, paper)))
    assert f'<video src="../pictures/{film.sha256}.mp4" width="270" height="480" controls' in html
    assert f'<a href="../pictures/{paper.sha256}.docx" download="báo cáo.docx">báo cáo.docx</a>' in html
    kept = {path.name: path.read_bytes() for path in (folder / "pictures").iterdir()}
    assert kept == {f"{film.sha256}.mp4": b"film", f"{paper.sha256}.docx": b"van ban"}


def test_a_broadcast_is_no_page(site: SitePublisher) -> None:
    """It is told which channels such an entry is for."""
    with pytest.raises(RefusedError, match="Zalo"):
        site.render(CHANNEL, replace(VARIANT, form="broadcast"))
