"""Write an entry back as the row that it was read from."""

from collections.abc import Iterable, Mapping

from content_queue.models import Entry
from schedules.columns import CLASS_WORDS, TURNS
from schedules.forms import FORM_WORDS
from schedules.office import Office

_WORD_OF_FORM: Mapping[str, str] = {form: word for word, form in reversed([*FORM_WORDS.items()])}


def row_of(entry: Entry, office: Office) -> dict[str, str]:
    """Return field -> text of a row that reads as this entry."""
    named = office.occasions.find(entry.date_words) is not None
    when = {"occasion" if named else "date": entry.date_words} if entry.date_words else {}
    agency = office.agencies.get(entry.agency)
    return _spoken(entry) | {
        "code": entry.code,
        **when,
        **_distances(entry),
        "time": _hours(entry),
        "years": ", ".join((*map(str, entry.years), *(CLASS_WORDS[each] for each in entry.anniversaries))),
        "agency": agency.names["vi"] if agency else entry.agency,
        "author": entry.author,
        "campaign": entry.campaign,
        "channels": "; ".join(entry.channels),
        "languages": ", ".join(entry.languages),
        "title": entry.title,
        "link": entry.link,
        "pictures": "; ".join(entry.pictures),
        "alts": "\n".join(entry.alts),
        "persons": entry.persons,
        "form": _WORD_OF_FORM.get(entry.form, entry.form),
        "tags": ", ".join(entry.tags),
        "topic": entry.topic,
        "document": entry.document,
        "secrecy": entry.secrecy,
    }


def _distances(entry: Entry) -> dict[str, str]:
    if not entry.series:
        return {"offset": f"{entry.offset:+d}" if entry.offset else ""}
    words = [f"D{days:+d}" if days else "D" for days in entry.series]
    return {"offset" if entry.date_words else "date": ", ".join(words)}


def _hours(entry: Entry) -> str:
    first = entry.at.isoformat("auto").removesuffix(":00")
    if entry.until is None:
        return first
    return TURNS.format(first=first, last=entry.until.isoformat("auto").removesuffix(":00"))


def text_fields(entries: Iterable[Entry]) -> list[str]:
    """Return the fields of the languages, beside Vietnamese, that these entries have texts in."""
    found = dict.fromkeys(field for entry in entries for field in _spoken(entry))
    return [field for field in found if not field.endswith(".vi")]


def _spoken(entry: Entry) -> dict[str, str]:
    texts = {f"text.{locale}": text for locale, text in entry.texts.items()}
    return texts | {f"comment.{locale}": text for locale, text in entry.comments.items()}
