"""The approval page in a real browser: text stays text, keys suffice, and nobody is kept out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from content_queue.models import ComposedPost
from content_queue.store.posts import find_post
from content_queue.store.revisions import keep_shown
from tests.bot.desk import LEADER
from tests.bot.homes import home_with, loa
from tests.bot.page_house import PageHouse, page_house
from tests.browser import chromium, found_by_axe, phone
from tests.canaries import CANARY_PIN
from tests.content_queue.world import World, a_post

pytestmark = pytest.mark.needs("chromium")
#: In every field that an editor or a person fills; it would tell of itself by the page's title.
SCRIPT = '<script>document.title="XSS"</script><img src=x onerror=\'document.title="XSS"\'>"\'><b>'
POST = "B0001-2026"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with phone(browser) as opened:
        yield opened


@pytest.fixture
def house(world: World, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(world, tmp_path) as opened:
        yield opened


def wicked(text: str = "") -> ComposedPost:
    """Return a post whose every field is a script."""
    return a_post(
        text=f"{SCRIPT} {text}",
        title=SCRIPT,
        campaign=SCRIPT,
        author=SCRIPT,
        tags=(SCRIPT,),
        channels=(SCRIPT,),
    )


PATHS = ("/", f"/bai/{POST}", f"/bai/{POST}/go", "/tam-dung", "/danh-sach/hom-nay", "/danh-sach/bi-giu", "/x")


def test_a_script_in_every_field_is_words_on_every_page(world: World, house: PageHouse, page: Page) -> None:
    """Law: text of editors is data. The policy is the second wall: the first must hold alone."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if "violates" in message.text else None)
    world.plan(wicked())
    world.do(keep_shown, world.look(find_post, POST))
    world.plan(wicked("khác"))
    page.goto(house.link(LEADER, POST))
    page.get_by_text("Từ chối", exact=True).click()
    page.get_by_label("Lý do, để người soạn biết cách sửa").fill(SCRIPT)
    page.get_by_label("Mã PIN của anh/chị").nth(1).fill("135790")
    page.get_by_role("button", name="Từ chối bài này").click()
    assert SCRIPT in page.locator(".text").inner_text()
    assert SCRIPT in page.locator("textarea").first.input_value()

    for path in (*PATHS, f"/tam-dung?kind=tags&name={SCRIPT}&reason={SCRIPT}"):
        page.goto(f"{house.address}{path}")
        assert "XSS" not in page.title()
        assert page.locator("script").count() == 0
    assert errors == []


def test_a_script_in_every_field_is_words_in_a_preview(tmp_path: Path, page: Page) -> None:
    """A page that is sent around is opened by anybody."""
    said = {"code": "GV", "text.vi": f"{SCRIPT}\n\n{SCRIPT}", "title.vi": SCRIPT}
    home = home_with(tmp_path / "tinh", said)
    done = loa(home, "preview", "GV", "--html", str(tmp_path / "xem.html"))
    assert (done.exit_code, done.stderr) == (0, "")
    page.goto((tmp_path / "xem.html").as_uri())
    assert SCRIPT in page.locator(".text").first.inner_text()
    assert (page.locator("script").count(), page.title()) == (0, "GV-2026")
    assert found_by_axe(page) == []


def test_axe_can_find_something(page: Page) -> None:
    """A picture without words is grave."""
    page.set_content('<main><h1>Ảnh</h1><img src="data:,"></main>')
    found = [each.partition(":")[0] for each in found_by_axe(page)]
    assert sorted(found) == ["document-title", "html-has-lang", "image-alt"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_any_page(
    world: World, house: PageHouse, browser: Browser, scheme: str
) -> None:
    """WCAG 2.1 AA, in both colour schemes and both languages."""
    world.plan(a_post(), a_post("B0002"), a_post("B0003"))
    world.do(keep_shown, world.look(find_post, POST))
    world.plan(a_post(text="Chào mừng Ngày Nhà giáo 20/11"), a_post("B0002"), a_post("B0003"))
    with phone(browser, color_scheme=scheme) as page:
        page.goto(house.address)
        found = {"outside": found_by_axe(page)}
        page.goto(house.link(LEADER, POST))
        for path in (*PATHS, "/tam-dung?reason=bão", "/ngon-ngu/en", f"/bai/{POST}"):
            page.goto(f"{house.address}{path}")
            for more in page.locator("summary").all():
                more.click()
            found[path] = found_by_axe(page)
        assert {path: told for path, told in found.items() if told} == {}


def test_keys_alone_decide(world: World, house: PageHouse, page: Page) -> None:
    """Skip link, then the PIN, then Enter."""
    world.plan(a_post())
    page.goto(house.link(LEADER, POST))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Tới nội dung chính"
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.name") != "pin":
        page.keyboard.press("Tab")
    page.keyboard.type(CANARY_PIN)
    page.keyboard.press("Enter")
    assert page.get_by_role("status").inner_text().startswith(f"Đã duyệt bài {POST}")


def test_nothing_is_wider_than_a_phone(world: World, house: PageHouse, page: Page) -> None:
    """Long words break; lists of tabs scroll by themselves."""
    world.plan(a_post(text="https://vidu.example/" + "a" * 300, campaign="Đợt" * 60))
    page.goto(house.link(LEADER, POST))
    for path in PATHS:
        page.goto(f"{house.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_changed_is_shown_word_by_word(world: World, house: PageHouse, page: Page) -> None:
    """What went is struck through, what came is underlined: not by colour alone."""
    world.plan(a_post(text="Chào mừng Ngày Nhà giáo Việt Nam"))
    world.do(keep_shown, world.look(find_post, POST))
    world.plan(a_post(text="Chào mừng Ngày Thầy thuốc Việt Nam"))
    page.goto(house.link(LEADER, POST))
    changes = page.locator(".changes")
    assert changes.locator("del").all_inner_texts() == [" Nhà giáo"]
    assert changes.locator("ins").all_inner_texts() == [" Thầy thuốc"]
