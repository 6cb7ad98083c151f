"""What leaves is composed once, purely, in one place."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.planning.compose import compose, variant_of
from bot.platforms import Renderers
from bot.settings import Settings
from content_queue.models import Agency, Channel, Entry, Facts, Place, PlannedDelivery, PlannedPost, Variant
from content_queue.outcomes import RefusedError
from schedules import occasions
from schedules.office import Office
from tests.bot.homes import NOW

AGENCY = Agency("a", {"vi": "UBND xã A", "en": "People's Committee of A"}, ("#GiaLai", "#XaA"))
CHANNEL = Channel("Kênh A", "a", "telegram", "-1001", ("vi", "en"), token="bot")
OFFICE = Office({"a": AGENCY}, (CHANNEL,), occasions.load())
ENTRY = Entry(
    code="E",
    place=Place("lich.xlsx", "Lịch", 2),
    date_words="20/11",
    offset=0,
    at=time(7, 30),
    agency="a",
    author="An",
    campaign="",
    channels=("Kênh A",),
    languages=(),
    texts={"vi": "{cơ quan} chúc mừng ngày {ngày}", "en": "{agency}, {date}"},
    title="Ngày {ngày}",
    link="https://vidu.vn/",
)
POST = PlannedPost("E-2026", ENTRY, 2026, NOW, Facts(date(2026, 11, 20), time(7, 30)))


def to(locale: str, text_locale: str, channel: Channel = CHANNEL) -> PlannedDelivery:
    return PlannedDelivery("E-2026", channel, locale, text_locale, NOW)


def test_a_variant_is_the_text_with_its_facts_in_the_words_of_its_language() -> None:
    """Agency, date, hashtags and author as that language has them; the title column is Vietnamese."""
    assert variant_of(POST, to("vi", "vi"), office=OFFICE) == Variant(
        locale="vi",
        text="UBND xã A chúc mừng ngày 20/11/2026",
        title="Ngày 20/11/2026",
        link="https://vidu.vn/",
        hashtags=("#GiaLai", "#XaA"),
        author="UBND xã A",
    )
    assert variant_of(POST, to("en", "en"), office=OFFICE) == Variant(
        locale="en",
        text="People's Committee of A, 20 November 2026",
        link="https://vidu.vn/",
        hashtags=("#GiaLai", "#XaA"),
        author="People's Committee of A",
    )


def test_a_first_comment_is_in_the_language_of_the_text_or_there_is_none() -> None:
    """Its placeholders are filled as those of the text; no other language stands in."""
    post = replace(POST, entry=replace(ENTRY, comments={"vi": "Ngày {ngày}: https://a.vn"}))
    said = [variant_of(post, to(locale, locale), office=OFFICE).comment for locale in ("vi", "en")]
    assert said == ["Ngày 20/11/2026: https://a.vn", ""]


def test_a_text_that_stands_in_for_another_language_keeps_its_own_dates() -> None:
    """Under fallback a Vietnamese text does not get English dates."""
    assert variant_of(POST, to("en", "vi"), office=OFFICE).locale == "vi"


def test_a_channels_own_hashtags_go_before_its_agencys() -> None:
    """The list of channels has the last word."""
    channel = replace(CHANNEL, hashtags=("#Rieng",))
    assert variant_of(POST, to("vi", "vi", channel), office=OFFICE).hashtags == ("#Rieng",)


def test_a_text_still_awaited_is_refused() -> None:
    """Nothing is made up."""
    with pytest.raises(RefusedError, match="Chưa có nội dung tiếng “en”"):
        variant_of(POST, to("en", ""), office=OFFICE)


def test_a_placeholder_without_a_fact_is_refused_as_its_editor_can_mend_it() -> None:
    """No brace ever reaches a reader."""
    post = replace(POST, entry=replace(ENTRY, texts={"vi": "Kỷ niệm {số năm} năm"}))
    with pytest.raises(RefusedError, match="không có năm gốc"):
        variant_of(post, to("vi", "vi"), office=OFFICE)


def test_composing_twice_gives_the_same_hash(tmp_path: Path) -> None:
    """An approval covers what leaves only if nothing of it changes by itself."""
    publisher = Renderers(tmp_path, Settings())["telegram"]
    first, second = (compose(POST, to("vi", "vi"), office=OFFICE, publisher=publisher) for _time in range(2))
    assert first.sha256() == second.sha256()
    assert "UBND xã A chúc mừng ngày 20/11/2026" in first.text
