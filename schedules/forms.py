"""Read what a row asks its post to be, where pictures and videos do not tell."""

from collections.abc import Mapping

from content_queue.texts import _
from schedules.names import fold, nearest
from schedules.refusals import ReadError

#: Word in the column “Dạng” -> form of a variant.
FORM_WORDS: Mapping[str, str] = {
    "reel": "reel",
    "tài liệu": "document",
    "bài viết": "article",
    "gửi người quan tâm": "broadcast",
}
_FORMS: Mapping[str, str] = {"": "", **{fold(word): form for word, form in FORM_WORDS.items()}} | {
    form: form for form in FORM_WORDS.values()
}


def read_form(words: str) -> str:
    """Return the form that the words mean, empty where there are none.

    Raises:
        ReadError: nobody knows such a form.
    """
    form = _FORMS.get(fold(words))
    if form is None:
        message = _("Không biết dạng bài “{form}”.").format(form=words)
        close = nearest(words, FORM_WORDS, limit=1)
        hint = _("Để trống, hoặc ghi: {forms}.").format(forms=", ".join(FORM_WORDS))
        raise ReadError(
            "form_unknown", message, hint=_("Có phải “{name}”?").format(name=close[0]) if close else hint
        )
    return form
