"""Facts become words as each language writes them, and text of editors stays data."""

import unicodedata
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_queue.localize import (
    FORMS,
    PLACEHOLDERS,
    MissingFact,
    anniversary,
    clock,
    date_words,
    fill,
    form_for,
    lunar_day,
    number,
    ordinal,
    unknown_placeholders,
    weekday,
)
from content_queue.localize.own import forms_with
from content_queue.models import LOCALES, Agency, Facts

AGENCY = Agency("pleiku", {"vi": "UBND phường Pleiku", "en": "Pleiku Ward People's Committee"})
VICTORY = Facts(
    day=date(2026, 5, 4),
    at=time(7, 30),
    occasion="dien-bien-phu",
    occasion_day=date(2026, 5, 7),
    names={
        "vi": "Ngày Chiến thắng Điện Biên Phủ",
        "en": "Dien Bien Phu Victory",
        "ja": "ディエンビエンフー戦勝",
        "ko": "디엔비엔푸 전승",
        "zh": "奠边府大捷",
        "fr": "la victoire de Diên Biên Phu",
        "lo": "ວັນຊະນະ",
        "km": "ជ័យជម្នះ",
    },
    origin=date(1954, 5, 7),
    years=72,
    lunar=(21, 3, False),
)
PLAIN = Facts(day=date(2026, 11, 20), at=time(19, 0))


def filled(text: str, locale: str = "vi", facts: Facts = VICTORY) -> str:
    return fill(text, facts, locale=locale, agency=AGENCY)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 20), "20/11/2026"),
        (date(1954, 5, 7), "07/5/1954"),
        (date(2026, 2, 9), "09/02/2026"),
        (date(2026, 1, 27), "27/01/2026"),
        (date(2025, 3, 17), "17/3/2025"),
        (date(2026, 10, 1), "01/10/2026"),
    ],
)
def test_official_vietnamese_dates_pad_days_below_ten_and_the_first_two_months(
    day: date, written: str
) -> None:
    """A day of an official text is written as offices write it."""
    assert date_words(day, FORMS["vi"]) == written


@pytest.mark.parametrize(
    ("locale", "day", "name"),
    [
        ("vi", "21/11/2026", "Thứ Bảy"),
        ("en", "21 November 2026", "Saturday"),
        ("ja", "2026年11月21日", "土曜日"),
        ("ko", "2026년 11월 21일", "토요일"),
        ("zh", "2026年11月21日", "星期六"),
        ("fr", "21 novembre 2026", "samedi"),
        ("lo", "21 ພະຈິກ 2026", "ວັນເສົາ"),
        ("km", "21 វិច្ឆិកា 2026", "សៅរ៍"),
        ("jra", "21/11/2026", "Thứ Bảy"),
        ("cjm", "21/11/2026", "Thứ Bảy"),
        ("zh-CN", "2026年11月21日", "星期六"),
        ("en_US", "21 November 2026", "Saturday"),
        ("de", "21. November 2026", "Samstag"),
    ],
)
def test_each_language_writes_its_own_dates(locale: str, day: str, name: str) -> None:
    """Dates and weekdays follow the language; one that CLDR lacks is written the Vietnamese way."""
    form, saturday = form_for(locale), date(2026, 11, 21)
    assert (date_words(saturday, form), weekday(saturday, form)) == (day, name)


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("vi", "Thứ Hai, Thứ Ba, Thứ Tư, Thứ Năm, Thứ Sáu, Thứ Bảy, Chủ Nhật"),
        ("en", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
        ("ja", "月曜日, 火曜日, 水曜日, 木曜日, 金曜日, 土曜日, 日曜日"),
        ("ko", "월요일, 화요일, 수요일, 목요일, 금요일, 토요일, 일요일"),
        ("zh", "星期一, 星期二, 星期三, 星期四, 星期五, 星期六, 星期日"),
        ("fr", "lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche"),
        ("lo", "ວັນຈັນ, ວັນອັງຄານ, ວັນພຸດ, ວັນພະຫັດ, ວັນສຸກ, ວັນເສົາ, ວັນອາທິດ"),
        ("km", "ច័ន្ទ, អង្គារ, ពុធ, ព្រហស្បតិ៍, សុក្រ, សៅរ៍, អាទិត្យ"),
    ],
)
def test_each_language_names_its_weekdays(locale: str, names: str) -> None:
    """From Monday to Sunday; in Vietnamese the one without a number keeps its name."""
    week = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
    assert ", ".join(weekday(day, FORMS[locale]) for day in week) == names


@pytest.mark.parametrize(
    ("locale", "months"),
    [
        ("en", "January February March April May June July August September October November December"),
        ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ("lo", "ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ"),
        ("km", "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ"),
    ],
)
def test_each_language_names_its_months(locale: str, months: str) -> None:
    """The others count them."""
    written = [date_words(date(2026, month, 9), FORMS[locale]) for month in range(1, 13)]
    assert written == [f"9 {name} 2026" for name in months.split()]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 1), "1er janvier 2026"),
        (date(2011, 11, 1), "1er novembre 2011"),
        (date(2026, 11, 11), "11 novembre 2026"),
    ],
)
def test_the_first_of_a_french_month_is_premier(day: date, written: str) -> None:
    """What CLDR leaves at 1 is written as every French office writes it."""
    assert date_words(day, FORMS["fr"]) == written


@pytest.mark.parametrize(
    ("locale", "written", "whole"),
    [
        ("vi", "1.234.567,89", "1.000"),
        ("en", "1,234,567.89", "1,000"),
        ("ja", "1,234,567.89", "1,000"),
        ("ko", "1,234,567.89", "1,000"),
        ("zh", "1,234,567.89", "1,000"),
        ("fr", "1\u202f234\u202f567,89", "1\u202f000"),
        ("lo", "1.234.567,89", "1.000"),
        ("km", "1,234,567.89", "1,000"),
        ("jra", "1.234.567,89", "1.000"),
    ],
)
def test_each_language_groups_digits_its_own_way(locale: str, written: str, whole: str) -> None:
    """A point that groups in one language splits off a fraction in the next."""
    form = form_for(locale)
    assert (number(Decimal("1234567.89"), form), number(Decimal(1000), form)) == (written, whole)


@pytest.mark.parametrize(
    ("locale", "at", "written"),
    [
        ("vi", time(7, 30), "7 giờ 30"),
        ("vi", time(19, 0), "19 giờ"),
        ("vi", time(0, 5), "0 giờ 05"),
        ("en", time(7, 30), "07:30"),
        ("ja", time(7, 30), "07:30"),
        ("zh", time(19, 0), "19:00"),
        ("fr", time(7, 30), "07:30"),
        ("lo", time(7, 30), "07:30"),
        ("ko", time(19, 0), "19:00"),
        ("km", time(7, 5), "07:05"),
        ("de", time(7, 5, 59), "07:05"),
    ],
)
def test_times_are_written_over_twenty_four_hours(locale: str, at: time, written: str) -> None:
    """No language gets AM or PM; Vietnamese says giờ."""
    assert clock(at, form_for(locale)) == written


@pytest.mark.parametrize(
    ("locale", "number", "written"),
    [
        ("en", 1, "1st"),
        ("en", 2, "2nd"),
        ("en", 3, "3rd"),
        ("en", 11, "11th"),
        ("en", 12, "12th"),
        ("en", 13, "13th"),
        ("en", 72, "72nd"),
        ("en", 111, "111th"),
        ("fr", 1, "1er"),
        ("fr", 72, "72e"),
        ("vi", 1, "lần thứ nhất"),
        ("vi", 72, "lần thứ 72"),
        ("ja", 72, "第72回"),
        ("ko", 72, "제72회"),
        ("zh", 72, "第72届"),
        ("lo", 72, "ທີ່ 72"),
        ("km", 55, "ទី 55"),
        ("bdq", 1, "lần thứ nhất"),
    ],
)
def test_ordinals_follow_the_language(locale: str, number: int, written: str) -> None:
    """72 is 72nd, 11 is 11th, the French first is 1er."""
    assert ordinal(number, form_for(locale)) == written


@pytest.mark.parametrize(
    ("locale", "phrase"),
    [
        ("vi", "Kỷ niệm 72 năm Ngày Chiến thắng Điện Biên Phủ (07/5/1954 - 07/5/2026)"),
        ("en", "72nd anniversary of the Dien Bien Phu Victory (7 May 1954 - 7 May 2026)"),
        ("ja", "ディエンビエンフー戦勝72周年"),
        ("ko", "디엔비엔푸 전승 72주년"),
        ("zh", "奠边府大捷72周年"),
        ("fr", "72e anniversaire de la victoire de Diên Biên Phu"),
        ("lo", "ວັນຊະນະ ຄົບຮອບ 72 ປີ (7 ພຶດສະພາ 1954–7 ພຶດສະພາ 2026)"),
        ("km", "ខួបលើកទី 72 នៃជ័យជម្នះ"),
        ("hre", "Kỷ niệm 72 năm Ngày Chiến thắng Điện Biên Phủ (07/5/1954 - 07/5/2026)"),
    ],
)
def test_the_anniversary_is_one_phrase_per_language(locale: str, phrase: str) -> None:
    """The wording is the one that offices and the press use."""
    assert filled("{kỷ niệm}", locale) == phrase


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("National Day", "81st anniversary of National Day"),
        ("The August Revolution", "81st anniversary of The August Revolution"),
        ("Viet Nam - Laos diplomatic relations", "81st anniversary of Viet Nam - Laos diplomatic relations"),
        ("August Revolution; Police Day", "81st anniversary of the August Revolution; Police Day"),
        ("Founding of the Trade Unions", "81st anniversary of the Founding of the Trade Unions"),
    ],
)
def test_an_english_day_takes_no_article(name: str, phrase: str) -> None:
    """Days are names, what happened takes its article."""
    facts = Facts(day=date(2026, 9, 2), at=time(7), names={"en": name}, years=81)
    assert anniversary(facts, name, FORMS["en"]) == phrase


@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("le Parti", "du Parti"),
        ("les Blessés", "des Blessés"),
        ("l’Armée", "de l’Armée"),
        ("Gia Lai", "de Gia Lai"),
        ("Ay Mun", "d’Ay Mun"),
    ],
)
def test_french_joins_of_and_article(name: str, joined: str) -> None:
    """Preposition and article grow together."""
    facts = Facts(day=date(2026, 9, 2), at=time(7), names={"fr": name}, years=1)
    assert anniversary(facts, name, FORMS["fr"]) == f"1er anniversaire {joined}"


def test_an_origin_known_by_its_year_only_gives_years_in_the_span() -> None:
    """Nobody invents the day of 1789."""
    facts = Facts(
        day=date(2026, 2, 21),
        at=time(7),
        occasion_day=date(2026, 2, 21),
        names={"vi": "Chiến thắng Ngọc Hồi - Đống Đa"},
        origin=date(1789, 1, 1),
        origin_year_only=True,
        years=237,
    )
    assert filled("{kỷ niệm}", facts=facts) == "Kỷ niệm 237 năm Chiến thắng Ngọc Hồi - Đống Đa (1789 - 2026)"


@pytest.mark.parametrize(
    ("locale", "lunar", "written"),
    [
        ("vi", (5, 1, False), "mùng 5 tháng Giêng"),
        ("vi", (10, 3, False), "mùng 10 tháng 3 âm lịch"),
        ("vi", (15, 1, False), "rằm tháng Giêng"),
        ("vi", (15, 8, False), "rằm tháng 8 âm lịch"),
        ("vi", (29, 12, False), "29 tháng Chạp"),
        ("vi", (10, 3, True), "mùng 10 tháng 3 nhuận âm lịch"),
        ("en", (5, 1, False), "5th day of the 1st lunar month"),
        ("en", (10, 3, True), "10th day of the leap 3rd lunar month"),
        ("fr", (5, 1, False), "5e jour du 1er mois lunaire"),
        ("ja", (5, 1, False), "ベトナム旧暦1月5日"),
        ("ko", (5, 1, True), "베트남 음력 윤1월 5일"),
        ("zh", (5, 1, True), "越南农历闰1月5日"),
        ("lo", (5, 1, False), "ວັນທີ 5 ເດືອນ 1 ຕາມຈັນທະຄະຕິຫວຽດນາມ"),
        ("km", (5, 1, False), "ថ្ងៃទី 5 ខែទី 1 តាមចន្ទគតិវៀតណាម"),
    ],
)
def test_lunar_days_are_those_of_viet_nam(locale: str, lunar: tuple[int, int, bool], written: str) -> None:
    """Readers with a lunar calendar of their own are told that it is the Vietnamese one."""
    assert lunar_day(lunar, form_for(locale)) == written


@pytest.mark.parametrize(
    ("locale", "text", "written"),
    [
        ("en", "the {years} anniversary", "the 72nd anniversary"),
        ("en", "the {số năm}th Anniversary", "the 72nd Anniversary"),
        ("en", "a {years}-year anniversary", "a 72-year anniversary"),
        ("en", "{years} years of peace", "72 years of peace"),
        ("en", "{ordinal} time", "72nd time"),
        ("fr", "le {số năm} anniversaire", "le 72e anniversaire"),
        ("fr", "le {years}ème anniversaire", "le 72e anniversaire"),
        ("fr", "{years} ans", "72 ans"),
        ("vi", "Kỷ niệm {số năm} năm", "Kỷ niệm 72 năm"),
        ("ja", "{years}周年", "72周年"),
        ("vi", "{years} anniversary", "72 anniversary"),
    ],
)
def test_a_number_before_anniversary_is_an_ordinal_where_the_language_wants_it(
    locale: str, text: str, written: str
) -> None:
    """An editor writes one placeholder and each language counts in its way."""
    assert filled(text, locale) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{thứ}, ngày {ngày}", "Thứ Hai, ngày 04/5/2026"),
        ("{giờ}", "7 giờ 30"),
        ("{năm}", "2026"),
        ("{tên dịp}", "Ngày Chiến thắng Điện Biên Phủ"),
        ("{ngày dịp}", "07/5/2026"),
        ("{âm lịch}", "21 tháng 3 âm lịch"),
        ("{cơ quan}", "UBND phường Pleiku"),
        ("{lần thứ}", "lần thứ 72"),
        ("{ SỐ  Năm } {TÊN_DỊP}", "72 Ngày Chiến thắng Điện Biên Phủ"),
        ("{Kỷ {số năm}", "{Kỷ 72"),
        (unicodedata.normalize("NFD", "{ngày dịp}"), "07/5/2026"),
        ("{{số năm}}", "{72}"),
        ("{không có} { {} } {\nngày}", "{không có} { {} } {\nngày}"),
    ],
)
def test_placeholders_are_found_however_they_are_typed(text: str, written: str) -> None:
    """Case, blanks and Unicode form inside the braces do not count; other braces are data."""
    assert filled(text) == written


@pytest.mark.parametrize("alias", PLACEHOLDERS.values())
def test_an_english_alias_says_the_same(alias: str) -> None:
    """Whoever writes the English column may use English names."""
    names = {english: vietnamese for vietnamese, english in PLACEHOLDERS.items()}
    assert filled(f"{{{alias}}}") == filled(f"{{{names[alias]}}}")


def test_the_year_is_that_of_the_occasion() -> None:
    """A post of 30 December about New Year's Day speaks of the coming year."""
    facts = Facts(
        day=date(2026, 12, 30), at=time(7), occasion_day=date(2027, 1, 1), names={"vi": "Tết Dương lịch"}
    )
    assert filled("{năm} {ngày}", facts=facts) == "2027 30/12/2026"


def test_khmer_digits_are_the_offices_choice() -> None:
    """Numbers we fill in change script; what the editor typed does not."""
    forms = forms_with({"km": {"digits": "០១២៣៤៥៦៧៨៩"}})
    written = fill("2026 ខួប {years}", VICTORY, locale="km", agency=AGENCY, forms=forms)
    assert written == "2026 ខួប ៧២"


def test_what_was_found_in_print_is_told_from_what_was_not() -> None:
    """Lao and Khmer anniversaries were read in their own press; those of Japan or France were not."""
    assert {locale: sorted(form.unverified) for locale, form in FORMS.items()} == {
        "vi": [],
        "en": [],
        "ja": ["anniversary", "lunar", "ordinals"],
        "ko": ["anniversary", "lunar", "ordinals"],
        "zh": ["anniversary", "lunar", "ordinals"],
        "fr": ["anniversary", "lunar", "ordinals"],
        "lo": ["lunar", "ordinals"],
        "km": ["lunar"],
    }


JRAI = {
    **{f"weekday {number}": f"hrơi {number}" for number in range(1, 8)},
    **{f"month {number}": f"blan {number}" for number in range(1, 13)},
    "anniversary": "{n} thŭn {name}",
}


def test_an_office_gives_the_words_that_nobody_ships() -> None:
    """Days, months and phrases are the office's; what it leaves open stays Vietnamese."""
    form = forms_with({"jra": JRAI})["jra"]
    day = date(2026, 11, 21)
    assert (date_words(day, form), weekday(day, form)) == ("21 blan 11 2026", "hrơi 6")
    assert anniversary(VICTORY, "Điện Biên Phủ", form) == "72 thŭn Điện Biên Phủ"
    assert clock(time(7, 30), form) == "7 giờ 30"


def test_a_week_that_lacks_a_day_is_not_used() -> None:
    """Half in one language and half in another would read as a mistake."""
    form = forms_with({"jra": {word: said for word, said in JRAI.items() if word != "weekday 3"}})["jra"]
    assert weekday(date(2026, 11, 21), form) == "Thứ Bảy"


def test_an_office_confirms_a_form() -> None:
    """Whoever reads the language signs for it, and `loa check` asks no more."""
    assert forms_with({"ja": {"confirmed": "Trần Thị Hoa"}})["ja"].verified


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("vi", "UBND phường Pleiku"),
        ("en", "Pleiku Ward People's Committee"),
        ("ja", "Pleiku Ward People's Committee"),
        ("jra", "UBND phường Pleiku"),
    ],
)
def test_an_agency_is_called_by_its_official_name(locale: str, name: str) -> None:
    """Foreign readers get the official English name, minorities' languages the Vietnamese one."""
    assert filled("{cơ quan}", locale) == name


TWO = replace(VICTORY, others=(replace(VICTORY, names={"vi": "Ngày kia", "en": "Other Day"}, years=31),))


@pytest.mark.parametrize(
    ("locale", "text", "written"),
    [
        ("vi", "{số năm} và {số năm 2} năm", "72 và 31 năm"),
        ("vi", "{tên dịp 2} {lần thứ 2}", "Ngày kia lần thứ 31"),
        ("en", "the {years 2} anniversary of {occasion 2}", "the 31st anniversary of Other Day"),
        ("vi", "{ Số năm  2 }", "31"),
        ("vi", "{ngày 2} {số năm 22} {số năm 1}", "{ngày 2} {số năm 22} {số năm 1}"),
    ],
)
def test_another_occasion_of_the_day_goes_by_its_number(locale: str, text: str, written: str) -> None:
    """Two commemorations of one date stand in one post, each with its own years."""
    assert filled(text, locale, TWO) == written


def test_an_occasion_too_many_is_told() -> None:
    """With how many there are."""
    with pytest.raises(MissingFact, match="chỉ có 2 dịp"):
        filled("{số năm 3}", facts=TWO)


@pytest.mark.parametrize(
    "placeholder", ["{số năm}", "{lần thứ}", "{tên dịp}", "{ngày dịp}", "{kỷ niệm}", "{âm lịch}"]
)
def test_a_missing_fact_is_told_with_its_placeholder(placeholder: str) -> None:
    """What a post does not have is refused, and the editor reads which placeholder it was."""
    with pytest.raises(MissingFact) as caught:
        filled(f"Nhân dịp {placeholder}", facts=PLAIN)
    assert caught.value.placeholder == placeholder
    assert placeholder in str(caught.value)


@pytest.mark.parametrize(
    ("locale", "text", "reason"),
    [
        ("th", "{tên dịp}", "chưa có tên bằng ngôn ngữ “th”"),
        ("th", "{lần thứ}", "chưa có cách viết cho ngôn ngữ “th”"),
        ("th", "{âm lịch}", "chưa có cách viết cho ngôn ngữ “th”"),
    ],
)
def test_another_language_never_stands_in(locale: str, text: str, reason: str) -> None:
    """A Thai post does not suddenly speak Vietnamese."""
    with pytest.raises(MissingFact, match=reason):
        filled(text, locale)


def test_no_year_is_counted_before_the_first() -> None:
    """On the day of origin itself nothing is an anniversary."""
    with pytest.raises(MissingFact):
        filled("{số năm}", facts=Facts(day=date(2025, 7, 1), at=time(7), years=0))


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Không có gì", ()),
        ("{ngày} { date } {Số Năm}", ()),
        ("{tên} và {tên}, {thư}", ("{tên}", "{thư}")),
        ("a { b } c", ("{b}",)),
        ("{} { } { lẻ", ()),
        ("lẻ } {ngày\n}", ()),
        (unicodedata.normalize("NFD", "{địa điểm}"), ("{địa điểm}",)),
    ],
)
def test_unknown_placeholders_are_named(text: str, unknown: tuple[str, ...]) -> None:
    """A word in braces that is not on the list is told; lone and empty braces are data."""
    assert unknown_placeholders(text) == unknown


def test_every_locale_of_the_house_has_a_form() -> None:
    """Shipped locales and house forms are the same list."""
    assert tuple(FORMS) == LOCALES


_WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([f"{{{word}}}" for pair in PLACEHOLDERS.items() for word in pair]),
    st.sampled_from(["{", "}", "anniversary", " anniversaire", "th"]),
)
_FACTS = st.builds(
    Facts,
    day=st.dates(),
    at=st.times(),
    occasion_day=st.none() | st.dates(),
    names=st.just({}) | st.just({"vi": "Quốc khánh", "en": "National Day"}),
    origin=st.none() | st.dates(),
    origin_year_only=st.booleans(),
    years=st.none() | st.integers(-5, 5000),
    lunar=st.none() | st.tuples(st.integers(1, 30), st.integers(1, 12), st.booleans()),
)


@given(st.lists(_WORDS, max_size=8).map("".join), _FACTS, st.sampled_from([*LOCALES, "jra", "de", "", "x-y"]))
def test_filling_gives_nfc_and_leaves_no_placeholder(text: str, facts: Facts, locale: str) -> None:
    """Whatever an editor types, the outcome is text of ours or one kind of error."""
    try:
        written = fill(text, facts, locale=locale, agency=AGENCY)
    except MissingFact:
        return
    assert written == unicodedata.normalize("NFC", written)
    assert fill(written, facts, locale=locale, agency=AGENCY) == written


@given(st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"])))
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    """Filling changes nothing but the Unicode form."""
    assert filled(text) == unicodedata.normalize("NFC", text)
