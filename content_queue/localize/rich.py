r"""The one rich text of editors: `**đậm**`, `_nghiêng_`, `[chữ](https://…)`, lists with `- ` or `1. `.

It is parsed once; each platform puts it into its own form. Whatever is no markup stays as typed, signs
and all: underscores inside words, addresses and hashtags, stars that close nothing. A backslash before
a sign (`\*`, `\_`, `\[`) makes it a letter. Nothing reaches over the end of a line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

#: Openers and closers that may stand beside a slanted word.
_OPENERS, _CLOSERS = "([{<«“‘\"'*–—-", ")]}>»”’\"'*.,;:!?…–—-"
_TOKEN = re.compile(
    r"""
      \\(?P<escaped>[*_\[\]\\])
    | \[(?P<words>(?:\\.|[^\[\]\\])+)\]\((?P<target>https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)
    | (?P<opaque>(?:https?://|www\.)(?:(?!\*\*)[^\s<>])+         # an address: nothing in it is markup
        | [\#@](?:(?!\*\*)[^\s\#@.,;:!?()\[\]{}<>"“”‘’«»\\])+     # a hashtag or a name
        | __+)                                                       # a line to write on, a name of a program
    | (?P<bold>\*\*)
    | (?P<italic>_)
    """,
    re.VERBOSE,
)
_MARKER = re.compile(r"(?:[-*•–+]|\d{1,2}[.)])[ \t]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that look alike; `link` is where they lead, empty for nowhere."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs, and the marker of a list as it was typed (`- `, `1. `), empty for none."""

    runs: tuple[Run, ...]
    marker: str = ""

    @property
    def text(self) -> str:
        """Return its letters, without the marker."""
        return "".join(run.text for run in self.runs)

    @property
    def numbered(self) -> bool:
        """Tell whether it is an item of a list that counts."""
        return self.marker[:1].isdecimal()


@dataclass(frozen=True, slots=True)
class Rich:
    """A text as parsed; lines without runs are empty."""

    lines: tuple[Line, ...]

    @property
    def styled(self) -> bool:
        """Tell whether anything in it is more than letters."""
        return any(run.bold or run.italic or run.link for line in self.lines for run in line.runs)


def parse(text: str) -> Rich:
    """Read the markup of an editor's text (NFC). Any text has a meaning."""
    return Rich(tuple(_line(line) for line in unicodedata.normalize("NFC", text).split("\n")))


def plain(rich: Rich) -> str:
    """Return the text for platforms without markup: a link's address follows its words."""
    return "\n".join(line.marker + "".join(map(_spelled, line.runs)) for line in rich.lines)


def letters(rich: Rich) -> str:
    """Return the text as it reads where links hide their address."""
    return "\n".join(line.marker + line.text for line in rich.lines)


def paragraphs(rich: Rich) -> list[tuple[Line, ...]]:
    """Return what stands together: lines up to an empty one, the items of a list apart."""
    found = []
    for (empty, _marked), lines in groupby(rich.lines, key=lambda line: (not line.text, _list_of(line))):
        if not empty:
            found.append(tuple(lines))
    return found


def _list_of(line: Line) -> str:
    return ("numbers" if line.numbered else "points") if line.marker else ""


def _spelled(run: Run) -> str:
    return f"{run.text} ({run.link})" if run.link and run.link != run.text else run.text


def _line(line: str) -> Line:
    marked = _MARKER.match(line)
    marker = marked[0] if marked else ""
    rest = line[len(marker) :]
    runs = tuple(_merged(_runs(rest)))
    if not unicodedata.is_normalized("NFC", marker + "".join(run.text for run in runs)):
        runs = (Run(rest),)  # without its signs a letter would melt into the next: not what was typed
    return Line(runs, marker)


@dataclass(slots=True)
class _Piece:
    """A token of a line; `sign` is `bold`, `italic` or empty for letters."""

    text: str
    sign: str = ""
    opens: bool = False
    closes: bool = False
    link: str = ""


def _runs(line: str) -> Iterator[Run]:
    pieces = list(_pieces(line))
    pairs = _paired(pieces)
    on: dict[str, bool] = {"bold": False, "italic": False}
    for number, piece in enumerate(pieces):
        if number in pairs:
            on[piece.sign] = not on[piece.sign]
        elif piece.link:
            yield from (
                Run(run.text, run.bold or on["bold"], run.italic or on["italic"], piece.link)
                for run in _runs(piece.text)
            )
        else:
            yield Run(piece.text, on["bold"], on["italic"])


def _pieces(line: str) -> Iterator[_Piece]:
    end = 0
    for match in _TOKEN.finditer(line):
        if match.start() > end:
            yield _Piece(line[end : match.start()])
        yield _piece(line, match)
        end = match.end()
    if end < len(line):
        yield _Piece(line[end:])


def _piece(line: str, match: re.Match[str]) -> _Piece:
    before, after = line[: match.start()][-1:], line[match.end() :][:1]
    match match.lastgroup:
        case "escaped":
            return _Piece(match["escaped"])
        case "target":
            return _Piece(match["words"], link=match["target"])
        case "bold":
            return _Piece("**", "bold", opens=not _blank(after), closes=not _blank(before))
        case "italic":
            opens = not _blank(after) and (_blank(before) or before in _OPENERS or _unspaced(before))
            closes = not _blank(before) and (_blank(after) or after in _CLOSERS or _unspaced(after))
            return _Piece("_", "italic", opens, closes)
    return _Piece(match[0])


def _blank(letter: str) -> bool:
    return not letter or letter.isspace()


def _unspaced(letter: str) -> bool:
    """Tell whether a letter is of a script that puts no blanks between words."""
    return unicodedata.category(letter) == "Lo"


def _paired(pieces: Sequence[_Piece]) -> set[int]:
    """Return which signs open or close something; those between that found no partner are letters."""
    waiting: list[int] = []
    paired: set[int] = set()
    for number, piece in enumerate(pieces):
        if not piece.sign:
            continue
        opener = next((one for one in reversed(waiting) if pieces[one].sign == piece.sign), None)
        if opener is not None and piece.closes and number > opener + 1:
            del waiting[waiting.index(opener) :]
            paired |= {opener, number}
        elif opener is None and piece.opens:
            waiting.append(number)
    return paired


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    for (bold, italic, link), alike in groupby(runs, key=lambda run: (run.bold, run.italic, run.link)):
        yield Run("".join(run.text for run in alike), bold, italic, link)
