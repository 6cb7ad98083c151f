"""Every text for a person passes the one gettext door and is translated."""

import ast
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "content_queue", "publishers", "schedules")
LOCALE = ROOT / "content_queue/locale"
ENGLISH = LOCALE / "en/LC_MESSAGES/loa.po"

#: Modules whose Vietnamese is data and no message: pattern -> why.
DATA: Mapping[str, str] = {
    "content_queue/localize/*": "forms of languages and names of placeholders, the same in every interface",
    "publishers/options.py": "defaults that an office may change",
    "publishers/standin/*": "the stand-ins speak as the platforms do",
    "bot/demo/province.py": "the sample province's own people, posts and files",
    "bot/approving/delegating.py": "words of a delegation, as people type them",
    "bot/undoing/demands.py": "words of a demand, as people type them",
    "bot/holding/ready.py": "defaults that an office may change",
    "bot/holding/scopes.py": "words of a scope, as people type them",
    "bot/holding/words.py": "words of an order, as people type them",
    "schedules/channels.py": "names of columns, as people write them",
    "schedules/columns.py": "names of columns, as people write them",
    "schedules/former.py": "names of places and bodies as they were",
    "schedules/forms.py": "words of the column Dạng, as people write them",
    "schedules/glossary.py": "how terms are used, as people write it",
    "schedules/languages.py": "names of languages, as people write them",
    "schedules/own_words.py": "what an office may give a word for, as people write it",
    "schedules/translation_checks.py": "units behind a figure, as people write them",
    "schedules/translation_rows.py": "names of sheets and columns, as people write them",
    "schedules/wording.py": "letters as old code pages mangle them",
}

#: Single words that are data, and why.
WORDS: Mapping[str, str] = {
    "Văn phòng truyền thông tỉnh Gia Lai": "a default that an office may change",
    '"Nguyễn Văn An"': "an example of a person's name",
    '{ tag = "phát ngôn" }': "an example of a rule",
    '"Sở Y tế"': "an example of an agency",
    '["Tuần lễ Du lịch"]': "an example of a campaign",
    '"phát ngôn"': "an example of a tag",
    "lịch nội dung": "who acted, in the audit",
    "hạn mức": "how Zalo answers",
    "Chưa rõ nguồn tin": "what the sample province's approver types",
    "công khai": "what the column Độ mật holds",
    " âm lịch": "what a lunar date ends with, as people write it",
}


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All messages of the source tree, found as `make messages` finds them."""
    template = tmp_path_factory.mktemp("messages") / "loa.pot"
    pybabel = [sys.executable, "-W", "ignore", "-m", "babel.messages.frontend", "-q", "extract"]
    subprocess.run([*pybabel, "-F", "pyproject.toml", "-o", template, *ROOMS], cwd=ROOT, check=True)
    return read_catalogue(template)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_catalogue(ENGLISH)


def ids(catalogue: Catalog) -> list[str]:
    return sorted(str(message.id) for message in catalogue if message.id)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogue_holds_what_the_source_says(extracted: Catalog, english: Catalog) -> None:
    """No message is missing and none is left over; `make messages` mends both."""
    assert ids(english) == ids(extracted)


@pytest.mark.parametrize("path", sorted(path.relative_to(LOCALE).as_posix() for path in LOCALE.rglob("*.po")))
def test_nothing_is_untranslated_fuzzy_or_obsolete(path: str) -> None:
    """A catalogue is finished or fails."""
    catalogue = read_catalogue(LOCALE / path)
    unfinished = [message.id for message in catalogue if message.id and (message.fuzzy or not message.string)]
    assert (unfinished, list(catalogue.obsolete)) == ([], [])


def test_translations_keep_the_fields(english: Catalog) -> None:
    """What is put into a message is put into its translation."""
    texts = {str(message.id): str(message.string) for message in english if message.id}
    assert {text: fields(text) for text in texts} == {text: fields(said) for text, said in texts.items()}


def test_translations_are_no_vietnamese(english: Catalog) -> None:
    """Only names and quoted words of the screens keep their marks."""
    texts = {str(message.id): str(message.string) for message in english if message.id}
    copied = [text for text, said in texts.items() if said == text and is_vietnamese(text)]
    assert copied == []


def test_the_catalogue_compiles(english: Catalog, tmp_path: Path) -> None:
    """What the build writes is what gettext reads."""
    compiled = tmp_path / "loa.mo"
    with compiled.open("wb") as file:
        write_mo(file, english)
    with compiled.open("rb") as file:
        speaking = GNUTranslations(file)
    assert {speaking.gettext(text) for text in ids(english)} == {str(m.string) for m in english if m.id}


def is_vietnamese(text: str) -> bool:
    """Tell whether a text has Vietnamese words: letters with marks, or đ, and not one alone."""
    return len(text) > 1 and bool(
        re.search(r"[a-z][\u0300-\u036f]|đ", unicodedata.normalize("NFD", text.casefold()))
    )


def outside_gettext(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the string constants that are neither docstrings nor arguments of `_` and `N_`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "N_"}:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        yield from outside_gettext(node)


def modules() -> list[str]:
    found = (path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in found if not any(fnmatch(path, pattern) for pattern in DATA))


@pytest.mark.parametrize("module", modules())
def test_no_vietnamese_passes_by_gettext(module: str) -> None:
    """A sentence for people stands in `_(…)`; data stands in the modules listed here with a reason."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    words = [
        node for node in outside_gettext(tree) if is_vietnamese(str(node.value)) and node.value not in WORDS
    ]
    found = [f"{module}:{node.lineno}: {node.value!r}" for node in words]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "Lịch"', ["Lịch"]),
        ('x = f"Lịch {y}"', ["Lịch "]),
        ('x = _("Lịch")', []),
        ('x = N_("Lịch " "nội dung").format(a="đủ")', ["đủ"]),
        ('def f():\n    """Lịch."""', []),
        ('x = "plain English"', []),
    ],
)
def test_the_search_itself_finds_what_it_should(source: str, found: list[str]) -> None:
    """The check above can fail."""
    assert [
        node.value for node in outside_gettext(ast.parse(source)) if is_vietnamese(str(node.value))
    ] == found


def test_every_exception_still_exists() -> None:
    """The lists of data hold nothing that is gone."""
    source = "\n".join(
        path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")
    )
    gone = [pattern for pattern in DATA if not any(ROOT.glob(pattern))]
    gone += [word for word in WORDS if word not in source]
    assert gone == []
