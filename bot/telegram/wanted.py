"""The cards that people are to be sent: what each asks, its text, its buttons, its pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from telegram import InlineKeyboardMarkup

from bot.desk import Desk
from bot.telegram.cards import buttons, card_text, pictures_of, so_far
from bot.telegram.changes import Shown, shown_by, what_changed
from bot.telegram.questions import HANDS, Question, pictures, question_text
from bot.telegram.seals import Sealing
from content_queue.models import MediaRef, Person
from content_queue.models.rules import Review
from content_queue.models.tags import is_urgent
from content_queue.store import Connection
from content_queue.store.cards import APPROVALS, Subject, last_shown
from content_queue.store.deliveries import payloads
from content_queue.store.posts import payloads_of

#: A post that goes out so soon cannot wait for the morning.
SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card to send: what it asks, its text, its buttons for a person, and to whom."""

    subject: Subject
    text: str
    buttons: Callable[[Sealing], InlineKeyboardMarkup]
    people: tuple[Person, ...] = ()
    #: Sent before it.
    pictures: Sequence[MediaRef] = ()
    #: Rings in quiet hours, too.
    urgent: bool = False
    #: Kept, to say later what changed since.
    shows: Shown | None = None


def a_question(connection: Connection, question: Question, desk: Desk) -> Wanted:
    """Make the card of a question."""
    text, beside = question_text(connection, question, desk), pictures(connection, question)
    urgent = question.kind == HANDS or is_urgent(question.post.tags)
    return Wanted(question.subject, text, question.buttons, pictures=beside, urgent=urgent)


def a_card(connection: Connection, review: Review, desk: Desk, *, now: datetime) -> Wanted:
    """Make the card that asks for an approval of a post as it stands."""
    post = review.post
    leaving = payloads_of(connection, post.id)
    shows, old = shown_by(post, leaving), last_shown(connection, post)
    changes = changes_since(connection, old, shows)
    text = card_text(post, leaving, desk, before=so_far(review, now), changes=changes)
    return Wanted(
        approval_of(review, now),
        text,
        partial(buttons, review, desk),
        pictures=pictures_of(leaving),
        urgent=is_urgent(post.tags) or post.due - now <= SOON,
        shows=shows,
    )


def changes_since(connection: Connection, old: Shown | None, new: Shown) -> str:
    """Say what changed since an older card, empty where there is none."""
    if old is None:
        return ""
    hashes = [each for side in (old, new) for variants in side["variants"].values() for each in variants]
    return what_changed(old, new, payloads(connection, hashes))


def approval_of(review: Review, now: datetime) -> Subject:
    """Return what a card asks that wants an approval: which yes, to what."""
    about = APPROVALS[len(review.counting(now))]
    return Subject(review.post.id, about, review.post.content_hash)
