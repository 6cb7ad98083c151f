"""What lies on the Pages: posts, photos, films and comments, kept in the journal."""

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
    film: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Film:
    """One video or Reel: `got` bytes of `size` have come; `post` shows it once it is finished.

    `fault` is why it cannot be shown. A `path` is where the page of the stand-ins finds it.
    """

    id: str
    page: str
    reel: bool
    size: int
    got: int = 0
    path: str = ""
    post: str = ""
    fault: str = ""
    #: How often somebody asked for it since it was finished: work takes some looks.
    looks: int = 0


class Wall:
    """All that lies on the Pages; every change is an event, and the events make the wall."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay the journal."""
        self.posts: dict[str, Post] = {}
        self.photos: dict[str, Photo] = {}
        self.films: dict[str, Film] = {}
        #: Whether a post with that id ever was.
        self.gone: set[str] = set()
        self._journal = journal
        self._now = now
        self._count = 0
        self._changes: Mapping[str, Callable[[dict[str, Any]], object]] = {
            "photo": lambda told: self.photos.update({told["id"]: Photo(**told)}),
            "film": lambda told: self.films.update({told["id"]: Film(**told)}),
            "film_came": self._come,
            "post": self._put,
            "edit": self._edit_post,
            "reveal": self._show,
            "comment": self._comment_on,
            "delete": self._drop,
        }
        for event in journal.replay():
            self._apply(event)

    def upload(self, page: str, picture: str, alt: str) -> Photo:
        """Keep a photo that nobody sees yet."""
        event = {"event": "photo", "id": self._next_id(), "page": page, "picture": picture, "alt": alt}
        self._change(event)
        return self.photos[event["id"]]

    def film(self, page: str, size: int, *, reel: bool) -> Film:
        """Begin a film of which nothing has come yet."""
        film = self._next_id()
        self._change({"event": "film", "id": film, "page": page, "size": size, "reel": reel})
        return self.films[film]

    def film_came(self, film: str, **more: Any) -> None:
        """Note what is new of a film: got, path, fault, looks."""
        self._change({"event": "film_came", "id": film, **more})

    def comment(self, post: str, message: str) -> str:
        """Put a comment under a post and return its id."""
        number = f"{post.partition('_')[2]}_{self._next_id()}"
        self._change({"event": "comment", "id": post, "message": message})
        return number

    def post(self, page: str, message: str, **more: Any) -> Post:
        """Make a post; `more` may hold link, photos (ids), film (id) and published."""
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
        """Take away a post, a photo or a film."""
        self._change({"event": "delete", "id": node})

    def forget(self, before: datetime) -> None:
        """Forget older posts."""
        self.posts = {key: post for key, post in self.posts.items() if post.at >= before}

    def published(self, page: str) -> list[Post]:
        """Return what readers of a Page see, newest first; Reels are not listed."""
        return [post for post in self.feed(page) if post.published and not self.is_reel(post)]

    def is_reel(self, post: Post) -> bool:
        """Tell whether a post is a Reel's."""
        return post.film in self.films and self.films[post.film].reel

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
        self._changes[event["event"]](told)

    def _put(self, told: Mapping[str, Any]) -> None:
        photos = tuple(told.get("photos", ()))
        post = Post(**{**told, "at": datetime.fromisoformat(told["at"]), "photos": photos})
        self.posts[post.id] = post
        for photo in photos:
            self.photos[photo] = replace(self.photos[photo], post=post.id)
        if post.film:
            self.films[post.film] = replace(self.films[post.film], post=post.id)

    def _come(self, told: Mapping[str, Any]) -> None:
        self.films[told["id"]] = replace(self.films[told["id"]], **told)

    def _edit_post(self, told: Mapping[str, Any]) -> None:
        self.posts[told["id"]] = replace(self.posts[told["id"]], message=told["message"])

    def _show(self, told: Mapping[str, Any]) -> None:
        at = datetime.fromisoformat(told["at"])
        self.posts[told["id"]] = replace(self.posts[told["id"]], published=True, at=at)

    def _comment_on(self, told: Mapping[str, Any]) -> None:
        post = self.posts[told["id"]]
        self.posts[post.id] = replace(post, comments=(*post.comments, told["message"]))

    def _drop(self, told: Mapping[str, Any]) -> None:
        node = told["id"]
        self.gone.add(node)
        post = self.posts.pop(node, None)
        self.photos.pop(node, None)
        self.films.pop(post.film if post else node, None)
