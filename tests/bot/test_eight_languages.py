"""One commemoration in eight languages, as readers of three platforms will see it, with all its letters."""

import subprocess
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot.settings import load_settings
from content_queue.models import LOCALES
from tests.bot.homes import home_with, loa
from tests.browser import chromium

#: What the eight posts say on 7 May 2027, 73 years after: dates, weekdays, counts and phrases are filled in.
TEXTS: Mapping[str, str] = {
    "vi": "{kỷ niệm}\n{thứ}, ngày {ngày}, {giờ}: tỉnh Gia Lai dâng hương.",
    "en": "{anniversary}\n{weekday}, {date}, {time}: incense is offered in Gia Lai.",
    "ja": "ディエンビエンフー戦勝{số năm}周年\n{ngày}({thứ}){giờ}、ザライ省で献香式が行われます。",
    "ko": "디엔비엔푸 전승 {số năm}주년\n{ngày} {thứ} {giờ}, 잘라이성에서 헌향식이 열립니다.",
    "zh": "奠边府大捷{số năm}周年\n{ngày}{thứ}{giờ},嘉莱省举行敬香仪式。",
    "fr": "{số năm} anniversaire de la victoire de Diên Biên Phu\n{thứ} {ngày}, {giờ} : hommage à Gia Lai.",
    "lo": "ວັນໄຊຊະນະດຽນບຽນຝູ ຄົບຮອບ {số năm} ປີ\n{thứ}, {ngày}, {giờ}: ແຂວງ Gia Lai ຈູດທູບບູຊາ.",
    "km": "ខួបលើកទី {số năm} នៃជ័យជម្នះឌៀនបៀនភូ\n{thứ} {ngày} {giờ}៖ ខេត្ត Gia Lai ថ្វាយធូប។",
}
#: What must be read on the page: one phrase of each language, filled in.
READ: Mapping[str, str] = {
    "vi": "Kỷ niệm 73 năm Ngày Chiến thắng Điện Biên Phủ (07/5/1954 - 07/5/2027)",
    "en": "73rd anniversary of the Dien Bien Phu Victory (7 May 1954 - 7 May 2027)",
    "ja": "ディエンビエンフー戦勝73周年\n2027年5月7日(金曜日)07:30、ザライ省で献香式が行われます。",
    "ko": "디엔비엔푸 전승 73주년\n2027년 5월 7일 금요일 07:30",
    "zh": "奠边府大捷73周年\n2027年5月7日星期五07:30",
    "fr": "73e anniversaire de la victoire de Diên Biên Phu\nvendredi 7 mai 2027, 07:30",
    "lo": "ວັນໄຊຊະນະດຽນບຽນຝູ ຄົບຮອບ 73 ປີ\nວັນສຸກ, 7 ພຶດສະພາ 2027, 07:30",
    "km": "ខួបលើកទី 73 នៃជ័យជម្នះឌៀនបៀនភូ\nសុក្រ 7 ឧសភា 2027 07:30",
}
#: Draw each letter as the page would, and give those that look like a letter that no font has.
MISSING = """([letters, lang]) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  document.body.append(canvas);
  canvas.lang = lang;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.font = '40px ' + getComputedStyle(document.querySelector(`.text[lang=${lang}]`)).fontFamily;
  const drawn = letter => {
    pen.clearRect(0, 0, 64, 64);
    pen.fillText(letter, 8, 48);
    return pen.getImageData(0, 0, 64, 64).data.join();
  };
  const none = [drawn('\\u0378'), drawn('')];
  const missing = letters.filter(letter => none.includes(drawn(letter)));
  canvas.remove();
  return missing;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the page that `loa preview --html` writes of the commemoration."""
    home = a_home(tmp_path_factory.mktemp("eight") / "tinh")
    done = loa(home, "preview", "DBP", "--html", str(home / "xem.html"))
    assert (done.exit_code, done.stderr) == (0, "")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    opened = context.new_page()
    opened.goto((home / "xem.html").as_uri())
    yield opened
    context.close()


def a_home(home: Path) -> Path:
    """Lay out a home with a channel of each platform that speaks all eight languages."""
    texts = {f"text.{locale}": text for locale, text in TEXTS.items()}
    row = {"code": "DBP", "date": "", "occasion": "Chiến thắng Điện Biên Phủ", "years": "2027", **texts}
    home_with(home, row)
    head = "name,agency,platform,remote_id,languages,groups,mode,token,hashtags"
    spoken = f'"{", ".join(LOCALES)}"'
    places = {"facebook": "1001000001", "zalo": "2001000001", "telegram": "-1002000001"}
    lines = (
        f"Kênh {platform},UBND tỉnh,{platform},{number},{spoken},,api,{platform}-khoa,"
        for platform, number in places.items()
    )
    (home / load_settings(home).channels).write_text("\n".join([head, *lines]), "utf-8-sig")
    return home


def want_fonts() -> None:
    """Skip where this machine has no letters for a language."""
    for locale in LOCALES:
        found = subprocess.run(["fc-list", f":lang={locale}"], capture_output=True, text=True, check=True)
        if not found.stdout:
            pytest.skip("for want of: fonts-noto-core, fonts-noto-cjk")


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("locale", LOCALES)
def test_each_platform_shows_the_commemoration(page: Page, locale: str) -> None:
    """Facebook, Zalo and Telegram have a card each, with what its readers will read."""
    cards = page.locator(".look").filter(has=page.locator(f".text[lang={locale}]"))
    assert sorted(cards.nth(number).locator(".mark").inner_text() for number in range(cards.count())) == [
        *"FTZ"
    ]
    for number in range(cards.count()):
        card = cards.nth(number)
        words = "\n".join(card.locator(f"[lang={locale}]").all_inner_texts())
        assert READ[locale] in words.replace("\n\n", "\n")


@pytest.mark.needs("chromium", "fc-list")
@pytest.mark.parametrize("locale", LOCALES)
def test_no_letter_is_missing(page: Page, locale: str) -> None:
    """No reader of the preview sees a box in the place of a letter."""
    want_fonts()
    words = "".join(page.locator(f".text[lang={locale}]").all_inner_texts())
    letters = sorted({each for each in words if unicodedata.category(each)[0] not in "ZCM"})
    assert len(letters) > 20
    assert page.evaluate(MISSING, [letters, locale]) == []


@pytest.mark.needs("chromium")
def test_a_letter_that_no_font_has_is_found(page: Page) -> None:
    """The test can fail: a letter for private use is drawn as a box."""
    assert page.evaluate(MISSING, [["a", "\ue0fe", "ạ"], "vi"]) == ["\ue0fe"]


@pytest.mark.needs("chromium")
def test_the_page_asks_for_nothing_from_anywhere(page: Page) -> None:
    """It can be sent by post: no picture, script or font of others, and its own style."""
    source = Path(page.url.removeprefix("file://")).read_text("utf-8")
    assert "default-src 'none'" in source
    assert [word for word in ("http://", "https://", "<script", "<link") if word in source] == []


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_cut_off(page: Page, width: int) -> None:
    """On a telephone the cards stand below each other, and no line leaves its card."""
    page.set_viewport_size({"width": width, "height": 900})
    assert page.locator(".look").count() == 3 * len(LOCALES)
    wide = "cards => cards.filter(card => card.scrollWidth > card.clientWidth).length"
    assert page.locator(".look, .look .text, html").evaluate_all(wide) == 0
