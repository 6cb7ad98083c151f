"""Make the pictures of the approver's guide from the stand-in's chats: `python -m tests.phone_pictures`."""

import asyncio
import io
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

from content_queue.media import MediaStore
from content_queue.models import ComposedPost, MediaRef
from publishers.standin.server import build
from tests.bot.conversation import Office, an_office
from tests.bot.desk import LEADER
from tests.browser import PHONE
from tests.content_queue.world import NOW, World, a_post, a_world
from tests.publishers.serving import serving

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs/howto/anh"
DEMO = ROOT / "bot/demo/pictures"
WHO = LEADER.telegram_id or 0
#: The talk reads downwards, as on a phone, and nothing of the stand-in's page is around it.
AS_A_PHONE = """
header, .chat > h2, .chat > form, .chat > .toast { display: none !important }
body, main.chats { background: none; padding: 0 !important; margin: 0 !important }
.chat { display: flex; flex-direction: column-reverse; border-radius: 0; padding: 6px 0 }
.chat > article:not(.seen) { display: none }
"""
#: Leaves so many messages of one person, from the newest but `first` on.
CHOSEN = """([who, first, count]) => {
    for (const chat of document.querySelectorAll(".chat")) {
        if (chat.querySelector("h2 small").textContent !== String(who)) { chat.remove(); continue }
        const chosen = [...chat.querySelectorAll("article")].slice(first, first + count)
        chosen.forEach(each => each.classList.add("seen"))
    }
}"""
CHANNELS = ("Cổng thông tin tỉnh", "Văn hóa Gia Lai")
MORNING = NOW + timedelta(hours=25)
GREETING = (
    "Chào mừng Ngày hội Văn hóa cồng chiêng\n\n"
    "Kính mời bà con và du khách đến Quảng trường Đại Đoàn Kết lúc 19 giờ tối thứ Bảy."
)
WARNING = "Cảnh báo mưa lớn từ chiều nay. Bà con ven sông Ba xin di chuyển đến nơi an toàn."
EXAM = "Lịch tiếp công dân tháng 12 của UBND tỉnh"


def _posts(picture: MediaRef, text: str) -> list[ComposedPost]:
    greeting = a_post("LH", channels=CHANNELS, due=MORNING, text=text, tags=("lễ hội",))
    shown = tuple(
        replace(each, payload=replace(each.payload, media=(picture,)))
        for each in greeting.deliveries
        if each.payload is not None
    )
    return [
        replace(greeting, deliveries=shown),
        a_post("TCD", channels=CHANNELS[:1], due=MORNING + timedelta(hours=1), text=EXAM),
        a_post(
            "LU", channels=CHANNELS[:1], due=MORNING + timedelta(hours=2), text=WARNING, tags=("cảnh báo",)
        ),
    ]


Shoot = Callable[[str, int, int], Awaitable[None]]


async def _day(office: Office, shoot: Shoot, folder: Path) -> None:
    """Live one day of a leader, and take a picture at each step: its name, and which messages it shows."""
    store = MediaStore(folder / "media")
    office.bot.lend(store)
    picture, world = store.keep(DEMO / "cong-chieng.png"), office.world
    world.plan(_posts(picture, GREETING)[0])
    await office.bot.tick()
    await shoot("nguoi-duyet-the", 0, 2)
    world.plan(*_posts(picture, GREETING.replace("19 giờ", "19 giờ 30")))
    await office.bot.tick()
    await shoot("nguoi-duyet-doi", 2, 1)
    await office.tap(WHO, "Duyệt", card=0)
    await shoot("nguoi-duyet-xong", 2, 1)
    world.clock.at = NOW + timedelta(hours=9)
    await office.bot.remind()
    await office.tap(WHO, "Duyệt hết…")
    await shoot("nguoi-duyet-ngay-mai", 0, 2)
    await office.tap(WHO, "Duyệt 2 bài trên")
    await office.say(WHO, "/tam_dung")
    await office.tap(WHO, "Quốc tang")
    await shoot("nguoi-duyet-tam-dung", 0, 2)


async def main() -> None:
    """Start a stand-in, a bot and a browser, and live the day."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        world = a_world(folder)
        with serving(build(folder, now=world.clock.now, platforms=["telegram"])) as url:
            await _with_browser(world, url, folder)
        world.ledger.close()


async def _with_browser(world: World, url: str, folder: Path) -> None:
    async with async_playwright() as playwright, an_office(world, f"{url}/telegram") as office:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        context = await browser.new_context(viewport=PHONE, device_scale_factor=2, locale="vi-VN")
        page = await context.new_page()

        async def shoot(name: str, first: int, count: int) -> None:
            await page.goto(f"{url}/?nguoi=1")
            await _shoot(page, name, first, count)

        await _day(office, shoot, folder)
        await browser.close()


async def _shoot(page: Page, name: str, first: int, count: int) -> None:
    """Take a picture of so many messages, the newest is number 0, in as few colours as it needs."""
    await page.add_style_tag(content=AS_A_PHONE)
    await page.evaluate(CHOSEN, [WHO, first, count])
    taken = await page.locator(".chat").screenshot()
    with Image.open(io.BytesIO(taken)) as whole:
        small = whole.convert("RGB").quantize(96)
    small.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    asyncio.run(main())
