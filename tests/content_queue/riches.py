"""Rich texts for tests: any that editors can mean, and how they would type them."""

import re
import unicodedata
from itertools import groupby

from hypothesis import strategies as st

from content_queue.localize.rich import Line, Rich, Run

#: Letters of our readers, signs of the markup, and what counts as two in UTF-16.
_LETTERS = "aăâđêôơưếệỗ ữ0.,!*_[]\\()-日本ភាសาລາວ😀👍🏽"
_WORDS = (
    st.text(alphabet=_LETTERS, min_size=1, max_size=8)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(
        lambda text: text and not unicodedata.combining(text[0]) and unicodedata.category(text[0])[0] != "M"
    )
)
_LINKS = st.sampled_from(["", "", "https://gialai.gov.vn/a_b", "https://vi.wikipedia.org/wiki/Núi_(địa_lý)"])
_STYLED = st.builds(Run, _WORDS, st.booleans(), st.booleans(), _LINKS)


def _spaced(runs: list[Run]) -> tuple[Run, ...]:
    """Put a blank between runs, as between words, and make one of neighbours that look alike."""
    spaced = [piece for run in runs for piece in (Run(" "), run)][1:]
    alike = groupby(spaced, key=lambda run: (run.bold, run.italic, run.link))
    return tuple(Run("".join(run.text for run in same), *style) for style, same in alike)


_MARKERS = st.sampled_from(["", "", "- ", "• ", "1. ", "12) "])
_FULL = st.builds(Line, st.lists(_STYLED, min_size=1, max_size=5).map(_spaced), _MARKERS).filter(
    lambda line: not re.match(r"([-*•+]|\d{1,2}[.)])\s", line.text)  # that would be a marker
)
RICH = st.lists(st.one_of(st.just(Line(())), _FULL), min_size=1, max_size=5).map(
    lambda lines: Rich(tuple(lines))
)


def typed(rich: Rich) -> str:
    """Return how an editor types it, every sign that is meant as a letter behind a backslash."""
    return "\n".join(line.marker + "".join(map(_typed, line.runs)) for line in rich.lines)


def _typed(run: Run) -> str:
    text = "".join(f"\\{letter}" if letter in "*_[]\\" else letter for letter in run.text)
    text = f"_{text}_" if run.italic else text
    text = f"**{text}**" if run.bold else text
    return f"[{text}]({run.link})" if run.link else text
