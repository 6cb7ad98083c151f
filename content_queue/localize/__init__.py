"""Put the facts of a post into words: a fixed list of placeholders, filled per language.

Text of editors is data. One regular expression finds what stands in braces; there is no template
engine, and what is filled in is never read again.
"""

from content_queue.localize.forms import FORMS, Form, form_for
from content_queue.localize.missing import MissingFact
from content_queue.localize.placeholders import PLACEHOLDERS, fill, placeholders_in, unknown_placeholders
from content_queue.localize.rich import Line, Rich, Run, letters, paragraphs, parse, plain
from content_queue.localize.words import anniversary, clock, date_words, lunar_day, number, ordinal, weekday

__all__ = [
    "FORMS",
    "PLACEHOLDERS",
    "Form",
    "Line",
    "MissingFact",
    "Rich",
    "Run",
    "anniversary",
    "clock",
    "date_words",
    "fill",
    "form_for",
    "letters",
    "lunar_day",
    "number",
    "ordinal",
    "paragraphs",
    "parse",
    "placeholders_in",
    "plain",
    "unknown_placeholders",
    "weekday",
]
