"""Know the languages that a text may stand in, by code and by the names people write."""

import re
from collections.abc import Mapping

from content_queue.texts import _
from schedules.names import fold, nearest
from schedules.refusals import ReadError

#: Locale -> names. Beyond the shipped forms: the languages of the province's peoples (ISO 639-3).
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "vi": ("tiếng Việt", "Vietnamese"),
    "en": ("tiếng Anh", "English"),
    "ja": ("tiếng Nhật", "Japanese", "tiếng Nhật Bản"),
    "ko": ("tiếng Hàn", "Korean", "tiếng Hàn Quốc"),
    "zh": ("tiếng Trung", "Chinese", "tiếng Trung Quốc", "tiếng Hoa"),
    "fr": ("tiếng Pháp", "French"),
    "lo": ("tiếng Lào", "Lao"),
    "km": ("tiếng Khmer", "Khmer", "tiếng Khơ Me", "tiếng Campuchia"),
    "jra": ("tiếng Jrai", "Jrai", "tiếng Gia Rai"),
    "bdq": ("tiếng Bahnar", "Bahnar", "tiếng Ba Na"),
    "hre": ("tiếng Hrê", "Hre"),
    "hro": ("tiếng Chăm H'roi", "Haroi"),
    "rad": ("tiếng Ê Đê", "Rade"),
    "cjm": ("tiếng Chăm", "Cham"),
}

_BY_NAME: Mapping[str, str] = {
    spelling: code
    for code, names in LANGUAGES.items()
    for name in (code, *names)
    for spelling in (fold(name), fold(name).removeprefix("tieng "))
}


def read_languages(text: str) -> tuple[str, ...]:
    """Read languages by code or name, in the order written, each once; empty is every language.

    Raises:
        ReadError: a word is no language that we know.
    """
    words = [word.strip() for word in re.split(r"[,;/\n+]", text) if word.strip()]
    return tuple(dict.fromkeys(_language(word) for word in words))


def _language(word: str) -> str:
    code = _BY_NAME.get(fold(word))
    if code is None:
        close = nearest(word, [name for code, names in LANGUAGES.items() for name in (code, names[0])])
        message = _("Không biết ngôn ngữ “{word}”.").format(word=word)
        hint = _("Ghi mã như vi, en, ja; cách nhau bằng dấu phẩy.")
        if close:
            hint = _("Có phải “{name}”? Ghi mã như vi, en, ja.").format(name=close[0])
        raise ReadError("language_unknown", message, hint=hint)
    return code
