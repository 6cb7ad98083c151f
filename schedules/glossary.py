"""Names and terms that a translation must keep, or must say in one way: shipped ones, and the office's."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path

from content_queue.models import Agency, Problem
from content_queue.texts import N_, _
from schedules.columns import Column
from schedules.languages import LANGUAGES
from schedules.names import fold
from schedules.plain_tables import RefusedTableError, read_table
from schedules.refusals import ReadError

COLUMNS: Sequence[Column] = (
    Column("term", N_("Từ"), ("thuật ngữ", "tên", "term"), required=True),
    Column("use", N_("Cách dùng"), ("dùng", "use"), required=True),
    *(Column(code, code, names) for code, names in LANGUAGES.items() if code != "vi"),
)
#: What people write in the column Cách dùng -> whether the term stays as it is.
USES: Mapping[str, bool] = {"giữ nguyên": True, "dịch": False}
_USES = {fold(word): keep for word, keep in USES.items()}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One term: how it is spelled (the first is right), and how each language says it.

    What is to be kept stands in a translation as in Vietnamese, or in one of the language's forms;
    what is to be translated stands in one of the forms, where the language has any.
    """

    spellings: tuple[str, ...]
    keep: bool
    forms: Mapping[str, tuple[str, ...]]

    def accepted(self, locale: str) -> tuple[str, ...]:
        """Return what may stand for it in a language; nothing where any word may."""
        own = self.forms.get(locale, ())
        return (*self.spellings[:1], *own) if self.keep else own


@dataclass(frozen=True)
class Glossary:
    """All terms, found in a text by their first word."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[tuple[str, Term]]]:
        found = defaultdict(list)
        for term in self.terms:
            for spelling in map(_folded, term.spellings):
                if word := _WORD.search(spelling):
                    found[word[0]].append((spelling, term))
        return {word: sorted(both, key=lambda one: -len(one[0])) for word, both in found.items()}

    @cached_property
    def _begins(self) -> re.Pattern[str]:
        """Find where a term may begin: a calendar has thousands of texts, and most words begin none."""
        words = "|".join(map(re.escape, self._by_word))
        return re.compile(rf"\b(?:{words})\b" if words else r"(?!)")

    def hits(self, text: str) -> list[Term]:
        """Return the terms that stand in a Vietnamese text, each once, in the order of the text."""
        folded, found, end = _folded(text), list[Term](), 0
        for word in self._begins.finditer(folded):
            for spelling, term in self._by_word[word[0]] if word.start() >= end else ():
                if _stands(folded, spelling, word.start()):
                    found += [term] if term not in found else []
                    end = word.start() + len(spelling)
                    break
        return found


def _stands(text: str, spelling: str, at: int) -> bool:
    end = at + len(spelling)
    return text.startswith(spelling, at) and not text[end : end + 1].isalnum()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def faults(glossary: Glossary, source: str, text: str, *, locale: str) -> Iterator[ReadError]:
    """Tell each term of a Vietnamese text that its translation does not say as it should."""
    folded = _folded(text)
    for term in glossary.hits(source):
        accepted, right = term.accepted(locale), term.spellings[0]
        if not accepted or any(_folded(form) in folded for form in accepted):
            continue
        hint = _("Ghi: {forms}. Muốn khác thì sửa tệp thuat-ngu.csv.").format(
            forms=_(" hoặc ").join(accepted)
        )
        if term.keep:
            message = _("Thiếu tên “{term}” phải giữ nguyên.").format(term=right)
            yield ReadError("term_lost", message, hint=hint)
        else:
            message = _("“{term}” chưa dịch đúng thuật ngữ.").format(term=right)
            yield ReadError("term_wrong", message, hint=hint)


@dataclass(frozen=True, slots=True)
class GlossaryFile:
    """What a table of terms says."""

    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = ()


def glossary_with(own: Iterable[Term], agencies: Mapping[str, Agency]) -> Glossary:
    """Return the office's own terms, the shipped ones that it leaves as they are, and the agencies' names."""
    named = (_agency_term(agency) for agency in agencies.values())
    found: dict[str, Term] = {}
    for term in (*own, *shipped(), *named):
        found.setdefault(fold(term.spellings[0]), term)
    return Glossary(tuple(found.values()))


def _agency_term(agency: Agency) -> Term:
    forms = {locale: (name,) for locale, name in agency.names.items() if locale != "vi"}
    return Term((agency.names["vi"],), keep=False, forms=forms)


@cache
def shipped() -> tuple[Term, ...]:
    """Return the terms that ship with the house."""
    with as_file(files("schedules.data") / "glossary.csv") as path:
        return read_glossary(path).terms


def read_glossary(path: Path | None) -> GlossaryFile:
    """Read a table of terms, and tell every mistake at its cell; a wrong row is left out alone."""
    if path is None:
        return GlossaryFile()
    try:
        table = read_table(path, COLUMNS)
    except RefusedTableError as refused:
        return GlossaryFile((), refused.problems)
    terms, problems = list[Term](), list(table.header.problems)
    for row, cells in table.rows():
        try:
            terms.append(_term(cells))
        except _Wrong as wrong:
            problems.append(table.problem(row, wrong.field, wrong.error))
    return GlossaryFile(tuple(terms), tuple(problems))


class _Wrong(Exception):  # noqa: N818 -- it never leaves this module
    def __init__(self, field: str, error: ReadError) -> None:
        super().__init__(field)
        self.field, self.error = field, error


def _term(cells: Mapping[str, str]) -> Term:
    spellings = _split(cells["term"])
    if not spellings:
        hint = _("Ghi từ tiếng Việt; cách viết khác thì thêm sau dấu |.")
        raise _Wrong("term", ReadError("term_empty", _("Chưa ghi từ."), hint=hint))
    keep = _USES.get(fold(cells["use"]))
    if keep is None:
        message = _("Không biết cách dùng “{word}”.").format(word=cells["use"])
        raise _Wrong("use", ReadError("term_use", message, hint=_("Ghi: giữ nguyên, hoặc: dịch.")))
    forms = {code: _split(cells[code]) for code in LANGUAGES if cells.get(code)}
    return Term(spellings, keep, forms)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(word for part in cell.split("|") if (word := part.strip()))
