"""What happens next to a delivery: pure deciders, everything in, nothing touched."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from content_queue.models import Delivery, Destined, Hold, Post
from content_queue.models.tags import plain_tags
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    PublishError,
    RefusedError,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.states import DeliveryState, PostState
from content_queue.texts import _
from content_queue.words import language_name, post_state_name

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Rules:
    """What an office may set about delivering; see `settings.toml`."""

    #: How long before its time a delivery is staged.
    prepare_ahead: timedelta = timedelta(minutes=30)
    #: Waits after a try of which nothing left the house; the last one repeats until the window closes.
    retry_waits: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300))
    #: After an unknown outcome, the time a platform is given before the first read-back.
    settle: timedelta = timedelta(seconds=300)
    #: Times between further read-backs; after the last a person decides.
    look_waits: tuple[timedelta, ...] = (timedelta(minutes=5), timedelta(minutes=15))
    #: When a published delivery's numbers are read.
    measure_after: tuple[timedelta, ...] = (
        timedelta(hours=1),
        timedelta(days=1),
        timedelta(days=7),
        timedelta(days=30),
    )
    #: Readings of a day or more fall into this part of the night.
    night: tuple[time, time] = (time(1), time(5))
    #: Earlier readings are spread over this time.
    measure_spread: timedelta = timedelta(minutes=10)
    #: Between two late deliveries of one channel; zero lets all go at once.
    catch_up: timedelta = timedelta(seconds=60)
    #: Intents committed together; bounds what a crash leaves to ask about.
    batch: int = 64
    #: Calls under way at once.
    lanes: int = 32


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a delivery goes, when it is looked at again, and the sentence for people."""

    state: DeliveryState
    ready_at: datetime
    reason: str | None = None


def caught_by(hold: Hold, delivery: Destined, post: Post) -> bool:
    """Tell whether a hold means a delivery, whenever it is due: its scope covers it and does not spare it."""
    return in_scope(hold, delivery, post) and not spared_by(hold, post)


def in_scope(hold: Hold, delivery: Destined, post: Post) -> bool:
    """Tell whether a hold's scope covers a delivery: every key of it must name something of it."""
    belongs: Mapping[str, Callable[[], set[str]]] = {
        "channels": lambda: {delivery.channel},
        "platforms": lambda: {delivery.platform},
        "languages": lambda: {delivery.locale},
        "agencies": lambda: {post.agency},
        "campaigns": lambda: {post.campaign},
        "tags": lambda: plain_tags(post.tags),
    }
    return all(
        belongs[key]() & (plain_tags(names) if key == "tags" else set(names))
        for key, names in hold.scope.items()
    )


def spared_by(hold: Hold, post: Post) -> bool:
    """Tell whether a post is let through by one of its tags."""
    return bool(hold.spares) and not plain_tags(hold.spares).isdisjoint(plain_tags(post.tags))


def has_begun(hold: Hold, now: datetime) -> bool:
    """Tell whether a hold is in force, and not one for a time to come."""
    return hold.starts_at is None or hold.starts_at <= now


def at_due(delivery: Delivery, post: Post, holds: Sequence[Hold], now: datetime) -> Verdict:
    """Decide what becomes of a delivery whose time has come."""
    for hold in holds:
        if has_begun(hold, now) and caught_by(hold, delivery, post):
            why = _("Bị tạm dừng theo lệnh số {id}: {reason}").format(id=hold.id, reason=hold.reason)
            return Verdict(DeliveryState.HELD, now, why)
    if post.state == PostState.CANCELLED:
        return Verdict(DeliveryState.CANCELLED, now, post.reason)
    unapproved = _unapproved(post, now)
    if unapproved:
        return Verdict(DeliveryState.MISSED, now, unapproved)
    if delivery.variant is None:
        why = _("Đến giờ đăng mà chưa có bản {locale} ({language}).").format(
            locale=delivery.locale, language=language_name(delivery.locale)
        )
        return Verdict(DeliveryState.MISSED, now, why)
    if now > delivery.window_end:
        return Verdict(DeliveryState.MISSED, now, _("Đã quá khung giờ đăng."))
    return Verdict(DeliveryState.PUBLISHING, now)


def _unapproved(post: Post, now: datetime) -> str:
    """Say why a post is not approved now; empty where it is."""
    if post.state != PostState.APPROVED:
        return _("Đến giờ đăng mà bài chưa được duyệt ({state}).").format(state=post_state_name(post.state))
    if post.valid_until is not None and now >= post.valid_until:
        return _("Đến giờ đăng mà phê duyệt của bài đã hết hạn.")
    return ""


def after_error(error: PublishError, delivery: Delivery, *, now: datetime, rules: Rules) -> Verdict:
    """Turn the error of a committing call into what happens next."""
    match error:
        case UnknownOutcomeError():
            return Verdict(DeliveryState.UNCONFIRMED, now + rules.settle, str(error))
        case RefusedError():
            return Verdict(DeliveryState.FAILED, now, str(error))
        case NotSentError():
            return _again(error, delivery, now=now, rules=rules)
    raise AssertionError(f"unhandled {error!r}")


def after_stage_error(error: PublishError, delivery: Delivery, *, now: datetime, rules: Rules) -> Verdict:
    """Turn the error of a staging call into what happens next: repeating it is safe."""
    if isinstance(error, RefusedError):
        return Verdict(DeliveryState.FAILED, now, str(error))
    return _again(error, delivery, now=now, rules=rules)


def _retry(delivery: Delivery, at: datetime, reason: str | None = None) -> Verdict:
    """Let a delivery be tried again at `at`; never before its time, though the clock was set back."""
    return Verdict(DeliveryState.RETRYING, max(at, delivery.planned), reason)


def _again(error: PublishError, delivery: Delivery, *, now: datetime, rules: Rules) -> Verdict:
    told = error.retry_after if isinstance(error, NotSentError) else None
    wait = told or rules.retry_waits[min(delivery.attempts, len(rules.retry_waits) - 1)]
    if now + wait > delivery.window_end:
        return Verdict(DeliveryState.MISSED, now, str(error))
    return _retry(delivery, now + wait, str(error))


@dataclass(frozen=True, slots=True)
class Look:
    """What a read-back leads to: a verdict, the looks so far, the last that agree in absence, a telling."""

    verdict: Verdict
    looks: int
    absences: int = 0
    tell: bool = False


def after_look(found: Found | Absent | Unclear, delivery: Delivery, *, now: datetime, rules: Rules) -> Look:
    """Decide what a read-back of an unknown outcome means. Absent counts only when seen twice in a row."""
    looks, last = delivery.looks + 1, delivery.looks >= len(rules.look_waits)
    if isinstance(found, Found):
        return Look(Verdict(DeliveryState.PUBLISHED, now), looks)
    absences = delivery.absences + 1 if isinstance(found, Absent) else 0
    if isinstance(found, Absent) and absences >= AGREEING and (found.proven or last):
        return Look(_retry(delivery, now), looks, absences)
    why = delivery.reason if isinstance(found, Absent) else found.why
    if not last or absences:  # what was absent for the first time is looked at once more
        wait = rules.look_waits[min(looks, len(rules.look_waits)) - 1]
        return Look(Verdict(DeliveryState.UNCONFIRMED, now + wait, why), looks, absences)
    return Look(Verdict(DeliveryState.UNCONFIRMED, NEVER, why), looks, tell=True)


#: So many looks in a row must agree that a post is absent before it is sent again.
AGREEING = 2
#: The time of what waits for a person, not for the clock.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def measure_time(delivery: int, published_at: datetime, step: int, rules: Rules) -> datetime | None:
    """Say when the numbers of a published delivery are read for the `step`-th time, None after the last.

    Readings within a day are spread over a few minutes, later ones over the night, each delivery
    always at its own moment.
    """
    if step >= len(rules.measure_after):
        return None
    after = rules.measure_after[step]
    if after < timedelta(days=1):
        return published_at + after + rules.measure_spread * _share(str(delivery))
    moment = _at_night(published_at + after, str(delivery), rules)
    if moment < published_at + after - timedelta(hours=12):
        moment += timedelta(days=1)  # the night nearest to the full time
    return moment


def figures_time(channel: str, now: datetime, rules: Rules) -> datetime:
    """Say when a channel's own numbers are read next: once a night, each channel at its own moment of it."""
    tonight = _at_night(now, channel, rules)
    return tonight if tonight > now else tonight + timedelta(days=1)


def _at_night(day: datetime, key: str, rules: Rules) -> datetime:
    """Return the moment that a key has in the night of a local day."""
    (begin, end), local = rules.night, day.astimezone(OFFICE_ZONE).date()
    night = datetime.combine(local, end) - datetime.combine(local, begin)
    return (datetime.combine(local, begin, OFFICE_ZONE) + night * _share(key)).astimezone(UTC)


def _share(key: str) -> float:
    """Return how far between begin and end a key stands, always the same."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
