"""Bring the videos of an article to Zalo, one after the other, and wait until each can be shown.

Memos: `films` holds the ids that Zalo gave, by the hash of the file; `film` is the one under way, with
its `token` and the `polls` so far. An upload that is done twice is seen by nobody.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from content_queue.models import MediaRef, Payload
from content_queue.outcomes import NotSentError, Pending, RefusedError
from content_queue.ports import Media
from content_queue.texts import _
from publishers.zalo.account import Account
from publishers.zalo.article import films_of
from publishers.zalo.waits import LONGEST, pending

#: What `status` says: ready, still at work (0 is not known yet), and locked, failed or deleted.
READY, WORKING = 1, frozenset({0, 3})
#: Questions after one upload, about a quarter of an hour; later ones are asked once a call.
LAST_POLL = 18


async def bring(account: Account, media: Media, payload: Payload, memo: Mapping[str, Any]) -> Pending | None:
    """Bring the next video a step further; None when all are there.

    Raises:
        RefusedError: Zalo cannot show one.
        NotSentError: Zalo takes very long.
    """
    ids = memo.get("films", {})
    film = next((ref for ref in films_of(payload) if ref.sha256 not in ids), None)
    if film is None:
        return None
    under_way = memo.get("film", {})
    if under_way.get("sha256") != film.sha256:
        content = await asyncio.to_thread(media.read, film)
        begun = {"sha256": film.sha256, "token": await account.prepare_video(film.name, content)}
        return _again(memo, begun)
    video_id = _ready(film, await account.video(under_way["token"]))
    if video_id:
        done = {name: value for name, value in memo.items() if name != "film"}
        return Pending({**done, "films": {**ids, film.sha256: video_id}}, LONGEST * 0)
    if under_way["polls"] >= LAST_POLL:
        raise NotSentError(_("Zalo xử lý video quá lâu; hệ thống sẽ hỏi lại."), retry_after=LONGEST)
    return _again(memo, under_way)


def _again(memo: Mapping[str, Any], film: Mapping[str, Any]) -> Pending:
    asked = pending(film)
    return Pending({**memo, "film": asked.memo}, asked.after)


def _ready(film: MediaRef, told: Mapping[str, Any]) -> str:
    """Return the id of a video that is ready, empty while Zalo works on it.

    Raises:
        RefusedError: it never will be.
    """
    status = int(told.get("status", 0))
    if status == READY:
        return str(told.get("video_id", ""))
    if status in WORKING:
        return ""
    said = _("Zalo không dùng được video {name} (“{message}”). Hãy xuất lại MP4 (H.264) rồi gửi duyệt lại.")
    raise RefusedError(said.format(name=film.name, message=told.get("status_message") or status))
