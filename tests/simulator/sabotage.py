"""Deliberate mistakes of protocol, put into the daemon for one run: a judge must find them all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import update

from bot import acts, daemon
from content_queue.delivery import claim, dispatch, jumps, reconcile, retract
from content_queue.delivery.decide import Verdict
from content_queue.models.rules import Review
from content_queue.outcomes import (
    Absent,
    NotSentError,
    PublishError,
    Retraction,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.states import DeliveryState, PostState
from content_queue.store import approvals, attempts, deliveries, revision
from content_queue.store.tables import deliveries as delivery_table
from publishers import http
from publishers.facebook import page as facebook
from publishers.zalo.account import Account
from tests.simulator import town

Wrapped = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One mistake: whose name is replaced, and by what, made from what stood there."""

    what: str
    where: Any
    name: str
    instead: Callable[[Any], Any]
    #: It is found within so many seeds from 0 on, each of so many days.
    seeds: int = 3
    days: int = 30


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    """Put a mistake in for a while; an empty name is none."""
    with ExitStack() as stack:
        if name:
            chosen = SABOTAGES[name]
            right = getattr(chosen.where, chosen.name)
            stack.enter_context(patch.object(chosen.where, chosen.name, chosen.instead(right)))
        yield


def _do_nothing(_right: Wrapped) -> Wrapped:
    return lambda *_arguments, **_named: None


def _one_yes(right: Wrapped) -> Wrapped:
    return lambda review, now: None if review.given else right(review, now)


def _recover_nothing(_right: Wrapped) -> Wrapped:
    async def recover(_works: Any) -> tuple[int, int]:
        return 0, 0

    return recover


def _unknown_as_not_sent(right: Wrapped) -> Wrapped:
    def after_error(error: PublishError, delivery: Any, **named: Any) -> Verdict:
        unknown = isinstance(error, UnknownOutcomeError)
        verdict: Verdict = right(NotSentError(str(error)) if unknown else error, delivery, **named)
        return verdict

    return after_error


def _unknown_as_published(right: Wrapped) -> Wrapped:
    def after_error(error: PublishError, delivery: Any, **named: Any) -> Verdict:
        if isinstance(error, UnknownOutcomeError):
            return Verdict(DeliveryState.PUBLISHED, named["now"])
        verdict: Verdict = right(error, delivery, **named)
        return verdict

    return after_error


def _hasty(right: Wrapped) -> Wrapped:
    """Read back at once, and again at once."""

    def rules_of(settings: Any) -> Any:
        return replace(right(settings), settle=timedelta(0), look_waits=(timedelta(0), timedelta(0)))

    return rules_of


def _unclear_as_absent(right: Wrapped) -> Wrapped:
    def after_look(found: Any, delivery: Any, **named: Any) -> Any:
        return right(Absent() if isinstance(found, Unclear) else found, delivery, **named)

    return after_look


def _approve_at_due(state: PostState) -> Callable[[Wrapped], Wrapped]:
    def instead(right: Wrapped) -> Wrapped:
        def at_due(delivery: Any, post: Any, holds: Any, now: Any) -> Any:
            seen = replace(post, state=PostState.APPROVED) if post.state == state else post
            return right(delivery, seen, holds, now)

        return at_due

    return instead


def _no_window(right: Wrapped) -> Wrapped:
    def at_due(delivery: Any, post: Any, holds: Any, now: Any) -> Any:
        return right(replace(delivery, window_end=now), post, holds, now)

    return at_due


def _no_holds(right: Wrapped) -> Wrapped:
    return lambda delivery, post, _holds, now: right(delivery, post, (), now)


def _burst(right: Wrapped) -> Wrapped:
    """Let go of all that is held when a hold ends."""

    def end_hold(connection: Any, hold: int, **named: Any) -> Any:
        held = delivery_table.c.state == DeliveryState.HELD
        again = {"state": DeliveryState.SCHEDULED, "ready_at": named["now"]}
        connection.execute(update(delivery_table).where(held).values(**again))
        return right(connection, hold, **named)

    return end_hold


def _old_approval(right: Wrapped) -> Wrapped:
    def next_state(found: Any, **named: Any) -> Any:
        approved = found.post.state == PostState.APPROVED and not found.item.problems
        return PostState.APPROVED if approved else right(found, **named)

    return next_state


def _server_errors_as_not_sent(right: Wrapped) -> Wrapped:
    def error_from(status: int, headers: Any, body: object, **named: Any) -> PublishError:
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return NotSentError("500")
        error: PublishError = right(status, headers, body, **named)
        return error

    return error_from


def _seven_hours_ahead(right: Wrapped) -> Wrapped:
    """Compare local with universal time."""

    def ready(connection: Any, now: Any, limit: int = 2000) -> Any:
        return right(connection, now + timedelta(hours=7), limit)

    return ready


def _take_back_nothing(_right: Wrapped) -> Wrapped:
    async def take_back(_works: Any) -> bool:
        return False

    return take_back


def _unanswered_as_gone(right: Wrapped) -> Wrapped:
    def after_retract(outcome: Any, tries: int, **named: Any) -> Any:
        failed = isinstance(outcome, PublishError)
        return right(Retraction(removed=True) if failed else outcome, tries, **named)

    return after_retract


def _shown_when_staged(right: Wrapped) -> Wrapped:
    async def create(account: Any, article: Mapping[str, Any]) -> Any:
        return await right(account, {**article, "status": "show"})

    return create


#: Name -> the mistake.
SABOTAGES: Mapping[str, Sabotage] = {
    "skip the intent": Sabotage("nothing is written before the first byte", attempts, "intend", _do_nothing),
    "unknown is not sent": Sabotage(
        "an unknown outcome is tried again", dispatch, "after_error", _unknown_as_not_sent
    ),
    "unknown is published": Sabotage(
        "an unknown outcome passes for success", dispatch, "after_error", _unknown_as_published
    ),
    "settle nothing": Sabotage("an unknown outcome is read back at once", town, "rules_of", _hasty),
    "unclear is absent": Sabotage(
        "a list that shows nothing proves that nothing is there", reconcile, "after_look", _unclear_as_absent
    ),
    "publish what waits": Sabotage(
        "nobody's word is needed", claim, "at_due", _approve_at_due(PostState.IN_REVIEW)
    ),
    "publish what was rejected": Sabotage(
        "a no counts as a yes", claim, "at_due", _approve_at_due(PostState.REJECTED)
    ),
    "forget the window": Sabotage("it is never too late", claim, "at_due", _no_window),
    "forget holds": Sabotage("a hold holds nothing", claim, "at_due", _no_holds),
    "release in a burst": Sabotage("the end of a hold lets all go", acts, "end_hold", _burst),
    "trust an old approval": Sabotage(
        "an edit leaves the approval standing", revision, "_next_state", _old_approval
    ),
    "let authors approve": Sabotage("two pairs of eyes may be one", approvals, "same_name", _do_nothing),
    "one yes is enough": Sabotage("a rule that asks two people asks one", Review, "need", _one_yes),
    "500 is not sent": Sabotage(
        "Facebook's 500 is taken at its word", facebook, "error_from", _server_errors_as_not_sent
    ),
    "a time-out is not sent": Sabotage(
        "no answer means that nothing left", http, "NOT_SENT", lambda _right: (httpx.HTTPError,)
    ),
    "compare local times": Sabotage("seven hours too early", deliveries, "ready", _seven_hours_ahead),
    "tell nobody": Sabotage("what did not go out is passed over in silence", claim, "tell", _do_nothing),
    "recover nothing": Sabotage("what a crash left is left", daemon, "recover", _recover_nothing),
    "trust every clock": Sabotage(
        "a clock that jumps ahead is believed", jumps, "FAR", lambda _right: timedelta(days=1)
    ),
    "take back nothing": Sabotage(
        "what people want gone is left standing", daemon, "retract", _take_back_nothing
    ),
    "unanswered is gone": Sabotage(
        "a take-back that failed passes for done", retract, "after_retract", _unanswered_as_gone
    ),
    "show when staged": Sabotage("hidden articles are not hidden", Account, "create", _shown_when_staged),
}
