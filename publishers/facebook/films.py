"""Videos and Reels: brought there in advance, finished at their second, watched to their end.

A film's own number is known before the call that commits, so its outcome can always be asked for. Sources:
Meta's guides on publishing videos and Reels; the fields of an upload in pieces as other tools send them.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from content_queue.models import Attempt, Payload
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    Receipt,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.texts import _
from publishers.facebook import posts
from publishers.facebook.page import Page

#: Looks at a film that Facebook works on, and seconds between two of them at most.
LOOKS, LONGEST = 60, 20
#: What a film's `video_status` may be once nothing more becomes of it.
BROKEN = ("error", "expired")


async def stage_video(page: Page, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
    """Bring the next piece of a video to Facebook; one known by its address only is fetched at its time."""
    [ref] = payload.media
    if not ref.sha256 or page.options.video_upload == "simple":
        return Staged()
    if "session" not in memo:
        await asyncio.to_thread(page.media.verify, ref)
        begun = await _ask(page, "videos", upload_phase="start", file_size=ref.size)
        session = {"video": str(begun["video_id"]), "session": str(begun["upload_session_id"])}
        return Pending({**memo, **session, **_offsets(begun)}, timedelta())
    if memo["from"] == memo["to"]:
        return Staged({"video": memo["video"], "session": memo["session"]})
    try:
        return Pending({**memo, **await _transfer(page, payload, memo)}, timedelta())
    except RefusedError:
        if memo.get("anew"):
            raise
        return Pending({"anew": True}, timedelta())  # the session is over, or stands elsewhere


async def publish_video(page: Page, payload: Payload, staged: Mapping[str, Any]) -> Receipt | Pending:
    """Finish a video, or send it whole; then look until readers can play it."""
    if "begun" in staged:
        return await _watch(page, staged)
    said = {"description": payload.fields["message"], "title": payload.fields.get("title")}
    if "session" in staged:
        await _commit(page, "videos", upload_phase="finish", upload_session_id=staged["session"], **said)
        return _begun(staged)
    answer = await _send_whole(page, payload, said)
    if not answer.get("id"):
        raise UnknownOutcomeError(_("Facebook nhận video nhưng không trả mã. Hãy mở Trang xem."))
    return _begun({**staged, "video": str(answer["id"])})


async def stage_reel(page: Page, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:  # noqa: ARG001 - an upload that broke off is begun anew
    """Bring a Reel to Facebook, unseen."""
    [ref] = payload.media
    if ref.sha256:
        await asyncio.to_thread(page.media.verify, ref)
    begun = await _ask(page, "video_reels", upload_phase="start")
    with page.repeatable():
        await page.graph.upload(str(begun["upload_url"]), ref, page.media)
    return Staged({"video": str(begun["video_id"])})


async def publish_reel(page: Page, payload: Payload, staged: Mapping[str, Any]) -> Receipt | Pending:
    """Finish a Reel; then look until readers can play it."""
    if "begun" in staged:
        return await _watch(page, staged)
    said = {"video_state": "PUBLISHED", "description": payload.fields["message"]}
    await _commit(page, "video_reels", upload_phase="finish", video_id=staged["video"], **said)
    return _begun(staged)


async def find(page: Page, attempt: Attempt) -> Found | Absent | Unclear:
    """Ask the film itself how it stands; one that was sent whole without an answer, the Page's list."""
    video = attempt.staged.get("video")
    if video is None:
        return await posts.find(page, attempt)
    told = await _status(page, video)
    match told["status"]:
        case "ready":
            return Found(_receipt(page, told))
        case "processing":
            return Unclear(_("Facebook đang xử lý video của bài."))
        case "uploading" | "upload_complete" if told["publishing"] in {"", "not_started"}:
            return Absent()  # it was never finished: to finish another makes no second one
        case status if status in BROKEN:
            return Absent()
    return Unclear(_("Facebook không cho biết video đã lên hay chưa. Hãy mở Trang xem."))


async def _watch(page: Page, memo: Mapping[str, Any]) -> Receipt | Pending:
    """Look at a film that was finished.

    Raises:
        RefusedError: Facebook could make nothing of it.
        UnknownOutcomeError: it works on it for too long.
    """
    told, looks = await _status(page, memo["video"]), int(memo["begun"])
    if told["status"] == "ready":
        return _receipt(page, told)
    if told["status"] in BROKEN:
        why = _("Facebook không xử lý được video này. Hãy xuất lại video MP4 (H.264, AAC) rồi duyệt lại.")
        raise RefusedError(why)
    if looks >= LOOKS:
        raise UnknownOutcomeError(_("Facebook xử lý video quá lâu. Loa sẽ xem lại; hãy mở Trang xem."))
    return Pending({**memo, "begun": looks + 1}, timedelta(seconds=min(2 + looks, LONGEST)))


def _begun(memo: Mapping[str, Any]) -> Pending:
    """Return that Facebook works on a film from now on."""
    return Pending({**memo, "begun": 1}, timedelta(seconds=2))


async def _status(page: Page, video: str) -> Mapping[str, str]:
    """Return how a film stands, the phase of its publishing, its post, and its link."""
    with page.repeatable():
        answer = await page.graph.get_object(video, fields="status,post_id,permalink_url")
    status = answer.get("status")
    phases = status if isinstance(status, dict) else {}
    publishing = phases.get("publishing_phase")
    return {
        "video": video,
        "status": str(phases.get("video_status", "")),
        "publishing": str(publishing.get("status", "")) if isinstance(publishing, dict) else "",
        "post": str(answer.get("post_id") or video),
        "link": str(answer.get("permalink_url") or ""),
    }


def _receipt(page: Page, told: Mapping[str, str]) -> Receipt:
    """Return a film's receipt: the full id of its post, and the link, which may come as a path."""
    post = told["post"] if "_" in told["post"] else f"{page.id}_{told['post']}"
    link = told["link"] or f"/{post}"
    return Receipt(post, link if link.startswith("https://") else f"https://www.facebook.com{link}")


async def _transfer(page: Page, payload: Payload, memo: Mapping[str, Any]) -> Mapping[str, int]:
    """Send the piece that is wanted; return which is wanted next."""
    [ref], start = payload.media, memo["from"]
    piece = page.media.part(ref, start, memo["to"] - start)
    files = {"video_file_chunk": ("video.mp4", piece, "application/octet-stream")}
    said = {"upload_phase": "transfer", "upload_session_id": memo["session"], "start_offset": str(start)}
    path = f"{page.graph.version}/{page.id}/videos"
    with page.repeatable():
        wanted = _offsets(await page.graph.request(path, post_args=said, files=files))
    if wanted["from"] <= start:
        raise NotSentError(_("Facebook chưa nhận phần vừa tải của video. Loa sẽ tải lại."))
    return wanted


def _offsets(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return which bytes are wanted next; none, where both ends are the same."""
    try:
        return {"from": int(answer["start_offset"]), "to": int(answer["end_offset"])}
    except (KeyError, TypeError, ValueError):
        raise NotSentError(_("Facebook trả lời không rõ khi tải video. Loa sẽ tải lại.")) from None


async def _send_whole(page: Page, payload: Payload, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send a video in one request, as a file or by its address."""
    [ref] = payload.media
    path = f"{page.graph.version}/{page.id}/videos"
    files = {"source": ("video.mp4", page.media.read(ref), ref.mime)} if ref.sha256 else None
    where = {} if ref.sha256 else {"file_url": ref.url}
    with page.committing():
        answer: dict[str, Any] = await page.graph.request(path, post_args={**said, **where}, files=files)
    return answer


async def _ask(page: Page, edge: str, **said: Any) -> Mapping[str, Any]:
    """Make a call that shows nothing.

    Raises:
        NotSentError: also for an answer that names no film.
    """
    with page.repeatable():
        answer: dict[str, Any] = await page.graph.put_object(page.id, edge, **said)
    if not answer.get("video_id"):
        raise NotSentError(_("Facebook trả lời không rõ khi tải video. Loa sẽ tải lại."))
    return answer


async def _commit(page: Page, edge: str, **said: Any) -> None:
    """Finish a film.

    Raises:
        UnknownOutcomeError: also for an answer that does not say that it went well.
    """
    with page.committing():
        answer = await page.graph.put_object(page.id, edge, **said)
    if answer.get("success") is not True:
        raise UnknownOutcomeError(_("Facebook chưa xác nhận đã nhận video. Hãy mở Trang xem."))
