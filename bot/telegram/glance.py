"""One look at the ledger: which cards are over, what is asked now, and of whom. Nothing is sent here."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.desk import Desk
from bot.telegram.cards import (
    changed_text,
    closed_text,
    so_far,
    verdict_line,
    worn_out_text,
)
from bot.telegram.changes import shown_by
from bot.telegram.questions import (
    Question,
    able_to_answer,
    ended_text,
    unanswered,
)
from bot.telegram.seals import LIVES
from bot.telegram.wanted import Wanted, a_card, a_question, approval_of, changes_since
from content_queue.models import Person, Post
from content_queue.models.rules import Review
from content_queue.states import PostState
from content_queue.store import Connection
from content_queue.store.approvals import able, decisions_on, may_hurry
from content_queue.store.cards import (
    APPROVALS,
    Card,
    Subject,
    open_cards,
    open_questions,
    posts_wanting_cards,
    shown,
    stale_cards,
    worn_out,
)
from content_queue.store.notices import Notice, untold
from content_queue.store.posts import find_post, payloads_of
from content_queue.store.reviews import reviews_of
from content_queue.texts import _

#: Untold notices looked at in one round.
NOTICES = 500
#: Cards for one person in one round: a chat takes short bursts only (Telegram's bots FAQ).
BURST = 3


@dataclass(frozen=True, slots=True)
class Over:
    """A card to close, with its last text."""

    card: Card
    text: str


@dataclass(frozen=True, slots=True)
class Todo:
    """What one round has to do: cards to close, cards to send, notices to tell.

    `asking` is (what, post) of each question that is open.
    """

    over: Sequence[Over]
    wanted: Sequence[Wanted]
    notices: Sequence[Notice]
    asking: Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A post that waits for a yes: how far it has come, and the chats of those who are asked now."""

    review: Review
    subject: Subject
    chats: frozenset[int]
    #: Its card is due; else one lies somewhere only because somebody wanted to see it.
    is_near: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """What was seen in one look: questions, the cards that lie in chats, posts that wait for a yes."""

    connection: Connection
    desk: Desk
    now: datetime
    questions: Sequence[Question]
    lie: Collection[tuple[Subject, int]]
    turns: Mapping[str, Turn]


def what_to_do(connection: Connection, desk: Desk, *, people: Sequence[Person], now: datetime) -> Todo:
    """Return what a round has to do, from one look at the ledger; `people` are those who can be reached."""
    lie = shown(connection)
    seen = Glance(connection, desk, now, unanswered(connection, now), lie, _turns(connection, desk, lie, now))
    asking = {(question.kind, question.post.id) for question in seen.questions}
    return Todo(_over(seen), _wanted(seen, people), untold(connection, NOTICES), asking)


def _turns(
    connection: Connection, desk: Desk, lie: Collection[tuple[Subject, int]], now: datetime
) -> Mapping[str, Turn]:
    near = {post.id: post for post in posts_wanting_cards(connection, now=now, until=now + desk.card_ahead)}
    looked_at = {subject.post for subject, _chat in lie if subject.about in APPROVALS} - near.keys()
    early = [post for code in looked_at if (post := find_post(connection, code)) and _waits(post, now)]
    reviews = reviews_of(connection, [*near.values(), *early], desk.book, now)
    return {code: _turn(review, desk, now, is_near=code in near) for code, review in reviews.items()}


def _waits(post: Post, now: datetime) -> bool:
    return post.state == PostState.IN_REVIEW and post.due > now


def _turn(review: Review, desk: Desk, now: datetime, *, is_near: bool) -> Turn:
    people = [person for person in desk.people if person.telegram_id is not None]
    asked = [*able(review, people, now), *(person for person in people if may_hurry(review, person, now))]
    chats = frozenset(person.telegram_id for person in asked if person.telegram_id is not None)
    return Turn(review, approval_of(review, now), chats, is_near)


# --- what is over -------------------------------------------------------------------------------------------


def _over(seen: Glance) -> list[Over]:
    """Return the open cards that are over, with the text that says so."""
    connection, still = seen.connection, {question.subject for question in seen.questions}
    stale = stale_cards(connection, now=seen.now)
    ended = [(card, post) for card, post in open_questions(connection) if card.subject not in still]
    told = {
        **{card.id: Over(card, worn_out_text(post)) for card, post in worn_out(connection, seen.now - LIVES)},
        **{over.card.id: over for over in _passed_on(seen)},
        **{card.id: Over(card, _last_text(connection, card, post, seen.desk)) for card, post in stale},
        **{card.id: Over(card, ended_text(connection, card, post)) for card, post in ended},
    }
    return list(told.values())


def _passed_on(seen: Glance) -> Iterator[Over]:
    """Give the cards of posts that wait for another yes by now, or of people who may not say it any more."""
    passed: dict[str, set[int]] = {}
    for subject, chat in seen.lie:
        turn = seen.turns.get(subject.post)
        same = turn is not None and subject.content_hash == turn.subject.content_hash
        if (
            turn
            and same
            and subject.about in APPROVALS
            and (subject != turn.subject or chat not in turn.chats)
        ):
            passed.setdefault(subject.post, set()).add(chat)
    for post, chats in passed.items():
        turn = seen.turns[post]
        leaving = payloads_of(seen.connection, post)
        line = "\n".join(so_far(turn.review, seen.now)) or _("Thẻ này đã chuyển cho người khác.")
        text = closed_text(turn.review.post, leaving, line=line, desk=seen.desk)
        lying = [card for card in open_cards(seen.connection, post) if card.chat_id in chats]
        yield from (Over(card, text) for card in lying if _is_passed(card, turn))


def _is_passed(card: Card, turn: Turn) -> bool:
    return card.subject != turn.subject or card.chat_id not in turn.chats


def _last_text(connection: Connection, card: Card, post: Post, desk: Desk) -> str:
    if card.content_hash != post.content_hash:
        new = shown_by(post, payloads_of(connection, post.id))
        return changed_text(post, changes_since(connection, card.shows, new))
    said = [each for each in decisions_on(connection, post.id) if each[2] == post.content_hash]
    leaving = payloads_of(connection, post.id)
    return closed_text(post, leaving, line=verdict_line(post, said), desk=desk)


# --- what is asked ------------------------------------------------------------------------------------------


def _wanted(seen: Glance, people: Sequence[Person]) -> list[Wanted]:
    """Return the cards that these people have not been sent yet, the next few for each of them."""
    found: list[Wanted] = []
    taken: Counter[int | None] = Counter()
    for subject, asked, make in _asked(seen, people):
        missing = tuple(
            person
            for person in asked
            if taken[person.telegram_id] < BURST and (subject, person.telegram_id) not in seen.lie
        )
        if missing:
            taken.update(person.telegram_id for person in missing)
            found.append(replace(make(), people=missing))
    return found


def _asked(
    seen: Glance, people: Sequence[Person]
) -> Iterator[tuple[Subject, Sequence[Person], Callable[[], Wanted]]]:
    """Give what is asked now, of whom, and how its card is made: questions, then approvals."""
    for question in seen.questions:
        answering = able_to_answer(people, question, seen.desk)
        yield question.subject, answering, partial(a_question, seen.connection, question, seen.desk)
    for turn in seen.turns.values():
        if turn.is_near:
            asked = [person for person in people if person.telegram_id in turn.chats]
            yield turn.subject, asked, partial(a_card, seen.connection, turn.review, seen.desk, now=seen.now)
