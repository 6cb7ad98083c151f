"""A text that a translator gave, from its first day to its correction, as readers see it."""

from pathlib import Path

from bot.acts import By
from bot.undoing.correction import Ask, ask_correction
from content_queue.models import Person, Translation, TranslationState, digest
from content_queue.store.translations import keep_translations
from tests.acceptance.by_hand import Office, an_office, at

#: Whoever asks for a correction does not approve it.
OTHER = Person("Lê Văn Bình", 5003, frozenset({"leader"}), frozenset({"*"}))
SOURCE = "Hội hoa dã quỳ ở Gia Lai, {ngày}"


async def bring(office: Office, text: str) -> None:
    """Bring in the English text, read by a second person, and let the calendars be read."""
    given = Translation("DQ", "en", digest(SOURCE), text, TranslationState.CHECKED, None, "Hoa", "An")
    await office.do(lambda c: keep_translations(c, [given], office.now()))
    await office.read()


async def test_a_translation_goes_out_and_is_corrected_like_a_column(tmp_path: Path) -> None:
    """Whatever way a text came in: it is approved, published, and a mended one corrects what is out."""
    async with an_office(tmp_path, "17/11/2026 08:00", languages="vi, en") as office:
        await office.save({"code": "DQ", "date": "20/11/2026", "text.vi": SOURCE})
        await bring(office, "Sunflower festival in Gia Lai, {date}")
        await office.approve("DQ-2026")
        await office.until(at("20/11/2026 09:00"))
        assert "Sunflower festival in Gia Lai, 20 November 2026" in office.site()

        await bring(office, "Wild sunflower festival in Gia Lai, {date}")
        ask, asker = Ask({}, "Sai tên hoa"), By(OTHER, "telegram", office.now())
        correction = await office.do(
            lambda c: ask_correction(c, "DQ-2026", asker, ask=ask, desk=office.desk())
        )
        await office.approve(correction.id)
        await office.until(at("20/11/2026 10:00"))
        assert "CORRECTION no. 1 (post of 20 November 2026): Wild sunflower festival" in office.site()
        assert "ĐÍNH CHÍNH" not in office.site()
