"""The articles of all Official Accounts, as Zalo keeps them."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isqrt
from typing import Any

from publishers.standin.journal import Journal
from publishers.standin.shown import Shown
from publishers.standin.zalo.broadcasts import Broadcasts
from publishers.standin.zalo.fetching import urls_of
from publishers.standin.zalo.films import Films, name_of
from publishers.standin.zalo.rules import Refusal, films_of

#: How often a fresh token is answered "being processed" before its id is told.
PENDING_REPLIES = 2


@dataclass(slots=True)
class Article:
    """One article; `shown_at` is when readers first saw it."""

    oa: str
    id: str
    fields: Mapping[str, Any]
    created: datetime
    updated: datetime
    shown_at: datetime | None = None
    removed: bool = False
    #: Address of a picture -> its path here, where it was fetched.
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What a reader reads: title and paragraphs."""
        if self.fields["type"] == "video":
            return f"{self.fields['title']}\n\n{self.fields['description']}"
        blocks = [block["content"] for block in self.fields["body"] if block["type"] == "text"]
        return "\n\n".join([self.fields["title"], *blocks])


@dataclass(slots=True)
class Handed:
    """One article handed in, known by its token until its pictures are fetched."""

    oa: str
    article: str
    failed: bool
    asked: int = 0


class Articles:
    """Articles and tokens, rebuilt from the journal."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay what the journal holds."""
        self._journal = journal
        self._now = now
        self._articles: dict[str, Article] = {}
        self._handed: dict[str, Handed] = {}
        self._count = 0
        self._pending = PENDING_REPLIES
        self.films = Films()
        self.broadcasts = Broadcasts(now)
        for event in journal.replay():
            self._apply(event)

    def work(self, *, replies: int) -> None:
        """Be at work on whatever is handed in for so many replies."""
        self._pending = self.films.working = replies

    def create(self, oa: str, asked: Mapping[str, Any], pictures: Mapping[str, str] | None) -> str:
        """Take a checked new article and return its token. It is listed at once, its id is told later.

        Without `pictures` one of them could not be fetched: that is told later as well.
        """
        return self._hand_in(oa, _name("article", oa, self._count), asked, pictures)

    def update(self, oa: str, asked: Mapping[str, Any], pictures: Mapping[str, str] | None) -> str:
        """Take a checked whole article in place of an older one and return its token."""
        return self._hand_in(oa, self.find(oa, str(asked.get("id", ""))).id, asked, pictures)

    def prepare(self, oa: str, name: str, content: bytes, *, path: str) -> str:
        """Take a video that lies at `path` here and return its token."""
        token = _name("film", oa, self._count)
        told = {"film": name_of(content + token.encode()), "token": token, "name": name, "path": path}
        self._record({"event": "film", "oa": oa, "size": len(content), **told})
        return token

    def push(self, oa: str, articles: Sequence[str]) -> str:
        """Push shown articles to the followers and return the id of the message."""
        if any(self.find(oa, article).fields["status"] != "show" for article in articles):
            raise Refusal(-201, "attachment_id is invalid")
        message = _name("message", oa, self._count)
        self._record({"event": "pushed", "oa": oa, "message": message, "articles": list(articles)})
        return message

    def verify(self, oa: str, token: str) -> str:
        """Return the id that belongs to a token.

        Raises:
            Refusal: still working, the pictures cannot be fetched, or no such token.
        """
        handed = self._handed.get(token)
        if handed is None or handed.oa != oa:
            raise Refusal(-201, "token is invalid")
        handed.asked += 1
        if handed.asked <= self._pending:
            raise Refusal(-214, "Article is being processed")
        if handed.failed:
            raise Refusal(-200, "Upload media failed")
        return handed.article

    def remove(self, oa: str, article: str) -> None:
        """Remove an article."""
        self.find(oa, article)
        self._record({"event": "removed", "article": article})

    def find(self, oa: str, article: str) -> Article:
        """Return an article of an OA.

        Raises:
            Refusal: it has none of that id.
        """
        found = self._articles.get(article)
        if found is None or found.removed or found.oa != oa:
            raise Refusal(-201, "id is invalid")
        return found

    def of(self, oa: str, kind: str) -> list[Article]:
        """Return the normal or video articles of an OA, shown and hidden, newest first."""
        mine = [one for one in self._articles.values() if one.oa == oa and not one.removed]
        return [one for one in mine[::-1] if one.fields["type"] == kind]

    def forget(self, before: datetime) -> None:
        """Forget articles that nobody touched since, and how they were handed in."""
        old = {one.id for one in self._articles.values() if one.updated < before}
        self._articles = {key: one for key, one in self._articles.items() if key not in old}
        self._handed = {key: one for key, one in self._handed.items() if one.article not in old}

    def owner(self, article: str) -> str:
        """Return the OA of an article."""
        return self._articles[article].oa

    def row(self, article: str) -> dict[str, Any]:
        """Return what the list tells of an article."""
        one = self._articles[article]
        return {
            "id": one.id,
            "type": one.fields["type"],
            "title": one.fields["title"],
            "status": one.fields["status"],
            "total_view": self._views(one),
            "total_share": self._views(one) // 40,
            "create_date": int(one.created.timestamp() * 1000),
            "update_date": int(one.updated.timestamp() * 1000),
            "thumb": urls_of(one.fields)[0],
        }

    def shown(self) -> list[Shown]:
        """Return every article that is there, oldest first."""
        return [self._shown(one) for one in self._articles.values() if not one.removed]

    def _shown(self, one: Article) -> Shown:
        return Shown(
            "zalo",
            one.oa,
            one.id,
            one.shown_at or one.created,
            one.text,
            title=one.fields["title"],
            note="pushed" if one.id in self._pushed() else "",
            visible=one.fields["status"] == "show",
            reach={"views": self._views(one), "shares": self._views(one) // 40},
            pictures=tuple(self._seen(one)),
        )

    def _seen(self, one: Article) -> Iterator[str]:
        """Yield where the pictures of an article are found, then its films."""
        yield from (one.pictures[url] for url in urls_of(one.fields) if url in one.pictures)
        yield from filter(None, map(self.films.path_of, films_of(one.fields)))

    def _pushed(self) -> set[str]:
        """Return the articles that followers got."""
        return {article for articles in self.broadcasts.messages.values() for article in articles}

    def _views(self, one: Article) -> int:
        """Return views that grow with the root of the time shown, faster for some articles."""
        if one.shown_at is None:
            return 0
        seconds = max(0, int((self._now() - one.shown_at).total_seconds()))
        return isqrt(seconds * (9 + int(one.id[:2], 16)))

    def _hand_in(
        self, oa: str, article: str, asked: Mapping[str, Any], pictures: Mapping[str, str] | None
    ) -> str:
        token = _name("token", oa, self._count)
        kept = {"fields": dict(asked), "pictures": None if pictures is None else dict(pictures)}
        self._record({"event": "handed", "oa": oa, "article": article, "token": token, **kept})
        return token

    def _record(self, event: dict[str, Any]) -> None:
        event["at"] = self._now().isoformat()
        self._journal.append(event)
        self._apply(event)

    def _apply(self, event: Mapping[str, Any]) -> None:
        self._count += event["event"] in {"film", "pushed", "handed"}
        match event["event"]:
            case "removed":
                self._articles[event["article"]].removed = True
            case "film":
                self.films.take(event)
            case "pushed":
                self.broadcasts.take(event)
            case "handed":
                failed = event["pictures"] is None
                self._handed[event["token"]] = Handed(event["oa"], event["article"], failed)
                if not failed:
                    self._keep(event)

    def _keep(self, event: Mapping[str, Any]) -> None:
        at = datetime.fromisoformat(event["at"])
        article = self._articles.get(event["article"])
        if article is None:
            article = Article(event["oa"], event["article"], event["fields"], at, at)
            self._articles[article.id] = article
        article.fields, article.updated, article.pictures = event["fields"], at, event["pictures"]
        if article.shown_at is None and event["fields"]["status"] == "show":
            article.shown_at = at


def _name(kind: str, oa: str, number: int) -> str:
    return hashlib.sha256(f"{kind} {oa} {number}".encode()).hexdigest()[:20]
