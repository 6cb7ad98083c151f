"""From the due second to the receipt, with a real ledger and a platform that obeys."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.acts import By
from bot.findings import tell_finding
from content_queue.delivery.check import HEALTH, check
from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.measure import measure
from content_queue.delivery.plan import plan_seconds
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile, recover
from content_queue.models import Channel, Person
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    ChannelHealth,
    Found,
    NotSentError,
    Pending,
    Receipt,
    RefusedError,
    Staged,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from content_queue.store import Connection, holds, marks, notices, posts
from content_queue.store import attempts as ledger
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.findings import Finding
from content_queue.store.holds import Order
from content_queue.store.measured import reach
from content_queue.store.tables import attempts, deliveries, orphans
from tests.bot.desk import DESK
from tests.content_queue.world import DUE, LEADER, NOW, World, a_post, a_world


async def deliver(world: World) -> None:
    """Let what is due go out, as the daemon does when its alarm rings."""
    await Dispatch(world.works).send(await claim(world.works))


def states(world: World) -> list[str]:
    return [state for (state,) in world.rows(deliveries, "state")]


async def test_an_approved_post_goes_out_once_to_each_channel(world: World) -> None:
    """However often the alarm rings."""
    world.plan(a_post(channels=("k0", "k1", "k2")))
    world.approve("B0001-2026")
    world.clock.at = DUE
    for _ring in range(3):
        await deliver(world)

    assert sorted(name for name, _text, _staged in world.platform.published) == ["k0", "k1", "k2"]
    assert states(world) == ["published"] * 3


async def test_nothing_goes_out_before_its_second(world: World) -> None:
    """A minute early is wrong, too."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE - timedelta(milliseconds=1)
    await deliver(world)

    assert world.platform.published == []


async def test_what_nobody_approved_is_missed_and_told(world: World) -> None:
    """Too late never publishes by itself."""
    world.plan(a_post())
    world.clock.at = DUE
    await deliver(world)
    told = world.look(notices.untold)

    assert (states(world), world.platform.published) == (["missed"], [])
    assert ["B0001-2026" in notice.message for notice in told] == [True]


@pytest.mark.parametrize(
    ("problems", "step"),
    [
        ((), "Muốn vẫn đăng, cho giờ mới, ví dụ: /gio_moi B0001-2026 21/11 08:00"),
        (("ảnh hỏng",), "Muốn vẫn đăng, xin sửa dòng của bài trong lịch và ghi giờ mới."),
    ],
)
async def test_what_was_missed_is_told_with_what_helps(
    world: World, problems: tuple[str, ...], step: str
) -> None:
    """A time that can be sent back as it stands; for a draft only its row helps."""
    world.plan(a_post(problems=problems))
    world.clock.at = DUE
    await deliver(world)

    assert [told.message.splitlines()[-1] for told in world.look(notices.untold)] == [step]


async def test_a_hold_catches_at_the_next_send(world: World) -> None:
    """It keeps what it caught, also after it ended."""
    world.plan(a_post())
    world.approve("B0001-2026")
    hold = world.do(holds.begin_hold, Order({}, "quốc tang", "12/CĐ", "Lãnh", "cli"), NOW)
    world.clock.at = DUE
    await deliver(world)
    world.do(holds.end_hold, hold, person="Lãnh", way="cli", now=DUE)
    await deliver(world)

    assert (states(world), world.platform.published) == (["held"], [])


async def test_a_hold_that_comes_between_claim_and_intent_is_obeyed(world: World) -> None:
    """The last look is in the transaction of the intent."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    claimed = await claim(world.works)
    world.do(holds.begin_hold, Order({}, "quốc tang", "12/CĐ", "Lãnh", "cli"), DUE)
    await Dispatch(world.works).send(claimed)

    assert (states(world), world.platform.published) == (["held"], [])


@pytest.mark.parametrize("out", [1, 64, 200, 320])
async def test_a_hold_in_a_burst_lets_out_only_what_was_intended_before_it(tmp_path: Path, out: int) -> None:
    """Of 450: what had its intent when the hold was committed leaves, nothing else, nor at its end."""
    world = a_world(tmp_path, channels=450, rules=Rules(catch_up=timedelta()))
    intended: list[int] = []

    def stop(connection: Connection) -> int:
        rows = connection.execute(select(attempts.c.delivery)).scalars()
        intended.extend(rows)
        return holds.begin_hold(connection, Order({}, "sự cố", "", "Lãnh", "telegram"), world.clock.at)

    def last_before() -> Receipt:
        world.do(stop)
        return Receipt("id", None)

    world.platform.answers = [*[Receipt("id", None)] * (out - 1), last_before]
    world.plan(a_post(channels=tuple(world.works.channels)))
    world.approve("B0001-2026")
    world.clock.at = DUE
    await deliver(world)
    gone = sorted(name for name, _text, _staged in world.platform.published)
    named = {row.id: row.channel for row in world.look(posts.deliveries_of, "B0001-2026")}
    assert gone == sorted(named[each] for each in intended)
    assert out <= len(gone) <= out + 2 * world.works.rules.batch
    assert Counter(states(world)) == {"published": len(gone), "held": 450 - len(gone)}

    world.do(holds.end_hold, 1, person="Lãnh", way="cli", now=world.clock.at)
    world.clock.at += timedelta(minutes=1)
    await deliver(world)
    assert len(world.platform.published) == len(gone)
    world.ledger.close()


async def test_an_edit_between_approval_and_time_takes_the_approval_away(world: World) -> None:
    """Law 1: the approval was for another text."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.plan(a_post(text="Khác"))
    world.clock.at = DUE
    await deliver(world)

    assert (states(world), world.platform.published) == (["missed"], [])


async def test_what_is_approved_is_what_leaves(world: World) -> None:
    """Law 10: payload as stored, staged before the second."""
    world.plan(a_post(text="Đúng từng chữ"))
    world.approve("B0001-2026")
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)
    await prepare(world.works)
    world.clock.at = DUE
    await deliver(world)

    assert world.platform.staged == ["k0"]
    assert world.platform.published == [("k0", "Đúng từng chữ", {"on": "k0"})]


async def test_staging_waits_for_the_approval(world: World) -> None:
    """Staging counts as leaving."""
    world.plan(a_post())
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)

    assert world.platform.staged == []


async def test_an_intent_is_durable_before_the_first_byte(world: World) -> None:
    """The platform, asked in the middle of the call, sees the attempt in the ledger."""
    world.plan(a_post())
    world.approve("B0001-2026")
    seen: list[tuple[object, ...]] = []

    def look() -> Receipt:
        seen.extend(world.rows(attempts, "number", "ended_at"))
        return Receipt("1")

    world.platform.answers = [look]
    world.clock.at = DUE
    await deliver(world)

    assert seen == [(1, None)]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NotSentError("x"), "retrying"),
        (RefusedError("x"), "failed"),
        (ChannelClosedError("x"), "failed"),
        (UnknownOutcomeError("x"), "unconfirmed"),
        (RuntimeError("a mistake of the adapter"), "unconfirmed"),
    ],
    ids=lambda value: (
        getattr(value, "__class__", type(value)).__name__ if isinstance(value, Exception) else value
    ),
)
async def test_every_way_to_fail_ends_in_its_state(world: World, error: Exception, state: str) -> None:
    """Nothing is lost silently, nothing is sent blindly."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [error]
    world.clock.at = DUE
    await deliver(world)

    assert states(world) == [state]
    assert len(world.look(notices.untold)) == (1 if state == "failed" else 0)  # the others are not over yet


async def test_what_was_certainly_not_sent_is_tried_again(world: World) -> None:
    """After its wait, inside its window."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [NotSentError("x")]
    world.clock.at = DUE
    await deliver(world)
    world.clock.at = DUE + timedelta(seconds=4)
    await deliver(world)
    assert len(world.platform.published) == 1

    world.clock.at = DUE + timedelta(seconds=5)
    await deliver(world)

    assert (states(world), world.rows(attempts, "number", "outcome")) == (
        ["published"],
        [(1, "not_sent"), (2, "sent")],
    )


async def test_an_unknown_outcome_is_never_sent_again_by_the_clock(world: World) -> None:
    """Whatever time passes and however often it is read back unclearly."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [UnknownOutcomeError("x")]
    world.clock.at = DUE
    for _hour in range(30):
        await deliver(world)
        await reconcile(world.works)
        world.clock.at += timedelta(hours=1)

    told = [notice.message for notice in world.look(notices.untold)]
    assert (states(world), len(world.platform.published)) == (["unconfirmed"], 1)
    assert ["/da_len 1" in message and "/chua_len 1" in message for message in told] == [True]


async def test_a_person_who_saw_the_post_settles_it(world: World) -> None:
    """Its link is kept, and nothing is sent."""
    await lose_an_answer(world)
    seen = Finding(published=True, link="https://x/7")
    world.do(tell_finding, "1", seen, By(LEADER, "cli", world.clock.at), desk=DESK)
    await deliver(world)

    assert world.rows(deliveries, "state", "link") == [("published", "https://x/7")]
    assert len(world.platform.published) == 1


async def test_a_person_who_did_not_see_it_has_it_sent_once_more(world: World) -> None:
    """At once, also when its window has closed: a person says so."""
    await lose_an_answer(world)
    world.clock.at = DUE + timedelta(hours=9)
    absent = Finding(published=False)
    world.do(tell_finding, "1", absent, By(LEADER, "cli", world.clock.at), desk=DESK)
    for _ring in range(2):
        await deliver(world)

    assert (states(world), len(world.platform.published)) == (["published"], 2)


async def test_a_finding_is_taken_once_and_from_the_right_people(world: World) -> None:
    """Two people who look at once do not send it twice; an editor may not say so at all."""
    await lose_an_answer(world)
    by = By(LEADER, "cli", world.clock.at)
    editor = By(Person("Trần Văn Soạn", 9, frozenset({"editor"}), frozenset({"*"})), "cli", world.clock.at)
    with pytest.raises(NotAllowedError, match="không có quyền"):
        world.do(tell_finding, "1", Finding(published=False), editor, desk=DESK)
    world.do(tell_finding, "1", Finding(published=False), by, desk=DESK)
    with pytest.raises(NotAllowedError, match="không phải là"):
        world.do(tell_finding, "1", Finding(published=False), by, desk=DESK)


async def lose_an_answer(world: World) -> None:
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [UnknownOutcomeError("x")]
    world.clock.at = DUE
    await deliver(world)


async def test_a_read_back_that_finds_the_post_settles_it(world: World) -> None:
    """Found is published, with the platform's id."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers, world.platform.found = (
        [UnknownOutcomeError("x")],
        [Found(Receipt("77", "https://x"))],
    )
    world.clock.at = DUE
    await deliver(world)
    world.clock.at += timedelta(seconds=301)
    await reconcile(world.works)

    assert world.rows(deliveries, "state", "remote_id") == [("published", "77")]


async def test_only_absence_seen_twice_is_sent_once_more(world: World) -> None:
    """Two agreeing looks, then one more sending."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers, world.platform.found = [UnknownOutcomeError("x")], [Absent(), Absent()]
    world.clock.at = DUE
    await deliver(world)
    for _look in range(3):
        world.clock.at += timedelta(minutes=6)
        await reconcile(world.works)
        await deliver(world)

    assert (states(world), len(world.platform.published)) == (["published"], 2)


async def test_a_call_that_finishes_later_is_asked_until_it_has(world: World) -> None:
    """Its memo is kept each time, and it is one attempt."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [Pending({"token": "t"}), Pending({"token": "t", "polls": 1}), Receipt("9")]
    world.clock.at = DUE
    await deliver(world)

    assert [staged for _name, _text, staged in world.platform.published] == [
        {"on": "k0"},
        {"token": "t"},
        {"token": "t", "polls": 1},
    ]
    assert (states(world), world.rows(attempts, "number", "outcome")) == (["published"], [(1, "sent")])


async def test_a_question_that_fails_is_not_a_sending_that_failed(world: World) -> None:
    """After the committing call, "not sent" is no longer possible."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [Pending({"token": "t"}), *[NotSentError("x")] * 5]
    world.clock.at = DUE
    await deliver(world)

    assert states(world) == ["unconfirmed"]


async def test_a_crash_leaves_claims_waiting_and_intents_unknown(world: World) -> None:
    """A claim is harmless, an intent without receipt is asked about."""
    world.plan(a_post(channels=("k0", "k1")))
    world.approve("B0001-2026")
    world.clock.at = DUE
    claimed = await claim(world.works)
    world.do(ledger.intend, [s for s in claimed if s.delivery.channel == "k1"], DUE)
    assert await recover(world.works) == (0, 0)  # somebody is at it
    world.works.hands.clear()  # and now the process is gone

    assert await recover(world.works) == (1, 1)
    assert world.rows(deliveries, "channel", "state") == [("k0", "scheduled"), ("k1", "unconfirmed")]


async def test_late_by_an_outage_inside_the_window_goes_out(world: World) -> None:
    """An hour late is late; its lateness is written down."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE + timedelta(hours=1)
    await deliver(world)

    assert world.rows(deliveries, "state", "lateness_ms") == [("published", 3_600_000)]


async def test_late_by_more_than_the_window_is_missed(world: World) -> None:
    """Never a greeting at midnight."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE + timedelta(hours=2, seconds=1)
    await deliver(world)

    assert (states(world), world.platform.published) == (["missed"], [])


async def test_an_edit_sweeps_what_was_staged(world: World) -> None:
    """What lies hidden at the platform and was not approved is removed."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)
    world.plan(a_post(text="Khác"))
    for _sweep in range(2):
        await sweep(world.works)

    assert world.platform.discarded == [{"on": "k0"}]
    assert [at is not None for (at,) in world.rows(orphans, "swept_at")] == [True]


async def test_staging_that_finishes_later_goes_on_where_it_was(world: World) -> None:
    """The memo is stored, so that a restart does not begin again."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.stagings = [Pending({"token": "t"}), Staged({"id": "a"})]
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)

    assert world.rows(deliveries, "staged", "memo") == [({"id": "a"}, None)]


async def test_what_will_be_refused_is_told_before_its_time(world: World) -> None:
    """People can still mend it."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.stagings = [RefusedError("ảnh hỏng")]
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)

    assert ["ảnh hỏng" in notice.message for notice in world.look(notices.untold)] == [True]
    assert states(world) == ["scheduled"]


async def test_reach_is_read_at_its_times_and_kept(world: World) -> None:
    """Four readings, then no more."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    await deliver(world)
    for _day in range(70):
        await measure(world.works)
        world.clock.at += timedelta(hours=12)

    assert world.rows(reach, "metric", "value", "source") == [("views", 12, "test")] * 4


async def test_limits_spread_the_planned_seconds_and_the_sending(world: World) -> None:
    """One a second for three channels of one bot: three seconds, and none late against its plan."""
    world.platform.windows = [Limit("bot", 1, timedelta(seconds=1))]
    world.plan(a_post(channels=("k0", "k1", "k2")))
    world.approve("B0001-2026")
    await plan_seconds(world.works)
    for planned in [at for (at,) in world.rows(deliveries, "planned")]:
        world.clock.at = planned
        await deliver(world)

    assert states(world) == ["published"] * 3
    assert world.rows(deliveries, "lateness_ms") == [(0,), (0,), (0,)]


async def test_a_crash_during_a_great_burst_leaves_few_to_ask_about(tmp_path: object) -> None:
    """Law 2's bound: at most two batches and the lanes have intents that were not answered."""
    world = a_world(tmp_path, channels=300, rules=Rules(batch=10, lanes=4))  # type: ignore[arg-type]
    world.plan(a_post(channels=[f"k{n}" for n in range(300)]))
    world.approve("B0001-2026")
    most = 0

    def look() -> Receipt:
        nonlocal most
        open_now = [1 for (ended,) in world.rows(attempts, "ended_at") if ended is None]
        most = max(most, len(open_now))
        return Receipt("1")

    world.platform.answers = [look] * 300
    world.clock.at = DUE
    await deliver(world)
    world.ledger.close()

    assert len(world.platform.published) == 300
    assert 0 < most <= 2 * 10 + 4 + 10  # two batches, the lanes, and one group of receipts not yet committed


async def test_a_new_time_needs_a_new_approval(world: World) -> None:
    """What was missed goes out only when somebody says so, at the time that was said."""
    world.plan(a_post())
    world.clock.at = DUE
    await deliver(world)
    post = world.look(posts.find_post, "b0001-2026")
    later = DUE + timedelta(hours=5)
    act = Act(DUE, "Lãnh", "cli", "give_time", post.id, {})
    world.do(posts.give_time, post, later, window=timedelta(hours=2), act=act)
    world.clock.at = later
    world.plan(a_post())
    await deliver(world)

    assert (states(world), world.platform.published) == (["missed"], [])


async def test_a_new_time_survives_the_next_reading_of_the_calendar(world: World) -> None:
    """The calendar still says the old time; the person's word is newer."""
    world.plan(a_post())
    world.clock.at = DUE
    await deliver(world)
    post = world.look(posts.find_post, "B0001-2026")
    later = DUE + timedelta(hours=1)
    act = Act(DUE, "Lãnh", "cli", "give_time", post.id, {})
    world.do(posts.give_time, post, later, window=timedelta(hours=2), act=act)
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = later
    await deliver(world)

    assert (states(world), len(world.platform.published)) == (["published"], 1)


async def test_a_channel_that_closed_is_told_once_a_day(world: World) -> None:
    """Before a post is due there, not after; one that cannot be asked says nothing."""
    answers = {"k0": ChannelHealth(ok=True), "k1": ChannelHealth(ok=False, problems=("mất quyền",))}

    async def look(channel: Channel) -> ChannelHealth:
        if channel.name not in answers:
            raise NotSentError("x")
        return answers[channel.name]

    world.platform.check = look  # type: ignore[method-assign]
    for _look in range(2):
        await check(world.works)
    told = world.look(notices.untold)
    kept = world.look(marks.read_mark, HEALTH)

    assert [notice.message for notice in told] == ["Kênh k1 không đăng được: mất quyền"]
    assert {name: look["ok"] for name, look in kept.items()} == {"k0": True, "k1": False}


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "read back"])
async def test_what_did_not_follow_a_post_is_told(world: World, lost: bool) -> None:  # noqa: FBT001 - a row of a table
    """The post is published; people hear what is missing under it, once, and `why` says it too."""
    world.plan(a_post())
    world.approve("B0001-2026")
    receipt = Receipt("9", None, "Bình luận đầu chưa lên.")
    world.platform.answers = [UnknownOutcomeError("x") if lost else receipt]
    world.platform.found = [Found(receipt)]
    world.clock.at = DUE
    await deliver(world)
    world.clock.at += timedelta(seconds=301)
    await reconcile(world.works)
    told = [notice.message for notice in world.look(notices.untold)]

    assert world.rows(deliveries, "state", "reason") == [("published", "Bình luận đầu chưa lên.")]
    assert told == ["Bài B0001-2026 đã lên kênh k0. Bình luận đầu chưa lên."]
