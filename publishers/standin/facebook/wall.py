"""What lies on the Pages: posts and photos, kept in the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from publishers.standin.journal import Journal

#: Ids begin here, so that none is taken for a Page's.
FIRST_ID = 122_000_000_000_000


@dataclass(frozen=True, slots=True)
class Photo:
    """One uploaded photo; `post` is the post that shows it, empty while nobody sees it."""

    id: str
    page: str
    picture: str
    alt: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a Page; `at` is when it was made, UTC."""

    id: str
    page: str
    at: datetime
    message: str
    link: str = ""
    photos: tuple[str, ...] = ()
    published: bool = True


class Wall:
    """All posts and photos; every change is an event, and the events make the wall."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay the journal."""
        self.posts: dict[str, Post] = {}
        self.photos: dict[str, Photo] = {}
        #: Whether a post with that id ever was.
        self.gone: set[str] = set()
        self._journal = journal
        self._now = now
        self._count = 0
        for event in journal.replay():
            self._apply(event)

    def upload(self, page: str, picture: str, alt: str) -> Photo:
        """Keep a photo that nobody sees yet."""
        event = {"event": "photo", "id": self._next_id(), "page": page, "picture": picture, "alt": alt}
        self._change(event)
        return self.photos[event["id"]]

    def post(self, page: str, message: str, **more: Any) -> Post:
        """Make a post; `more` may hold link, photos (ids) and published."""
        made = {"event": "post", "id": f"{page}_{self._next_id()}", "at": self._now().isoformat()}
        self._change({**made, "page": page, "message": message, **more})
        return self.posts[made["id"]]

    def edit(self, post: str, message: str) -> None:
        """Change the words of a post."""
        self._change({"event": "edit", "id": post, "message": message})

    def reveal(self, post: str) -> None:
        """Publish a post that nobody saw; one that is published stays as it is."""
        if not self.posts[post].published:
            self._change({"event": "reveal", "id": post, "at": self._now().isoformat()})

    def delete(self, node: str) -> None:
        """Take away a post or a photo."""
        self._change({"event": "delete", "id": node})

    def forget(self, before: datetime) -> None:
        """Forget older posts."""
        self.posts = {key: post for key, post in self.posts.items() if post.at >= before}

    def published(self, page: str) -> list[Post]:
        """Return what readers of a Page see, newest first."""
        return [post for post in reversed(self.posts.values()) if post.page == page and post.published]

    def feed(self, page: str) -> list[Post]:
        """Return all posts of a Page, unpublished ones too, newest first."""
        return [post for post in reversed(self.posts.values()) if post.page == page]

    def _next_id(self) -> str:
        return str(FIRST_ID + self._count)

    def _change(self, event: Mapping[str, Any]) -> None:
        self._journal.append(event)
        self._apply(event)

    def _apply(self, event: Mapping[str, Any]) -> None:
        """Change the wall as an event says."""
        self._count += 1
        told = {name: value for name, value in event.items() if name != "event"}
        match event["event"]:
            case "photo":
                self.photos[told["id"]] = Photo(**told)
            case "post":
                self._put(told)
            case "edit":
                self.posts[told["id"]] = replace(self.posts[told["id"]], message=told["message"])
            case "reveal":
                shown = replace(self.posts[told["id"]], published=True, at=datetime.fromisoformat(told["at"]))
                self.posts[shown.id] = shown
            case "delete":
                self._drop(told["id"])

    def _put(self, told: Mapping[str, Any]) -> None:
        photos = tuple(told.get("photos", ()))
        self.posts[told["id"]] = Post(**{**told, "at": datetime.fromisoformat(told["at"]), "photos": photos})
        for photo in photos:
            self.photos[photo] = replace(self.photos[photo], post=told["id"])

    def _drop(self, node: str) -> None:
        self.gone.add(node)
        self.posts.pop(node, None)
        self.photos.pop(node, None)
