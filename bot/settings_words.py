"""Mistakes in settings, in words: where it stands, what is wrong, how to write it right."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Any

from bot.durations import write_duration
from bot.toml_lines import Path
from content_queue.texts import _

#: Tables that may stand several times -> what a key of theirs may look like: there is no default to show.
_LISTED: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("people",): {
        "name": '"Nguyễn Văn An"',
        "telegram_id": "123456789",
        "email": '"an.nguyen@vidu.vn"',
        "roles": '["approver"]',
        "agencies": '["*"]',
    },
    ("approval", "rules"): {
        "when": '{ tag = "phát ngôn" }',
        "needs": '["approver", "leader"]',
        "expires": '"48h"',
    },
    ("approval", "rules", "when"): {
        "agency": '"Sở Y tế"',
        "platform": '"zalo"',
        "campaign": '["Tuần lễ Du lịch"]',
        "tag": '"phát ngôn"',
        "language": '["en"]',
        "broadcast": "true",
        "relay": "true",
    },
}

#: Fields of settings that are written as one table each.
TABLES = ("people", "holds", "rules")

_SECRET = re.compile(r"\d{6,}:[\w-]{30,}|EA[A-Z][A-Za-z0-9]{20,}|^[0-9a-fA-F]{32,}$")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w.+/=-]{32,}", re.ASCII)
_ADDRESS = re.compile(r"(https?|socks5h?)://(?P<login>[^/@]*@)?[^/@\s]+\S*")


def looks_like_secret(value: str) -> bool:
    """Tell whether a value is a token or key rather than a name of one."""
    return bool(_SECRET.search(value) or _MIXED.fullmatch(value))


def at_line(line: int, message: str) -> str:
    """Put the place before a message."""
    return _("settings.toml dòng {line}: {message}").format(line=line, message=message)


def label(path: Path) -> str:
    """Write a path as it stands in the file: `[telegram] proxy`, `[[people]] (2) roles`."""
    names = [part for part in path if isinstance(part, str)]
    cut = next((n for n, part in enumerate(path) if isinstance(part, int)), 0)
    if tuple(names[:cut]) in _LISTED:
        place = f"[[{'.'.join(names[:cut])}]] ({int(path[cut]) + 1})"
        return " ".join([place, ".".join(names[cut:])]).rstrip()
    if tuple(names) in _LISTED:
        return f"[[{'.'.join(names)}]]"
    if len(names) == 1:
        return names[0]
    return f"[{names[0]}] {'.'.join(names[1:])}"


def unreadable(error: Exception) -> str:
    """Say why the file could not be read."""
    if isinstance(error, UnicodeDecodeError):
        return _("settings.toml không phải văn bản UTF-8. Hãy mở bằng trình soạn thảo và lưu lại dạng UTF-8.")
    return _("Không đọc được settings.toml ({kind}). Hãy kiểm tra quyền đọc của tệp.").format(
        kind=type(error).__name__
    )


def syntax(error: tomllib.TOMLDecodeError) -> str:
    """Say what is wrong with the TOML; the parser's own words are English."""
    told = str(error)
    for start, sentence in _syntax_sentences().items():
        if told.startswith(start):
            return sentence
    return _('sai cú pháp TOML. Mỗi dòng viết: khóa = giá trị, chữ đặt trong ngoặc kép. Ví dụ: name = "Tỉnh"')


def _syntax_sentences() -> Mapping[str, str]:
    return {
        "Invalid value": _("giá trị viết sai. Chữ phải đặt trong ngoặc kép; đúng/sai viết true/false"),
        "Expected '='": _("thiếu dấu = giữa tên và giá trị"),
        "Expected newline": _("mỗi dòng chỉ viết một mục; phần thừa ở cuối dòng"),
        "Unclosed array": _("danh sách chưa đóng bằng dấu ]"),
        "Unterminated string": _("chuỗi chữ chưa đóng ngoặc kép"),
        "Illegal character": _("chuỗi chữ chưa đóng ngoặc kép, hoặc có ký tự lạ"),
        "Invalid statement": _("dòng này không phải một mục. Tên mục chỉ gồm chữ không dấu, số, dấu _"),
        "Cannot overwrite a value": _("mục này đã viết ở trên; chỉ giữ một dòng"),
        "Cannot declare": _("phần trong ngoặc vuông này đã có ở trên; hãy gộp làm một"),
        "Unescaped '\\'": _("trong ngoặc kép, dấu \\ phải viết thành \\\\"),
    }


def shape_mistakes(raw: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Find secrets and bad addresses, wherever they stand."""
    for path, value in _leaves(raw):
        address = _ADDRESS.fullmatch(value)
        if looks_like_secret(value):
            yield (
                path,
                _(
                    "giống một khóa bí mật. Hãy viết tên của khóa bí mật, không viết chính khóa; "
                    "khóa để trong thư mục secrets/"
                ),
            )
        elif address and address["login"]:
            yield path, _("địa chỉ có mật khẩu. Không viết mật khẩu trong tệp này; hãy bỏ phần trước dấu @")
        elif value and not address and str(path[-1]).endswith(("_url", "proxy")):
            yield path, _("cần một địa chỉ. Ví dụ: {example}").format(example='"https://vidu.vn"')


def _leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every string and where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, Sequence):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))


def mistake(told: Mapping[str, Any], defaults: object) -> tuple[Path, str]:
    """Turn one pydantic error into a path and a sentence; `defaults` are settings to show examples from."""
    path: Path = told["loc"]
    if told["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return path, _unknown(str(path[-1]), known_keys(path[:-1], defaults))
    if told["type"] == "missing":
        return path, _("thiếu mục này. Ví dụ: {key} = {example}").format(
            key=path[-1], example=example(path, defaults)
        )
    context = {name: str(value).replace(" or ", ", ") for name, value in told.get("ctx", {}).items()}
    sentence = _sentences().get(told["type"], _("giá trị không hợp lệ")).format(**context)
    if told["type"] != "value_error":
        sentence = _("{sentence}. Ví dụ: {example}").format(
            sentence=sentence, example=example(path, defaults)
        )
    if isinstance(told["input"], str | int | float):
        return path, f"{json.dumps(told['input'], ensure_ascii=False)}: {sentence}"
    return path, sentence


def _unknown(key: str, known: Sequence[str]) -> str:
    close = get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return _('không có mục này. Có phải "{close}"?').format(close=close[0])
    return _("không có mục này. Các mục có thể dùng: {known}").format(known=", ".join(known))


def _sentences() -> Mapping[str, str]:
    """Pydantic's error types that a TOML file can cause -> what to write."""
    return {
        "int_type": _("cần một số nguyên"),
        "bool_type": _("cần true hoặc false, không có ngoặc kép"),
        "string_type": _("cần chữ trong ngoặc kép"),
        "string_too_short": _("không được để trống"),
        "string_pattern_mismatch": _("chỉ dùng chữ không dấu, số và các dấu - _ . trong tên"),
        "literal_error": _("chỉ nhận một trong: {expected}"),
        "tuple_type": _("cần một danh sách trong ngoặc vuông"),
        "frozen_set_type": _("cần một danh sách trong ngoặc vuông"),
        "too_short": _("danh sách không được để trống"),
        "dataclass_type": _("cần một phần riêng mở đầu bằng tên trong ngoặc vuông"),
        "greater_than": _("cần số lớn hơn {gt}"),
        "greater_than_equal": _("cần số từ {ge} trở lên"),
        "less_than_equal": _("cần số không quá {le}"),
        "value_error": "{error}",
    }


def known_keys(path: Path, defaults: object) -> tuple[str, ...]:
    """Return the keys that may stand at `path`."""
    names = tuple(part for part in path if isinstance(part, str))
    if names in _LISTED:
        return tuple(_LISTED[names])
    place = defaults
    for part in path:
        place = getattr(place, str(part))
    return tuple(item.name for item in fields(place)) if is_dataclass(place) else ()


def example(path: Path, defaults: object) -> str:
    """Return a value that would do at `path`, as TOML."""
    names = tuple(part for part in path if isinstance(part, str))
    if names in _LISTED:
        return _LISTED.get(names[:-1], {}).get(names[-1], f"[[{'.'.join(names)}]]")
    if names[:-1] in _LISTED:
        return _LISTED[names[:-1]][names[-1]]
    place: Any = defaults
    for name in names:
        place = getattr(place, name)
    return f"[{names[0]}]" if is_dataclass(place) else as_toml(place)


def as_toml(value: object) -> str:
    """Write a settings value as TOML."""
    if isinstance(value, timedelta):
        return f'"{write_duration(value)}"'
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, tuple):
        return f"[{', '.join(as_toml(inner) for inner in value)}]"
    return json.dumps(value, ensure_ascii=False)
