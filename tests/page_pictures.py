"""Make the pictures of the approval page that docs show: `python -m tests.page_pictures`."""

import io
import tempfile
from importlib.resources import files
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from content_queue.media import MediaStore
from content_queue.models import ComposedDelivery, ComposedPost, MediaRef, Payload
from content_queue.store.posts import find_post
from content_queue.store.revisions import keep_shown
from tests.bot.desk import LEADER
from tests.bot.page_house import PageHouse, page_house
from tests.browser import chromium, phone
from tests.canaries import CANARY_PIN
from tests.content_queue.world import a_post, a_world

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs/howto/anh"
POST = "B0001-2026"
FIRST = (
    "Chào mừng Ngày Nhà giáo Việt Nam 20/11\n\n"
    "Ủy ban nhân dân tỉnh gửi tới các thầy giáo, cô giáo lời tri ân và lời chúc sức khỏe, hạnh phúc."
)
THEN = FIRST.replace("lời chúc sức khỏe, hạnh phúc", "lời chúc sức khỏe, hạnh phúc, thành công")


def _post(text: str, picture: MediaRef) -> ComposedPost:
    """Return a greeting with a picture for two platforms."""
    written = a_post(text=text, campaign="Tri ân thầy cô")
    said = {"title": text.partition("\n")[0]}
    zalo = Payload("zalo", "vi", text, said, (picture,))
    facebook = Payload("facebook", "vi", text, {}, (picture,))
    channels = (
        ComposedDelivery("UBND tỉnh", "facebook", "vi", facebook),
        ComposedDelivery("Sở Văn hóa", "facebook", "vi", facebook),
        ComposedDelivery("Zalo An Hòa", "zalo", "vi", zalo),
    )
    return ComposedPost(written.post, channels)


def main() -> None:
    """Open the page as a leader does, and take its picture at each step."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        world = a_world(folder)
        source = folder / "hoa.png"
        source.write_bytes((files("bot.demo.pictures") / "nui-lua.png").read_bytes())
        picture = MediaStore(folder / "media").keep(source)
        others = [
            a_post("B0002", text="Lịch tiếp công dân tháng 12"),
            a_post("B0003", text="Cảnh báo mưa lớn"),
        ]
        world.plan(_post(FIRST, picture), *others)
        world.do(keep_shown, world.look(find_post, POST))
        world.plan(_post(THEN, picture), *others)
        with page_house(world, folder) as house, chromium() as browser, phone(browser) as page:
            _take(house, page)
        world.ledger.close()


def _take(house: PageHouse, page: Page) -> None:
    page.goto(house.link(LEADER))
    _shoot(page, "duyet-danh-sach")
    page.goto(house.link(LEADER, POST))
    _shoot(page, "duyet-bai", whole=True)
    page.get_by_label("Mã PIN của anh/chị").first.fill(CANARY_PIN)
    page.get_by_role("button", name="Duyệt bài này").click()
    _shoot(page, "duyet-xong")
    page.goto(f"{house.address}/tam-dung?ready=quốc tang")
    _shoot(page, "duyet-tam-dung", whole=True)


def _shoot(page: Page, name: str, *, whole: bool = False) -> None:
    """Take a picture in as few colours as it needs."""
    with Image.open(io.BytesIO(page.screenshot(full_page=whole))) as taken:
        small = taken.convert("RGB").quantize(96)
    small.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
