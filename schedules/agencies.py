"""Know the bodies that speak: one committee for each commune, and the active bodies of the province."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from content_queue.models import Agency
from content_queue.texts import _
from schedules.former import FORMER
from schedules.names import fold, nearest
from schedules.refusals import ReadError

#: Set under the posts of every body of the province; a commune adds its own name.
PROVINCE_TAG = "#GiaLai"

#: Districts ended on 01/7/2025; plans made before still name them.
_DISTRICT = re.compile(r"(?:ubnd )?(?:huyen|thi xa|thanh pho|tp) .+")
_COMMITTEE = "ubnd "
_KIND = re.compile(r"(?:ubnd )?(?:xa|phuong) ")


@dataclass(frozen=True, slots=True)
class AgencyNames:
    """Every spelling that an agency is found by: compared key -> code, and the names to propose."""

    codes: Mapping[str, str]
    shown: Mapping[str, str]

    def find(self, words: str) -> str:
        """Return the code of the agency that `words` names.

        Raises:
            ReadError: there is none; former bodies are told with their successor.
        """
        code = self.codes.get(key(words))
        if code is None:
            raise _refusal(words, self.shown)
        return code


def former_name(text: str) -> tuple[str, str] | None:
    """Return a name in a text that ended on 01/7/2025, and what to write; None if there is none."""
    found = FORMER.search(text)
    if found is None:
        return None
    row = _former().get(key(found[0]))
    successor = next(
        (r["name_vi"] for r in _rows("agencies.csv") if row and r["code"] == row["successor"]), ""
    )
    now = _("Nay là “{name}”; nếu nói về thời trước thì để vậy.").format(name=successor)
    return found[0], now if successor else _("Ghi tên hiện nay; nếu nói về thời trước thì để vậy.")


def load() -> dict[str, Agency]:
    """Return every agency of the province that can speak today, by code."""
    bodies = (_body(row) for row in _rows("agencies.csv") if row["status"] == "active")
    communes = (_commune(row) for row in _rows("units.csv"))
    return {agency.code: agency for agency in (*bodies, *communes)}


def name_agencies(agencies: Mapping[str, Agency]) -> AgencyNames:
    """Index agencies by each of their spellings: code, full and short names, official abbreviations."""
    codes = {spelling: agency.code for agency in agencies.values() for spelling in _spellings(agency)}
    also = {key(word): row["code"] for row in _rows("agencies.csv") for word in _words(row["aliases"])}
    codes = {spelling: code for spelling, code in also.items() if code in agencies} | codes
    return AgencyNames(codes, {agency.names["vi"]: agency.code for agency in agencies.values()})


def key(words: str) -> str:
    """Return what names of agencies are compared by: `Ủy ban nhân dân xã An Hoà` is `ubnd xa an hoa`."""
    plain = re.sub(r"[,.()/&]+", " ", fold(words)).replace("uy ban nhan dan", "ubnd")
    return fold(plain)


def _body(row: Mapping[str, str]) -> Agency:
    return Agency(row["code"], {"vi": row["name_vi"], "en": row["name_en"]}, (PROVINCE_TAG,))


def _commune(row: Mapping[str, str]) -> Agency:
    names = {
        "vi": f"UBND {row['type']} {row['name']}",
        "en": f"People's Committee of {row['name_en']}",
    }
    own = "#" + "".join(word[:1].upper() + word[1:] for word in row["slug"].split("-"))
    return Agency(row["slug"], names, (PROVINCE_TAG, own))


def _spellings(agency: Agency) -> Iterator[str]:
    """Give the compared keys of one agency: `UBND xã An Hòa` is also `xã An Hòa` and `An Hòa`."""
    yield key(agency.code)
    for name in agency.names.values():
        whole = key(name)
        yield whole
        yield whole.removeprefix("people's committee of ")
        if _KIND.match(whole):
            yield whole.removeprefix(_COMMITTEE)
            yield _KIND.sub("", whole, count=1)


def _refusal(words: str, shown: Mapping[str, str]) -> ReadError:
    if former := _former().get(key(words)):
        return _gone(former)
    if _DISTRICT.fullmatch(key(words)):
        message = _("“{words}”: không còn cấp huyện từ ngày 01/7/2025.").format(words=words)
        hint = _("Ghi UBND xã, phường nơi ấy hoặc một cơ quan cấp tỉnh.")
        return ReadError("agency_former", message, hint=hint)
    message = _("Không có cơ quan “{words}”.").format(words=words)
    return ReadError("agency_unknown", message, hint=_meant(nearest(words, shown)))


def _gone(row: Mapping[str, str]) -> ReadError:
    if row["status"] == "addressee":
        message = _("“{name}” là tên gọi chung, không phải một cơ quan đứng tên.").format(name=row["name_vi"])
        return ReadError("agency_collective", message, hint=_("Ghi tên một cơ quan cụ thể."))
    message = _("“{name}” không còn hoạt động.").format(name=row["name_vi"])
    successor = next((r["name_vi"] for r in _rows("agencies.csv") if r["code"] == row["successor"]), "")
    hint = _("Nay là “{name}”.").format(name=successor) if successor else _("Ghi cơ quan đang làm việc ấy.")
    return ReadError("agency_former", message, hint=hint)


def _meant(names: Iterable[str]) -> str:
    found = ", ".join(f"“{name}”" for name in names)
    if not found:
        return _("Chọn tên trong trang Danh mục của tệp mẫu.")
    return _("Có phải {names}?").format(names=found)


@cache
def _former() -> Mapping[str, Mapping[str, str]]:
    """Return the bodies that cannot speak, by each spelling."""
    silent = [row for row in _rows("agencies.csv") if row["status"] != "active"]
    return {
        key(word): row for row in silent for word in (row["code"], row["name_vi"], *_words(row["aliases"]))
    }


def _words(cell: str) -> list[str]:
    return [word for word in cell.split(";") if word]


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    text = files("schedules.data").joinpath(name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
