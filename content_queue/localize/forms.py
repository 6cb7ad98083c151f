"""How each language writes days, numbers and anniversaries: the house forms, as data.

What CLDR (through Babel) gets right is taken from there: names of months and weekdays, ordinal
categories. What it lacks or does otherwise than official texts stands here. A new language is one
more `Form`; a language that neither this table nor CLDR knows (Jrai, Bahnar, Hre, Cham, …) is
written with the Vietnamese form, but for the words that the office gives (`own`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True, slots=True)
class LunarForm:
    """How a day of the Vietnamese lunar calendar is written.

    Patterns know `{n}` (the number) and `{nth}` (its ordinal); `days` and `months` hold the numbers
    that have a name of their own.
    """

    whole: str
    day: str
    month: str
    leap_month: str
    days: Mapping[int, str] = field(default_factory=dict)
    months: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """How one language writes what placeholders stand for.

    `date` knows `{day}`, `{month}` (its name, where `months` has it) and `{year}`; empty is CLDR's own
    long form, or the official Vietnamese one. `weekdays` begin with Monday. `ordinals` is CLDR ordinal
    category -> pattern of `{n}`. `anniversary` knows `{n}`, `{nth}` and `{name}` (joined by `join`);
    `span` is put behind it where the origin is known. An empty pattern means that the house does not
    know how this language says it.
    """

    language: str
    cldr: str
    official_date: bool = False
    date: str = ""
    #: How the first of a month is counted where that differs, at the beginning of CLDR's form.
    first_day: str = ""
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    hour: str = "{hour:02}:{minute:02}"
    full_hour: str = "{hour:02}:{minute:02}"
    ordinals: Mapping[str, str] = field(default_factory=dict)
    #: The number before the word for anniversary is an ordinal: "72nd anniversary".
    ordinal_anniversary: bool = False
    anniversary: str = ""
    span: str = ""
    join: Callable[[str], str] = str
    lunar: LunarForm | None = None
    #: The ten digits that filled-in numbers are written in; empty for 0 to 9.
    digits: str = ""
    #: Those of `PARTS` for which no official text or paper was found.
    unverified: frozenset[str] = frozenset()

    @property
    def verified(self) -> bool:
        """Tell whether everything in it was found in print, or confirmed by the office."""
        return not self.unverified


#: What of a form may want a look by somebody who knows the language; the rest is CLDR's.
PARTS = ("anniversary", "ordinals", "lunar")
_ALL = frozenset(PARTS)


#: English names that end so are used without an article: "anniversary of National Day".
_BARE_ENDINGS = (" Day", " relations")


def _english(name: str) -> str:
    """Give an occasion's English name its article; where it lists two, the first decides."""
    first = name.split(";", maxsplit=1)[0]
    bare = first.casefold().startswith("the ") or first.endswith(_BARE_ENDINGS)
    return name if bare else f"the {name}"


#: French article and preposition grow together; longest first.
_OF_FRENCH = (("les ", "des "), ("le ", "du "), ("la ", "de la "), ("l’", "de l’"), ("l'", "de l'"))


def _french(name: str) -> str:
    """Put "de" before an occasion's French name, which is kept with its article."""
    for article, joined in _OF_FRENCH:
        if name.casefold().startswith(article):
            return joined + name[len(article) :]
    vowel = name[:1].casefold() in set("aeiouyéèêàâîïôûœ")
    return f"d’{name}" if vowel else f"de {name}"


_FORMS = (
    Form(
        "vi",
        "vi",
        official_date=True,
        hour="{hour} giờ {minute:02}",
        full_hour="{hour} giờ",
        ordinals={"one": "lần thứ nhất", "other": "lần thứ {n}"},
        anniversary="Kỷ niệm {n} năm {name}",
        span=" ({first} - {last})",
        lunar=LunarForm(
            whole="{day} {month}",
            day="{n}",
            month="tháng {n} âm lịch",
            leap_month="tháng {n} nhuận âm lịch",
            days={**{n: f"mùng {n}" for n in range(1, 11)}, 15: "rằm"},
            months={1: "tháng Giêng", 12: "tháng Chạp"},
        ),
    ),
    Form(
        "en",
        "en_GB",
        ordinals={"one": "{n}st", "two": "{n}nd", "few": "{n}rd", "other": "{n}th"},
        ordinal_anniversary=True,
        anniversary="{nth} anniversary of {name}",
        span=" ({first} - {last})",
        join=_english,
        lunar=LunarForm(
            whole="{day} day of the {month}",
            day="{nth}",
            month="{nth} lunar month",
            leap_month="leap {nth} lunar month",
        ),
    ),
    Form(
        "ja",
        "ja",
        ordinals={"other": "第{n}回"},
        anniversary="{name}{n}周年",
        lunar=LunarForm("ベトナム旧暦{month}{day}", "{n}日", "{n}月", "閏{n}月"),
        unverified=_ALL,
    ),
    Form(
        "ko",
        "ko",
        ordinals={"other": "제{n}회"},
        anniversary="{name} {n}주년",
        lunar=LunarForm("베트남 음력 {month} {day}", "{n}일", "{n}월", "윤{n}월"),
        unverified=_ALL,
    ),
    Form(
        "zh",
        "zh",
        ordinals={"other": "第{n}届"},
        anniversary="{name}{n}周年",
        lunar=LunarForm("越南农历{month}{day}", "{n}日", "{n}月", "闰{n}月"),
        unverified=_ALL,
    ),
    Form(
        "fr",
        "fr",
        first_day="1er",
        ordinals={"one": "{n}er", "other": "{n}e"},
        ordinal_anniversary=True,
        anniversary="{nth} anniversaire {name}",
        join=_french,
        lunar=LunarForm(
            whole="{day} jour du {month}",
            day="{nth}",
            month="{nth} mois lunaire",
            leap_month="{nth} mois lunaire intercalaire",
        ),
        unverified=_ALL,
    ),
    Form(
        "lo",
        "lo",
        ordinals={"other": "ທີ່ {n}"},
        anniversary="{name} ຄົບຮອບ {n} ປີ",
        span=" ({first}–{last})",
        lunar=LunarForm("{day} {month} ຕາມຈັນທະຄະຕິຫວຽດນາມ", "ວັນທີ {n}", "ເດືອນ {n}", "ເດືອນ {n} ອະທິກະມາດ"),
        unverified=frozenset({"ordinals", "lunar"}),
    ),
    Form(
        "km",
        "km",
        ordinals={"other": "ទី {n}"},
        anniversary="ខួបលើកទី {n} នៃ{name}",
        lunar=LunarForm("{day} {month} តាមចន្ទគតិវៀតណាម", "ថ្ងៃទី {n}", "ខែទី {n}", "ខែទី {n} អធិកមាស"),
        unverified=frozenset({"lunar"}),
    ),
)

#: Language -> house form.
FORMS: Mapping[str, Form] = {form.language: form for form in _FORMS}


def form_for(locale: str, forms: Mapping[str, Form] = FORMS) -> Form:
    """Return the form of a locale such as `en`, `zh-CN` or `jra`.

    A house form is found by the language alone. A language known only to CLDR gets CLDR's dates and
    weekdays and no phrases; one unknown to both gets the Vietnamese form.
    """
    language = locale.replace("-", "_").strip().split("_")[0].lower()
    return forms.get(language) or _form_of_cldr(language) or forms["vi"]


@cache
def _form_of_cldr(language: str) -> Form | None:
    try:
        return Form(language, str(Locale.parse(language)), unverified=_ALL)
    except (ValueError, UnknownLocaleError):
        return None
