"""The words for one fact in one language. Pure; every function takes a `Form`."""

from datetime import date, time
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from content_queue.localize.forms import Form
from content_queue.models import Agency, Facts

#: Months that official Vietnamese dates pad with a zero: 09/02/2026, but 07/5/1954.
_PADDED_MONTHS = 2


def date_words(day: date, form: Form) -> str:
    """Write a day: `07/5/1954`, `7 May 1954`, `1954年5月7日`.

    Official Vietnamese dates pad days below 10 and the months 1 and 2 only, so that nobody can
    change a digit; the other languages follow CLDR's long form, or the office's own.
    """
    if form.date:
        month = form.months[day.month - 1] if form.months else day.month
        return form.date.format(day=day.day, month=month, year=day.year)
    if form.official_date:
        month = f"{day.month:02}" if day.month <= _PADDED_MONTHS else str(day.month)
        return f"{day.day:02}/{month}/{day.year}"
    written = format_date(day, "long", locale=form.cldr)
    return written.replace("1", form.first_day, 1) if form.first_day and day.day == 1 else written


def weekday(day: date, form: Form) -> str:
    """Write the day of the week: `Thứ Bảy`, `Saturday`, `土曜日`."""
    if form.weekdays:
        return form.weekdays[day.weekday()]
    return format_date(day, "EEEE", locale=form.cldr)


def clock(at: time, form: Form) -> str:
    """Write a time of day: `7 giờ 30` and `19 giờ` in Vietnamese, `07:30` elsewhere; no seconds."""
    pattern = form.hour if at.minute else form.full_hour
    return pattern.format(hour=at.hour, minute=at.minute)


def number(value: Decimal, form: Form) -> str:
    """Write a number: `1.234.567,89` in Vietnamese, `1,234,567.89` in English, all its digits kept."""
    return format_decimal(value, locale=form.cldr, decimal_quantization=False)


def ordinal(number: int, form: Form) -> str:
    """Write the ordinal of a number, empty where the language has no form here: `72nd`, `1er`."""
    if not form.ordinals:
        return ""
    category = Locale.parse(form.cldr).ordinal_form(number)
    return form.ordinals.get(category, form.ordinals["other"]).format(n=number)


def lunar_day(lunar: tuple[int, int, bool], form: Form) -> str:
    """Write a day of the Vietnamese lunar calendar: `mùng 5 tháng Giêng`, `rằm tháng 7 âm lịch`.

    Japanese, Korean and Chinese readers have a calendar of their own that may differ by a day or a
    month; their forms name the Vietnamese one. Empty where the language has no form here.
    """
    if form.lunar is None:
        return ""
    day, month, leap = lunar
    written = form.lunar
    day_words = written.days.get(day) or _numbered(written.day, day, form)
    month_words = "" if leap else written.months.get(month, "")
    pattern = written.leap_month if leap else written.month
    return written.whole.format(day=day_words, month=month_words or _numbered(pattern, month, form))


def _numbered(pattern: str, number: int, form: Form) -> str:
    return pattern.format(n=number, nth=ordinal(number, form))


def anniversary(facts: Facts, name: str, form: Form) -> str:
    """Write the whole phrase: `Kỷ niệm 72 năm … (07/5/1954 - 07/5/2026)`.

    `facts.years` must be there. Empty where the language has no form here.
    """
    years = facts.years or 0
    phrase = form.anniversary.format(n=years, nth=ordinal(years, form), name=form.join(name))
    return phrase + _span(facts, form) if phrase else ""


def _span(facts: Facts, form: Form) -> str:
    if facts.origin is None or not form.span:
        return ""
    last = facts.occasion_day or facts.day
    if facts.origin_year_only:
        return form.span.format(first=facts.origin.year, last=last.year)
    return form.span.format(first=date_words(facts.origin, form), last=date_words(last, form))


def occasion_name(facts: Facts, form: Form, locale: str) -> str:
    """Return the occasion's name in this language, empty if it has none.

    Another language's name never stands in: it would read as a mistake of the office.
    """
    return facts.names.get(locale) or facts.names.get(form.language) or ""


def agency_name(agency: Agency, form: Form, locale: str) -> str:
    """Return the agency's name in this language, else its official English one, else the Vietnamese."""
    wanted = (locale, form.language, "vi" if form.language == "vi" else "en")
    return next((agency.names[name] for name in wanted if agency.names.get(name)), agency.names["vi"])
