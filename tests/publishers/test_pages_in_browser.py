"""The site and the stand-ins' page in a real browser: text of editors stays text, and nobody is kept out."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from content_queue.models import Channel, Variant
from publishers.options import SiteOptions
from publishers.site import SitePublisher
from publishers.standin.page import routes
from publishers.standin.shown import Shown
from tests.browser import chromium, found_by_axe, phone
from tests.publishers.contract import Album, go_out
from tests.publishers.serving import serving

pytestmark = pytest.mark.needs("chromium")
SCRIPT = '<script>document.title="XSS"</script><img src=x onerror=\'document.title="XSS"\'>"\'><b>'
#: The stand-ins' page loads itself anew, for it is there to be watched; nobody types a long text into it.
WATCHED = frozenset({"meta-refresh"})
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with phone(browser) as opened:
        yield opened


def looks_harmless(page: Page, *, says: str) -> None:
    """See that a text is there letter by letter, and that nothing of it ran."""
    assert says in page.locator("body").inner_text()
    assert "XSS" not in page.title().replace(SCRIPT, "")
    assert page.locator("script, b:text-is('')").count() == 0
    assert page.evaluate("document.title") == page.title()


async def _print_site(folder: Path) -> None:
    publisher = SitePublisher(options=SiteOptions(title=SCRIPT), home=folder, media=Album())
    for name in ("Sở Y tế", SCRIPT):
        channel = Channel(name, "so-y-te", "site", f"kenh-{len(name)}")
        variant = Variant("vi", f"{SCRIPT}\n\n{SCRIPT}", SCRIPT, hashtags=(SCRIPT,), author=SCRIPT)
        await go_out(publisher, channel, publisher.render(channel, variant))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose every field is a script."""
    with ThreadPoolExecutor(1) as beside:  # Playwright has the loop of this thread
        beside.submit(asyncio.run, _print_site(tmp_path)).result()
    return tmp_path / "site"


@pytest.fixture
def site_url(site: Path) -> Iterator[str]:
    with serving(Starlette(routes=[Mount("/", StaticFiles(directory=site, html=True))])) as url:
        yield url


def test_a_script_in_every_field_is_words_on_the_site(site: Path, site_url: str, page: Page) -> None:
    """On the front page, a channel's, and a post's; and axe-core finds nothing grave there."""
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(paths) == 5
    for path in paths:
        page.goto(f"{site_url}/{path}")
        looks_harmless(page, says=SCRIPT)
        assert found_by_axe(page) == []


def _talk() -> list[dict[str, object]]:
    message = {"message_id": 1, "text": SCRIPT, "at": NOW.isoformat(), "picture": ""}
    button = {"text": SCRIPT, "callback_data": SCRIPT}
    asked = {**message, "from_bot": True, "buttons": [[button]]}
    said = {**message, "from_bot": False, "buttons": []}
    return [{"chat_id": 1, "messages": [said, asked], "toasts": [{"text": SCRIPT}]}]


@pytest.fixture
def standins() -> Iterator[str]:
    posts = [
        Shown(platform, SCRIPT, SCRIPT, NOW, SCRIPT, SCRIPT, documents=((SCRIPT, "/x"),), reach={"likes": 3})
        for platform in ("facebook", "zalo", "telegram")
    ]
    with serving(Starlette(routes=routes(lambda: posts, _talk))) as url:
        yield url


@pytest.mark.parametrize(
    "path", ["/", "/?nen_tang=facebook", "/?nen_tang=zalo", "/?nen_tang=telegram", "/?nguoi=1"]
)
def test_a_script_in_every_field_is_words_on_the_stand_ins_page(standins: str, page: Page, path: str) -> None:
    """What is rehearsed is looked at in a browser, too."""
    page.goto(f"{standins}{path}")
    looks_harmless(page, says=SCRIPT)
    assert found_by_axe(page, besides=WATCHED) == []
