"""How Graph spells what it knows of a post. Pure."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, TypeVar

from publishers.standin.facebook import reach
from publishers.standin.facebook.call import Call
from publishers.standin.facebook.wall import Post

T = TypeVar("T")


def post_fields(post: Post, wanted: set[str], *, seen: int) -> dict[str, Any]:
    """Return the fields asked for; empty ones and zero shares are left out."""
    known = {
        "id": post.id,
        "message": post.message or None,
        "created_time": post.at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "permalink_url": f"https://www.facebook.com/{post.id}",
        "is_published": post.published,
        "is_hidden": False,
        "attachments": attachments(post),
        "shares": {"count": reach.shares(seen)} if reach.shares(seen) else None,
    }
    return {name: value for name, value in known.items() if name in wanted and value is not None}


def attachments(post: Post) -> dict[str, Any] | None:
    """Return what hangs on a post: a film, one photo, an album of several, or a link."""
    if post.film:
        return {"data": [{"media_type": "video", "target": {"id": post.film}}]}
    rows = [{"media_type": "photo", "target": {"id": photo}} for photo in post.photos]
    if len(rows) > 1:
        return {"data": [{"media_type": "album", "target": {"id": "1"}, "subattachments": {"data": rows}}]}
    if post.link and not rows:
        return {"data": [{"media_type": "link", "target": {"url": post.link}}]}
    return {"data": rows} if rows else None


def listing(call: Call, rows: Sequence[T], *, limit: int) -> tuple[Sequence[T], dict[str, Any]]:
    """Return one page of a list, and its `paging`, whose next address holds the token, as Graph's does."""
    start = call.offset()
    page = rows[start : start + limit]
    after = urlsafe_b64encode(str(start + len(page)).encode()).decode()
    paging: dict[str, Any] = {"cursors": {"before": call.text("after"), "after": after}}
    if start + len(page) < len(rows):
        query = f"access_token={call.token}&pretty=0&limit={limit}&after={after}"
        paging["next"] = f"{call.address}?{query}"
    return page, paging
