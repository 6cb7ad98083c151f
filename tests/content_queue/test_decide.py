"""The deciders as tables."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_queue.delivery.decide import (
    NEVER,
    OFFICE_ZONE,
    Rules,
    Verdict,
    after_error,
    after_look,
    after_stage_error,
    at_due,
    caught_by,
    measure_time,
)
from content_queue.models import Delivery, Hold, Post
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    Found,
    NotSentError,
    Receipt,
    RefusedError,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.states import DeliveryState, PostState
from tests.deliveries import a_delivery

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
RULES = Rules()
POST = Post(
    "B1-2026",
    "B1",
    2026,
    NOW,
    "svhttdl",
    "An",
    "xuan",
    "",
    ("giải trí",),
    "",
    PostState.APPROVED,
    "h",
    1,
    None,
)
DELIVERY = a_delivery("facebook", NOW, state=DeliveryState.SCHEDULED)


def a_hold(**scope: list[str]) -> Hold:
    return Hold(3, scope, "quốc tang", "12/CĐ", "Lãnh", NOW)


@pytest.mark.parametrize(
    ("scope", "caught"),
    [
        pytest.param({}, True, id="everything"),
        pytest.param({"tags": ["giải trí"]}, True, id="its tag"),
        pytest.param({"tags": ["thời tiết"]}, False, id="another tag"),
        pytest.param({"channels": ["Trang Sở"]}, True, id="its channel"),
        pytest.param({"platforms": ["zalo", "facebook"]}, True, id="one of its platforms"),
        pytest.param({"agencies": ["svhttdl"]}, True, id="its agency"),
        pytest.param({"campaigns": ["hè"]}, False, id="another campaign"),
        pytest.param({"languages": ["vi"]}, True, id="its language"),
        pytest.param({"languages": ["vi"], "platforms": ["zalo"]}, False, id="both must hold"),
    ],
)
def test_a_hold_catches_what_every_key_names(scope: dict[str, list[str]], caught: bool) -> None:  # noqa: FBT001
    """An empty scope is everything; each further key narrows it."""
    assert caught_by(a_hold(**scope), DELIVERY, POST) is caught


@pytest.mark.parametrize(
    ("spares", "tags", "caught"),
    [
        pytest.param([], ["cảnh báo"], True, id="nothing is spared"),
        pytest.param(["cảnh báo"], ["#CảnhBáo", "lũ"], False, id="spared however it is written"),
        pytest.param(["cảnh báo", "khẩn"], ["giải trí"], True, id="another tag"),
        pytest.param(["khẩn"], [], True, id="no tag"),
        pytest.param(["khẩn"], ["khán giả"], True, id="marks make another word"),
    ],
)
def test_a_hold_lets_through_what_it_spares(spares: list[str], tags: list[str], caught: bool) -> None:  # noqa: FBT001
    """Condolence and warnings go out; a tag is the same with a blank, a hash or capitals."""
    assert caught_by(replace(a_hold(), spares=spares), DELIVERY, replace(POST, tags=tuple(tags))) is caught


@pytest.mark.parametrize(("minutes", "state"), [(-1, "held"), (0, "held"), (1, "publishing")])
def test_a_hold_of_a_time_to_come_catches_from_its_second_on(minutes: int, state: str) -> None:
    """What is late then is caught, too: the clock counts, not when it should have gone."""
    stop = replace(a_hold(), starts_at=NOW + timedelta(minutes=minutes))
    assert at_due(DELIVERY, POST, [stop], NOW).state == state


@given(
    starts=st.one_of(st.none(), st.integers(-300, 300)),
    scope=st.dictionaries(
        st.sampled_from(["channels", "tags", "agencies"]),
        st.lists(st.sampled_from(["Trang Sở", "giải trí", "svhttdl", "khác"]), min_size=1, max_size=3),
    ),
    spares=st.lists(st.sampled_from(["giải trí", "khẩn"]), max_size=2),
)
def test_nothing_leaves_inside_a_hold(
    starts: int | None, scope: dict[str, list[str]], spares: list[str]
) -> None:
    """What its scope covers and its tags do not spare goes out only before it begins, and all else does."""
    stop = replace(
        a_hold(**scope), spares=spares, starts_at=None if starts is None else NOW + timedelta(minutes=starts)
    )
    belongs = {"channels": "Trang Sở", "tags": "giải trí", "agencies": "svhttdl"}
    inside = all(belongs[key] in names for key, names in scope.items()) and "giải trí" not in spares
    held = inside and (starts is None or starts <= 0)
    expected = DeliveryState.HELD if held else DeliveryState.PUBLISHING
    assert at_due(DELIVERY, POST, [stop], NOW).state == expected


@pytest.mark.parametrize(
    ("delivery", "post", "holds", "state"),
    [
        pytest.param(DELIVERY, POST, [], DeliveryState.PUBLISHING, id="approved and due"),
        pytest.param(DELIVERY, POST, [a_hold()], DeliveryState.HELD, id="held"),
        pytest.param(
            DELIVERY, replace(POST, state=PostState.IN_REVIEW), [], DeliveryState.MISSED, id="unapproved"
        ),
        pytest.param(
            DELIVERY, replace(POST, state=PostState.REJECTED), [], DeliveryState.MISSED, id="rejected"
        ),
        pytest.param(DELIVERY, replace(POST, state=PostState.DRAFT), [], DeliveryState.MISSED, id="draft"),
        pytest.param(
            DELIVERY, replace(POST, state=PostState.CANCELLED), [], DeliveryState.CANCELLED, id="cancelled"
        ),
        pytest.param(replace(DELIVERY, variant=None), POST, [], DeliveryState.MISSED, id="no text"),
        pytest.param(
            replace(DELIVERY, window_end=NOW - timedelta(seconds=1)),
            POST,
            [],
            DeliveryState.MISSED,
            id="too late",
        ),
    ],
)
def test_only_what_is_approved_free_written_and_in_time_goes_out(
    delivery: Delivery, post: Post, holds: list[Hold], state: DeliveryState
) -> None:
    """Law 1, at the very last look."""
    assert at_due(delivery, post, holds, NOW).state == state


@pytest.mark.parametrize(
    ("error", "attempts", "state", "wait"),
    [
        pytest.param(
            UnknownOutcomeError("?"), 0, DeliveryState.UNCONFIRMED, RULES.settle, id="unknown settles"
        ),
        pytest.param(RefusedError("no"), 0, DeliveryState.FAILED, timedelta(), id="refused"),
        pytest.param(ChannelClosedError("no"), 0, DeliveryState.FAILED, timedelta(), id="channel closed"),
        pytest.param(NotSentError("x"), 0, DeliveryState.RETRYING, timedelta(seconds=5), id="first retry"),
        pytest.param(NotSentError("x"), 9, DeliveryState.RETRYING, timedelta(minutes=5), id="later retries"),
        pytest.param(
            NotSentError("x", retry_after=timedelta(seconds=42)),
            0,
            DeliveryState.RETRYING,
            timedelta(seconds=42),
            id="the platform's own wait",
        ),
        pytest.param(
            NotSentError("x", retry_after=timedelta(hours=3)),
            0,
            DeliveryState.MISSED,
            timedelta(),
            id="past the window",
        ),
    ],
)
def test_an_error_says_what_happens_next(
    error: NotSentError, attempts: int, state: DeliveryState, wait: timedelta
) -> None:
    """Publishing twice is worse than publishing late."""
    verdict = after_error(error, replace(DELIVERY, attempts=attempts), now=NOW, rules=RULES)

    assert (verdict.state, verdict.ready_at) == (state, NOW + wait)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(
            lambda now: after_error(NotSentError("x"), DELIVERY, now=now, rules=RULES), id="not sent"
        ),
        pytest.param(
            lambda now: (
                after_look(Absent(), replace(DELIVERY, looks=1, absences=1), now=now, rules=RULES).verdict
            ),
            id="absent",
        ),
    ],
)
def test_nothing_is_tried_again_before_its_time(again: Callable[[datetime], Verdict]) -> None:
    """Though it had come already: the clock was set back meanwhile, and may now be right."""
    verdict = again(NOW - timedelta(hours=1))
    assert (verdict.state, verdict.ready_at) == (DeliveryState.RETRYING, NOW)


def test_an_unknown_staging_is_simply_repeated() -> None:
    """Hidden objects harm nobody; only the committing call may not be repeated."""
    verdict = after_stage_error(UnknownOutcomeError("?"), DELIVERY, now=NOW, rules=RULES)

    assert verdict.state == DeliveryState.RETRYING


@pytest.mark.parametrize(
    ("found", "looks", "absences", "state", "tell"),
    [
        pytest.param(Found(Receipt("1")), 0, 0, DeliveryState.PUBLISHED, False, id="found"),
        pytest.param(Found(Receipt("1")), 1, 1, DeliveryState.PUBLISHED, False, id="found late"),
        pytest.param(Absent(), 0, 0, DeliveryState.UNCONFIRMED, False, id="absent once proves nothing"),
        pytest.param(Absent(), 1, 1, DeliveryState.RETRYING, False, id="absent twice"),
        pytest.param(Absent(), 1, 0, DeliveryState.UNCONFIRMED, False, id="unclear then absent"),
        pytest.param(Absent(), 2, 0, DeliveryState.UNCONFIRMED, False, id="first absent at the last look"),
        pytest.param(Absent(), 3, 1, DeliveryState.RETRYING, False, id="and absent once more"),
        pytest.param(Absent(proven=False), 1, 1, DeliveryState.UNCONFIRMED, False, id="unlisted twice"),
        pytest.param(Absent(proven=False), 2, 2, DeliveryState.RETRYING, False, id="unlisted at the last"),
        pytest.param(Unclear("?"), 0, 0, DeliveryState.UNCONFIRMED, False, id="unclear is read again"),
        pytest.param(Unclear("?"), 2, 1, DeliveryState.UNCONFIRMED, True, id="then a person decides"),
    ],
)
def test_a_read_back_never_sends_on_a_guess(
    found: Found | Absent | Unclear,
    looks: int,
    absences: int,
    state: DeliveryState,
    tell: bool,  # noqa: FBT001
) -> None:
    """Only absence that two looks in a row agree on leads to another sending."""
    delivery = replace(DELIVERY, looks=looks, absences=absences)
    look = after_look(found, delivery, now=NOW, rules=RULES)

    assert (look.verdict.state, look.tell) == (state, tell)


def test_an_unclear_outcome_waits_for_a_person_for_ever() -> None:
    """After the last look nothing happens by itself."""
    look = after_look(Unclear("?"), replace(DELIVERY, looks=2), now=NOW, rules=RULES)

    assert look.verdict.ready_at == NEVER


@given(delivery=st.integers(1, 10**9), hours=st.integers(0, 24 * 400))
def test_readings_fall_where_the_rules_say(delivery: int, hours: int) -> None:
    """The first within ten minutes after its hour, the later ones at night, each after the one before."""
    published = NOW + timedelta(hours=hours)
    first, *later = [measure_time(delivery, published, step, RULES) for step in range(4)]

    assert first is not None
    assert timedelta(hours=1) <= first - published <= timedelta(hours=1, minutes=10)
    for before, moment in zip([first, *later], later, strict=False):
        assert moment is not None
        assert before is not None
        assert moment > before
        assert 1 <= moment.astimezone(OFFICE_ZONE).hour <= 5
    assert measure_time(delivery, published, 4, RULES) is None
