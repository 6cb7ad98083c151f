"""Letters to approvers: each post that waits for somebody is written of once, several in one letter."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.desk import Desk
from bot.mail.hand_words import attached, hand_letter
from bot.mail.hands import Errand, errands, is_over_well, keep_told
from bot.mail.letter import Attachment, Letter
from bot.mail.news import News, keep_news, news
from bot.mail.postman import MailError, MailRefusedError, Postman
from bot.mail.words import Item, news_letter, waiting_letter
from bot.web.links import Links
from content_queue.models import Person, Post, digest
from content_queue.outcomes import RefusedError
from content_queue.ports import Media
from content_queue.store import Connection
from content_queue.store.approvals import PROVINCE, able
from content_queue.store.cards import posts_wanting_cards
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.notices import Word, tell
from content_queue.store.reviews import reviews_of
from content_queue.store.revisions import keep_shown
from content_queue.store.writer import InlineWriter, ThreadWriter
from content_queue.texts import _

log = logging.getLogger(__name__)
#: Between two letters to one person; and where a post is due within the hour.
APART, SOON_APART, SOON = timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1)
#: Seconds until the mail server is tried again; the last repeats.
WAITS = (60.0, 120.0, 300.0, 600.0)
#: Failures in a row after which people are told in Telegram.
TELLING = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one person is to be written of, and what was written of before: post -> hash."""

    person: Person
    posts: Sequence[Post]
    told: Mapping[str, str]


@dataclass(slots=True)
class Letters:
    """Keeps approvers written to, as `bot.telegram.rounds` keeps their chats."""

    postman: Postman
    ledger: ThreadWriter | InlineWriter
    links: Links
    #: Has the pictures that are to be posted by hand.
    media: Media
    _failures: int = 0
    _again: float = 0.0

    async def go(self, desk: Desk) -> bool:
        """Write what there is to write; tell whether something waits for its time."""
        if self.postman.clock.monotonic() < self._again:
            return True
        now = self.postman.clock.now()
        wanted = await self.ledger.read(partial(letters_wanted, desk=desk, now=now))
        hands, waits = await self.ledger.read(partial(errands, desk=desk, now=now))
        for errand in hands:
            waits |= not await self._go_for(errand, now)
        for each, ready in wanted:
            waits |= not ready or not await self._write(each, desk, now)
        for told, ready in await self.ledger.read(partial(news, desk=desk, now=now)):
            waits |= not ready or not await self._tell(told, now)
        return waits

    async def _tell(self, told: News, now: datetime) -> bool:
        messages = [notice.message for notice in told.notices]
        link = self.links.to(told.person, now)
        letter = news_letter(told.person, messages, office=self.postman.office, link=link)
        return await self._post(told.person, letter, partial(keep_news, news=told, now=now), now)

    async def _write(self, wanted: Wanted, desk: Desk, now: datetime) -> bool:
        letter, kept = self._letter(wanted, desk, now), partial(_keep, wanted=wanted, now=now)
        return await self._post(wanted.person, letter, kept, now)

    async def _go_for(self, errand: Errand, now: datetime) -> bool:
        """Write to an officer who posts by hand; what ended in a post needs no letter."""
        kept = partial(keep_told, errand=errand)
        if is_over_well(errand):
            await self.ledger.run(kept)
            return True
        link = self.links.to(errand.person, now, errand.standing.post.id)
        files = await asyncio.to_thread(self._files, errand)
        letter = hand_letter(errand, office=self.postman.office, link=link, files=files)
        return await self._post(errand.person, letter, kept, now)

    def _files(self, errand: Errand) -> list[Attachment]:
        """Read what goes along; a stored file that is gone is missed on the page, too."""
        along, _left = attached(errand.payload.media if errand.payload else ())
        found = []
        for ref in along:
            with suppress(RefusedError):
                found.append(Attachment(ref.name, ref.mime, self.media.read(ref)))
        return found

    async def _post(
        self, person: Person, letter: Letter, kept: Callable[[Connection], None], now: datetime
    ) -> bool:
        """Post one letter and remember it; return False where it is to be tried again."""
        try:
            await self.postman.post(letter)
        except MailRefusedError as error:
            await self.ledger.run(partial(_tell_refused, person=person, why=str(error), now=now))
        except MailError as error:
            await self._failed(error, now)
            return False
        self._failures = 0
        await self.ledger.run(kept)
        return True

    def _letter(self, wanted: Wanted, desk: Desk, now: datetime) -> Letter:
        person = wanted.person
        items = [
            Item(
                post,
                desk.agency_name(post.agency),
                self.links.to(person, now, post.id),
                post.id in wanted.told,
            )
            for post in wanted.posts
        ]
        page = self.links.to(person, now)
        return waiting_letter(person, items, office=self.postman.office, page=page)

    async def _failed(self, error: MailError, now: datetime) -> None:
        self._failures += 1
        self._again = self.postman.clock.monotonic() + WAITS[min(self._failures, len(WAITS)) - 1]
        log.warning("Letter not posted", extra={"action": "letter_not_posted", "why": str(error)})
        if self._failures == TELLING:
            told = _(
                "Không gửi được thư duyệt bài ({why}). "
                "Xin báo quản trị kiểm tra mục [mail] trong settings.toml."
            )
            word = Word(f"mail:{now:%Y-%m-%d}", PROVINCE, "", told.format(why=error))
            await self.ledger.run(partial(tell, word=word, now=now))


def letters_wanted(connection: Connection, desk: Desk, now: datetime) -> list[tuple[Wanted, bool]]:
    """Return whom something is to be written, and whether it is time to."""
    waiting = posts_wanting_cards(connection, now=now, until=now + desk.card_ahead)
    reviews = reviews_of(connection, waiting, desk.book, now)
    asked = {code: {person.name for person in able(each, desk.people, now)} for code, each in reviews.items()}
    found = []
    for person in (each for each in desk.people if each.email):
        kept = read_mark(connection, _key(person), {"at": "", "told": {}})
        mine = [post for post in waiting if person.name in asked[post.id]]
        new = [post for post in mine if kept["told"].get(post.id) != post.content_hash]
        if new:
            last = datetime.fromisoformat(kept["at"]) if kept["at"] else None
            found.append((Wanted(person, new, kept["told"]), is_time(new, last, now)))
    return found


def is_time(posts: Sequence[Post], last: datetime | None, now: datetime) -> bool:
    """Tell whether to write of these posts now, after the last letter. Pure."""
    if last is None:
        return True
    soon = any(post.due <= now + SOON for post in posts)
    return now - last >= (SOON_APART if soon else APART)


def _keep(connection: Connection, wanted: Wanted, now: datetime) -> None:
    """Remember what was written; what is over long ago is forgotten."""
    for post in wanted.posts:
        keep_shown(connection, post)
    told = {**wanted.told, **{post.id: post.content_hash for post in wanted.posts}}
    latest = dict(list(told.items())[-500:])
    keep_mark(connection, _key(wanted.person), {"at": now.isoformat(), "told": latest})


def _tell_refused(connection: Connection, person: Person, why: str, now: datetime) -> None:
    told = _("Máy chủ thư không nhận thư gửi {name} ({why}). Xin kiểm tra địa chỉ email của người này.")
    word = Word(f"mail:{_key(person)}:{now:%Y-%m-%d}", PROVINCE, "", told.format(name=person.name, why=why))
    tell(connection, word, now)


def _key(person: Person) -> str:
    """Return the mark of what a person was written; it names nobody."""
    return f"letters:{digest([person.name])[:16]}"
