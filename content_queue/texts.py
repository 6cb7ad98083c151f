"""The only gettext door: Vietnamese is the source, other languages come from `locale/`.

`_("…")` returns the text in the language of the current context; `use("en")` changes it.
"""

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "loa"
LOCALE_DIR = Path(__file__).parent / "locale"
#: Languages of the interface. Vietnamese is the source of every message.
LANGUAGES = ("vi", "en")

_language: ContextVar[str] = ContextVar("language", default="vi")


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)


def _(message: str) -> str:
    """Return `message` in the language of the current context."""
    return _catalogue(_language.get()).gettext(message)


def N_(message: str) -> str:  # noqa: N802 - the extractor's own keyword, as in gettext's manual
    """Mark a message of a table for translation; the place that shows it calls `_`."""
    return message


def use(language: str) -> None:
    """Speak `language` from now on in this context."""
    _language.set(language)


def spoken() -> str:
    """Return the language of the current context."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside a with block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def lend_to_click(language: str) -> None:
    """Let Click find its own sentences in our catalogue `click`, in `language`.

    Click asks the standard library's `gettext`, and that asks only the environment for a language.
    """
    os.environ["LANGUAGE"] = language  # noqa: TID251 -- see above
    _gettext.bindtextdomain("click", str(LOCALE_DIR))
    _gettext.textdomain("click")
