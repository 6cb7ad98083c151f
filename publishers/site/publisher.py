"""The adapter of the office's own pages: files in a folder, no network."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    ChannelHealth,
    Found,
    NotSentError,
    Pending,
    Reading,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    Unclear,
)
from content_queue.ports import Limit, Media
from content_queue.texts import _
from publishers.options import SiteOptions
from publishers.site import press, shelf
from publishers.site.files import moment, write_if_new
from publishers.site.page import picture_name, render

T = TypeVar("T")


class SitePublisher:
    """Write what was published as a small static site. `remote_id` of a channel is its folder.

    The lock keeps two posts from writing one index at a time; work on files is done beside the loop.
    """

    def __init__(self, *, options: SiteOptions, home: Path, media: Media) -> None:
        """Write under `home`/`options.folder`; pictures come from `media`."""
        self._options = options
        self._folder = home / options.folder
        self._media = media
        self._lock = Lock()

    def render(self, channel: Channel, variant: Variant) -> Payload:  # noqa: ARG002 - the protocol's signature
        """Put a variant into the form of a page; `text` is heading, paragraphs, link and hashtags."""
        return render(variant)

    def limits(self, channel: Channel) -> Sequence[Limit]:  # noqa: ARG002 - the protocol's signature
        """Name no window: nobody counts."""
        return ()

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, object]) -> Staged | Pending:
        """Fix the name of the page, so that looking for it later is exact. Nothing is written yet."""
        _folder_name(channel)
        if "page" in memo:
            return Staged(memo)
        return Staged({"page": await self._beside(lambda: self._page(payload))})

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Write the post, its page, and the indexes and feed anew. Doing it twice gives one page."""
        _folder_name(channel)
        page = staged.data.get("page")
        return await self._beside(lambda: self._publish(channel, payload, page))

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Remove nothing: only a name was fixed."""

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look for the post: it is there or it is not."""
        _folder_name(channel)
        page = str(attempt.staged.get("page") or shelf.page_name(attempt.payload, attempt.started_at))
        return Found(self._receipt(channel, page)) if self._is_out(channel, page) else Absent()

    async def figures(self, channel: Channel) -> Sequence[Reading]:  # noqa: ARG002 - nobody counts who comes
        """Read nothing: hits are not invented."""
        return ()

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:  # noqa: ARG002 - the protocol's signature
        """Read nothing: files count no readers, and numbers are not invented."""
        return ()

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Take the page away, and pictures that no other page shows; write indexes and feed anew."""
        _folder_name(channel)
        await self._beside(lambda: self._retract(channel, _page_of(receipt)))
        return Retraction(removed=True)

    def uneditable(self, old: Payload, new: Payload) -> str:  # noqa: ARG002 - a page is written anew
        """Let everything be edited."""
        return ""

    async def correct(
        self,
        channel: Channel,
        receipt: Receipt,
        payload: Payload,
        *,
        memo: Mapping[str, Any],  # noqa: ARG002 - a page is written at once
    ) -> Receipt:
        """Write the page anew under its old address and with its old date."""
        _folder_name(channel)
        return await self._beside(lambda: self._correct(channel, _page_of(receipt), payload))

    async def check(self, channel: Channel) -> ChannelHealth:
        """Look whether the folder can be written to."""
        try:
            await self._beside(lambda: moment(self._folder / _folder_name(channel)))
        except (ChannelClosedError, NotSentError) as error:
            return ChannelHealth(ok=False, problems=(str(error),))
        return ChannelHealth(ok=True, name=channel.name)

    def _page(self, payload: Payload) -> str:
        return shelf.page_name(payload, moment(self._folder))

    def _publish(self, channel: Channel, payload: Payload, page: str | None) -> Receipt:
        page = page or self._page(payload)
        if not self._is_out(channel, page):
            self._copy_pictures(payload)
            at = moment(self._folder)
            post = shelf.Post(page, at, channel.remote_id, channel.name, payload, at)
            press.print_page(self._folder, post, self._options)
            shelf.keep(self._folder, post)
        self._print(channel)
        return self._receipt(channel, page)

    def _retract(self, channel: Channel, page: str) -> None:
        shelf.drop(self._folder, channel.remote_id, page)
        self._print(channel)

    def _correct(self, channel: Channel, page: str, payload: Payload) -> Receipt:
        if not self._is_out(channel, page):
            raise RefusedError(_("Trang của bài không còn trên trang web nên không sửa được."))
        self._copy_pictures(payload)
        old = shelf.load(shelf.place(self._folder, channel.remote_id, page))
        now = old.changed if old.payload == payload else moment(self._folder)
        post = shelf.Post(page, old.at, channel.remote_id, channel.name, payload, now)
        shelf.keep(self._folder, post)
        press.print_page(self._folder, post, self._options)
        self._print(channel)
        return self._receipt(channel, page)

    def _print(self, channel: Channel) -> None:
        """Write anew what is made from the posts."""
        press.print_channel(self._folder, channel, self._options)
        press.print_front(self._folder, self._options)

    def _is_out(self, channel: Channel, page: str) -> bool:
        return shelf.place(self._folder, channel.remote_id, page).is_file()

    def _copy_pictures(self, payload: Payload) -> None:
        for ref in payload.media:
            if not ref.url:
                write_if_new(self._folder / "pictures" / picture_name(ref), self._media.read(ref))

    def _receipt(self, channel: Channel, page: str) -> Receipt:
        base = self._options.base_url.rstrip("/")
        return Receipt(page, f"{base}/{channel.remote_id}/{page}.html")

    async def _beside(self, work: Callable[[], T]) -> T:
        """Do work on files in a thread, one at a time; what fails may be done again."""

        def alone() -> T:
            with self._lock:
                return work()

        try:
            return await asyncio.to_thread(alone)
        except OSError as error:
            told = _("Không ghi được trang web vào {folder} ({why}). Hãy kiểm tra ổ đĩa và quyền ghi.")
            raise NotSentError(told.format(folder=self._folder, why=error.strerror)) from error


def _page_of(receipt: Receipt) -> str:
    """Return the name of a post's page.

    Raises:
        RefusedError: nobody knows it.
    """
    if not re.fullmatch(shelf.NAME, receipt.remote_id):
        raise RefusedError(_("Loa không biết tên trang của bài. Hãy tự gỡ hoặc sửa trang trong thư mục web."))
    return receipt.remote_id


def _folder_name(channel: Channel) -> str:
    """Return the channel's folder; nothing that leads out of the site.

    Raises:
        ChannelClosedError: `remote_id` is no name of a folder.
    """
    if not re.fullmatch(shelf.NAME, channel.remote_id) or channel.remote_id == "pictures":
        told = _(
            "Kênh {channel}: “{folder}” không dùng được làm tên thư mục. Hãy ghi remote_id chỉ gồm chữ "
            "thường không dấu, số, gạch nối, ví dụ so-y-te."
        )
        raise ChannelClosedError(told.format(channel=channel.name, folder=channel.remote_id))
    return channel.remote_id
