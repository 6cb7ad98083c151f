"""What a hold covers: read from a person's words, and kept within what the person answers for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.moments import show
from bot.people import ANSWERING
from content_queue.models import Hold, Person, Post
from content_queue.states import PostState
from content_queue.store import Connection
from content_queue.store.approvals import PROVINCE, NotAllowedError
from content_queue.store.posts import posts_in
from content_queue.texts import N_, _
from content_queue.words import platform_name
from schedules.agencies import key as agency_key
from schedules.agencies import name_agencies
from schedules.languages import LANGUAGES
from schedules.names import fold, nearest

Scope = dict[str, list[str]]

#: Keys of a scope -> what people call them, in the order in which they are shown.
KINDS: Mapping[str, str] = {
    "agencies": N_("cơ quan"),
    "channels": N_("kênh"),
    "platforms": N_("nền tảng"),
    "campaigns": N_("đợt"),
    "tags": N_("thẻ"),
    "languages": N_("ngôn ngữ"),
}
#: Words that open a name -> key of the scope. `thẻ` without its marks may be any word, so it needs them.
KEYWORDS: Mapping[str, str] = {
    "kênh": "channels", "kenh": "channels", "channel": "channels",
    "nền tảng": "platforms", "nen tang": "platforms", "platform": "platforms",
    "cơ quan": "agencies", "co quan": "agencies", "agency": "agencies",
    "đợt": "campaigns", "dot": "campaigns", "campaign": "campaigns",
    "thẻ": "tags", "tag": "tags",
    "ngôn ngữ": "languages", "ngon ngu": "languages", "language": "languages",
}  # fmt: skip
#: How far around now posts are looked at.
AROUND = timedelta(days=400)
PLATFORMS = ("facebook", "zalo", "telegram", "site")
EVERYTHING = ("tất cả các kênh", "tat ca cac kenh", "tất cả", "tat ca", "toàn bộ", "toan bo", "all")
_DOCUMENT = re.compile(r"\b(?:số|so) (?:vb|văn bản|van ban)\s*:?\s*(?P<number>\S+)", re.IGNORECASE)
_BETWEEN = re.compile(r"^(?:[\s,;]+|và\b|va\b|and\b)+", re.IGNORECASE)
_BEFORE_REASON = re.compile(r"^[\s,;:.\-–]*(?:(?:vì|lý do|ly do|because|reason)\b[\s:]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that may stand in a scope: key of the scope -> folded spelling -> value."""

    values: Mapping[str, Mapping[str, str]]

    def find(self, kind: str, name: str) -> str:
        """Return the value that a name stands for.

        Raises:
            NotAllowedError: there is none; the nearest ones are proposed.
        """
        value = self.values[kind].get(fold(name.lstrip("#")))
        if value is None:
            close = ", ".join(f"“{near}”" for near in nearest(name, self.values[kind].values()))
            told = _("Không có {kind} “{name}”.").format(kind=_(KINDS[kind]), name=name)
            raise NotAllowedError(told + (" " + _("Có phải {names}?").format(names=close) if close else ""))
        return value

    def longest(self, kind: str, text: str) -> tuple[str, str] | None:
        """Return the value of the longest name that `text` begins with, and what follows it."""
        words = text.split()
        for count in range(min(len(words), 12), 0, -1):
            head = " ".join(words[:count]).strip(",;:.")
            value = self.values[kind].get(fold(head.lstrip("#")))
            if value is not None:
                return value, " ".join(words[count:])
        return None


def known_posts(connection: Connection, now: datetime) -> list[Post]:
    """Return the posts whose campaigns and tags people may name."""
    return posts_in(connection, states=tuple(PostState), first=now - AROUND, last=now + AROUND)


def names_of(desk: Desk, posts: Sequence[Post]) -> Names:
    """Gather the names of an office, with the campaigns and tags of its posts."""
    platforms = {fold(word): each for each in PLATFORMS for word in (each, platform_name(each))}
    return Names(
        {
            "channels": {fold(channel.name): channel.name for channel in desk.channels},
            "platforms": platforms,
            "agencies": _agency_names(desk),
            "campaigns": {fold(post.campaign): post.campaign for post in posts if post.campaign},
            "tags": {fold(tag.lstrip("#")): tag for post in posts for tag in post.tags},
            "languages": {fold(name): code for code, names in LANGUAGES.items() for name in (code, *names)},
        }
    )


def _agency_names(desk: Desk) -> dict[str, str]:
    codes = dict(name_agencies(desk.agencies).codes)
    full = {fold(name): agency.code for agency in desk.agencies.values() for name in agency.names.values()}
    return {agency_key(name): code for name, code in codes.items()} | full


def read_stop(text: str, names: Names) -> tuple[Scope, str, str]:
    """Read `[scope] reason [số VB number]` and return scope, reason and document number.

    Without words for a scope everything is meant. A scope is `kênh …`, `nền tảng …`, `cơ quan …`,
    `thẻ …`, `đợt …`, `ngôn ngữ …`, a platform's name alone, `#tag`, or `tất cả`.

    Raises:
        NotAllowedError: a name is not known.
    """
    document, rest = _document_of(text)
    scope: Scope = {}
    while (found := _next_name(rest, names)) is not None:
        kind, value, rest = found
        if kind:
            scope.setdefault(kind, []).append(value)
        rest = _BETWEEN.sub("", rest)
    return scope, _reason(rest), document


def read_why(text: str) -> tuple[str, str]:
    """Read `reason [số VB number]` of what is chosen already, so that names in it are only words."""
    document, rest = _document_of(text)
    return _reason(rest), document


def _document_of(text: str) -> tuple[str, str]:
    found = _DOCUMENT.search(text)
    return found["number"].strip(".,;") if found else "", " ".join(_DOCUMENT.sub(" ", text).split())


def _reason(rest: str) -> str:
    return _BEFORE_REASON.sub("", rest, count=1).strip(" ,;")


def _next_name(text: str, names: Names) -> tuple[str, str, str] | None:
    """Return (key, value, rest) of the name that `text` begins with; an empty key is everything."""
    lower = text.lower()
    for words in EVERYTHING:
        if _begins(lower, words):
            return "", "", text[len(words) :].strip()
    if text.startswith("#"):
        word, _blank, rest = text.partition(" ")
        return "tags", names.find("tags", word.strip(",;:.")), rest
    for words, kind in KEYWORDS.items():
        if _begins(lower, words):
            return _named(kind, text[len(words) :].strip(), names)
    bare = names.longest("platforms", text)
    return ("platforms", *bare) if bare else None


def _named(kind: str, text: str, names: Names) -> tuple[str, str, str]:
    quoted = re.match(r"[\"“”']([^\"“”']+)[\"“”']", text)
    if quoted:
        return kind, names.find(kind, quoted[1]), text[quoted.end() :].strip()
    found = names.longest(kind, text)
    if found is None:
        return kind, names.find(kind, " ".join(text.split()[:4])), ""  # raises, with what was meant
    return kind, *found


def _begins(text: str, words: str) -> bool:
    return text == words or text.startswith((f"{words} ", f"{words}:", f"{words},"))


def allowed_scope(person: Person, scope: Mapping[str, Sequence[str]], desk: Desk) -> Scope:
    """Return the scope, narrowed to the person's own agencies where it names none.

    Raises:
        NotAllowedError: the person may not stop this.
    """
    if not person.roles & ANSWERING:
        raise NotAllowedError(_("{name} không có quyền tạm dừng đăng bài.").format(name=person.name))
    kept = {kind: list(values) for kind, values in scope.items() if values}
    if PROVINCE in person.agencies:
        return kept
    foreign = set(_agencies_named(kept, desk)) - person.agencies
    if foreign:
        names = ", ".join(sorted(desk.agency_name(code) for code in foreign))
        raise NotAllowedError(
            _("{name} không phụ trách {agencies}.").format(name=person.name, agencies=names)
        )
    return kept if "agencies" in kept else {**kept, "agencies": sorted(person.agencies)}


def _agencies_named(scope: Mapping[str, Sequence[str]], desk: Desk) -> list[str]:
    channels = scope.get("channels", ())
    owners = [channel.agency for channel in desk.channels if channel.name in channels]
    return [*scope.get("agencies", ()), *owners]


def show_scope(scope: Mapping[str, Sequence[str]], desk: Desk) -> str:
    """Say in words what a scope covers."""
    if not scope:
        return _("tất cả các kênh")
    return "; ".join(
        f"{_(word)} {', '.join(_shown(kind, value, desk) for value in scope[kind])}"
        for kind, word in KINDS.items()
        if scope.get(kind)
    )


def _shown(kind: str, value: str, desk: Desk) -> str:
    if kind == "agencies":
        return desk.agency_name(value)
    return platform_name(value) if kind == "platforms" else value


def show_hold(hold: Hold, desk: Desk) -> str:
    """Say a hold in one line: number, scope, times, reason, document, who; number 0 is only thought of."""
    document = _(" (văn bản số {number})").format(number=hold.document) if hold.document else ""
    head = _("Lệnh tạm dừng số {id}").format(id=hold.id) if hold.id else _("Lệnh tạm dừng")
    return _("{head}: {scope}. Lý do: {reason}{document}. Người ra lệnh: {person}.").format(
        head=head,
        scope=show_scope(hold.scope, desk) + _spared_and_when(hold),
        reason=hold.reason.rstrip("."),
        document=document,
        person=hold.person,
    )


def _spared_and_when(hold: Hold) -> str:
    spares = _(", trừ thẻ {tags}").format(tags=", ".join(hold.spares)) if hold.spares else ""
    begins = _(", từ {moment}").format(moment=show(hold.starts_at)) if hold.starts_at else ""
    ends = _(", dự kiến đến {moment}").format(moment=show(hold.until)) if hold.until else ""
    return spares + begins + ends
