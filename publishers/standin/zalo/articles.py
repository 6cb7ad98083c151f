"""The articles of all Official Accounts, as Zalo keeps them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isqrt
from typing import Any

from publishers.standin.journal import Journal
from publishers.standin.shown import Shown
from publishers.standin.zalo.rules import Refusal, check_article, unreachable

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

    @property
    def text(self) -> str:
        """What a reader reads: title and paragraphs."""
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
        for event in journal.replay():
            self._apply(event)

    def create(self, oa: str, asked: Mapping[str, Any]) -> str:
        """Take a new article and return its token. It is listed at once, its id is told later."""
        check_article(asked)
        return self._hand_in(oa, _name("article", oa, self._count), asked)

    def update(self, oa: str, asked: Mapping[str, Any]) -> str:
        """Take a whole article in place of an older one and return its token."""
        article = self.find(oa, str(asked.get("id", "")))
        check_article(asked)
        return self._hand_in(oa, article.id, asked)

    def verify(self, oa: str, token: str) -> str:
        """Return the id that belongs to a token.

        Raises:
            Refusal: still working, the pictures cannot be fetched, or no such token.
        """
        handed = self._handed.get(token)
        if handed is None or handed.oa != oa:
            raise Refusal(-201, "token is invalid")
        handed.asked += 1
        if handed.asked <= PENDING_REPLIES:
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

    def of(self, oa: str) -> list[Article]:
        """Return the articles of an OA, shown and hidden, newest first."""
        mine = [one for one in self._articles.values() if one.oa == oa and not one.removed]
        return mine[::-1]

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
            "type": "normal",
            "title": one.fields["title"],
            "status": one.fields["status"],
            "total_view": self._views(one),
            "total_share": self._views(one) // 40,
            "create_date": int(one.created.timestamp() * 1000),
            "update_date": int(one.updated.timestamp() * 1000),
            "thumb": one.fields["cover"]["photo_url"],
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
            visible=one.fields["status"] == "show",
            reach={"views": self._views(one), "shares": self._views(one) // 40},
        )

    def _views(self, one: Article) -> int:
        """Return views that grow with the root of the time shown, faster for some articles."""
        if one.shown_at is None:
            return 0
        seconds = max(0, int((self._now() - one.shown_at).total_seconds()))
        return isqrt(seconds * (9 + int(one.id[:2], 16)))

    def _hand_in(self, oa: str, article: str, asked: Mapping[str, Any]) -> str:
        token = _name("token", oa, self._count)
        self._record({"event": "handed", "oa": oa, "article": article, "token": token, "fields": dict(asked)})
        return token

    def _record(self, event: dict[str, Any]) -> None:
        event["at"] = self._now().isoformat()
        self._journal.append(event)
        self._apply(event)

    def _apply(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "removed":
            self._articles[event["article"]].removed = True
            return
        if event["event"] != "handed":
            return
        failed = unreachable(event["fields"])
        self._count += 1
        self._handed[event["token"]] = Handed(event["oa"], event["article"], failed)
        if not failed:
            self._keep(event)

    def _keep(self, event: Mapping[str, Any]) -> None:
        at = datetime.fromisoformat(event["at"])
        article = self._articles.get(event["article"])
        if article is None:
            article = Article(event["oa"], event["article"], event["fields"], at, at)
            self._articles[article.id] = article
        article.fields, article.updated = event["fields"], at
        if article.shown_at is None and event["fields"]["status"] == "show":
            article.shown_at = at


def _name(kind: str, oa: str, number: int) -> str:
    return hashlib.sha256(f"{kind} {oa} {number}".encode()).hexdigest()[:20]
