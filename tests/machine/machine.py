"""Anything in any order: a machine of Hypothesis that moves an office and judges it after each step."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from content_queue.store import posts
from tests.machine.model import Row
from tests.machine.office import AUTHOR, CHANNELS, DEEDS, PEOPLE, Office, name_of
from tests.machine.points import DIES, DOUBTFUL, FULL, Trouble
from tests.machine.wall import MOODS

#: The post of the last day: whatever happened before, it goes out.
LAST = "B9"

#: So far the clock is put back at most: what waits for its time in the end must come to it.
FURTHEST = timedelta(hours=-1)
#: How many posts back from the latest one.
back = st.sampled_from([0, 0, 1, 2])
steps = st.sampled_from([timedelta(minutes=m) for m in (1, 6, 20, 180)])
#: Those after which nobody knows stand here more often.
moods = st.sampled_from([*MOODS, "well", "lies", "lies", "silent", "silent", "late"])
troubles = st.none() | st.builds(
    Trouble,
    st.integers(1, 16),
    st.sampled_from([DIES, DIES, FULL, DOUBTFUL]) | st.sampled_from(sorted(DEEDS)),
)
works = st.sampled_from(
    [
        "everything",
        "everything",
        "deliver",
        "claim",
        "send",
        "prepare",
        "look_back",
        "retract",
        "sweep",
        "measure",
        "read_calendar",
    ]
)
scopes = st.sampled_from([{}, {"channels": ["k0"]}, {"tags": ["lễ"]}, {"languages": ["en"]}])


class Machine(RuleBasedStateMachine):
    """An office to which anything may happen."""

    #: How many examples were begun, and at which of them something was wrong first.
    begun: ClassVar[int] = 0
    found: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        Machine.begun += 1
        self.office = Office()
        self.codes: list[str] = []

    def _code(self, back: int) -> str:
        return self.codes[-1 - back % len(self.codes)]

    @initialize(moods=st.tuples(moods, moods), trouble=troubles)
    def the_first_post_goes_out(self, moods: Any, trouble: Trouble | None) -> None:
        """Begin where most things may go wrong."""
        self.a_post_goes_out(moods, trouble)

    @rule(moods=st.tuples(moods, moods), trouble=troubles)
    def a_post_goes_out(self, moods: Any, trouble: Trouble | None) -> None:
        """A post is planned, agreed to, and due; platforms are as they are, and something may happen."""
        self.office.wall.moods.update(zip(CHANNELS, moods, strict=True))
        self.a_post_is_planned(timedelta(minutes=1))
        self.something_is_due(trouble)

    # -- the calendar

    @rule(after=steps)
    def a_post_is_planned(self, after: timedelta) -> None:
        """A right row, read and agreed to."""
        self.codes.append(f"B{10 + len(self.codes)}")
        code = self.office.latest = self.codes[-1]
        self.office.calendar[code] = Row("Một", self.office.clock.now() + after, CHANNELS, AUTHOR.name)
        self.office.run("read_calendar")
        self.office.look(code)
        self.office.say_yes(code)

    @rule(
        back=back,
        text=st.sampled_from(["Một", "Hai", None]),
        after=st.none() | steps | st.just(timedelta(minutes=-6)),
        channels=st.sampled_from([CHANNELS, ("k0",), ("k1",)]),
        rest=st.tuples(
            st.sampled_from(sorted(PEOPLE)),
            st.sampled_from([(), ("lễ",)]),
            st.sampled_from(["", "", "", "row", "text"]),
        ),
    )
    def a_row_is_saved(self, back: int, text: Any, after: Any, channels: Any, rest: Any) -> None:
        """A row is written anew, and read if the daemon is there to read it."""
        code, now = self._code(back), self.office.clock.now()
        old = self.office.calendar.get(code)
        due = old.due if old and after is None else now + (after or timedelta(minutes=1))
        author, tags, wrong = rest
        self.office.calendar[code] = Row(text, due, channels, author, tags, wrong)

    @rule(back=back)
    def a_row_is_deleted(self, back: int) -> None:
        """It may come back as it was, or otherwise."""
        self.office.calendar.pop(self._code(back), None)

    # -- people

    @rule(back=back, person=st.sampled_from(sorted(PEOPLE)), looks=st.booleans())
    def someone_says_yes(self, back: int, person: str, looks: bool) -> None:  # noqa: FBT001 # a draw
        """To what the card shows, or showed."""
        code = self._code(back)
        if looks:
            self.office.look(code)
        self.office.say_yes(code, PEOPLE[person])

    @rule(deed=st.sampled_from(sorted(DEEDS)), back=back)
    def something_is_done_at_once(self, deed: str, back: int) -> None:
        """An edit, a no, a cancellation, a hold over all: one of what may happen in the midst, too."""
        DEEDS[deed](self.office, self._code(back))

    @rule(
        back=back,
        deed=st.sampled_from(["correct", "take back"]),
        moods=st.tuples(moods, moods),
        trouble=troubles,
    )
    def what_is_out_is_undone(self, back: int, deed: str, moods: Any, trouble: Trouble | None) -> None:
        """Corrected or taken back, while platforms are as they are and something may happen."""
        self.office.wall.moods.update(zip(CHANNELS, moods, strict=True))
        DEEDS[deed](self.office, self._code(back))
        self.office.clock.at += timedelta(seconds=10)
        self.office.run("everything", trouble)

    @rule(back=back, after=steps, person=st.sampled_from(sorted(PEOPLE)))
    def a_new_time_is_given(self, back: int, after: timedelta, person: str) -> None:
        """By somebody who may approve, or may not."""
        self.office.give_time(self._code(back), after, PEOPLE[person])

    @rule(scope=scopes)
    def a_hold_begins(self, scope: Any) -> None:
        """Over all, a channel, a tag or a language."""
        self.office.hold(scope)

    @rule()
    def the_holds_end(self) -> None:
        """All of them."""
        self.office.release()

    @rule()
    def people_look_at_the_channels(self) -> None:
        """And say what is there."""
        self.office.answer()

    # -- time, platforms, the daemon

    @rule(step=steps)
    def time_passes(self, step: timedelta) -> None:
        """The clock goes on."""
        self.office.clock.at += step

    @rule(rounds=st.integers(1, 4), step=st.sampled_from([timedelta(seconds=10), timedelta(minutes=6)]))
    def the_daemon_ticks(self, rounds: int, step: timedelta) -> None:
        """All its works, again and again, while the clock goes on."""
        for _round in range(rounds):
            self.office.run("everything")
            self.office.clock.at += step

    @precondition(lambda self: self.office.clock.step > FURTHEST)
    @rule()
    def the_clock_is_put_back(self) -> None:
        """By half an hour; time itself goes on."""
        self.office.clock.step -= timedelta(minutes=30)

    @rule(channel=st.sampled_from(CHANNELS), mood=st.sampled_from(MOODS))
    def a_channel_changes(self, channel: str, mood: str) -> None:
        """It answers otherwise from now on."""
        self.office.wall.moods[channel] = mood

    @rule(what=works, trouble=troubles)
    def the_daemon_works(self, what: str, trouble: Trouble | None) -> None:
        """It does one thing, in the midst of which something may happen."""
        self.office.run(what, trouble)

    @rule(trouble=troubles)
    def something_is_due(self, trouble: Trouble | None) -> None:
        """The alarm rings."""
        self.office.until_something_is_due()
        self.office.run("deliver", trouble)
        self.office.run("everything")

    # -- the laws

    @invariant()
    def all_is_in_order(self) -> None:
        """Nothing left that may not, nothing twice, every arrow is one of the data."""
        in_order(self.office.wrong())

    @invariant()
    def a_yes_is_about_what_stands(self) -> None:
        """The hash of a post is the hash of its deliveries."""
        for queued in self.office.see(posts.queue):
            post = queued.post
            same = post.content_hash == self.office.see(posts.rehash, post.id)
            in_order(
                [] if same or post.state == "cancelled" else [f"{post.id}: its hash is of something else"]
            )

    def teardown(self) -> None:
        """Let all come to rest, then people answer, then one more post must go out as if nothing had been."""
        try:
            self.office.rest()
            in_order(self.office.wrong_in_the_end())
            self.office.answer()
            self._one_more()
            self.office.rest()
            in_order(self.office.wrong_in_the_end())
            in_order(
                [
                    f"{name}: the last post is not there"
                    for name in CHANNELS
                    if (LAST, name) not in self.office.wall.shown
                ]
            )
            self._nothing_is_left_hidden()
        finally:
            self.office.close()

    def _one_more(self) -> None:
        office = self.office
        office.release()
        due = office.clock.now() + timedelta(minutes=10)
        office.calendar[LAST] = Row("Cuối", due, CHANNELS, AUTHOR.name)
        office.run("read_calendar")
        office.look(LAST)
        office.say_yes(LAST)
        office.clock.at += timedelta(minutes=10)
        office.run("everything")
        assert office.see(posts.find_post, name_of(LAST)).state == "approved"

    def _nothing_is_left_hidden(self) -> None:
        """What was staged and did not go out was removed, unless its number died with a process."""
        staged = {
            each.delivery.staged["of"]
            for each in self.office.see(posts.queue)
            if each.delivery.staged and "of" in each.delivery.staged
        }
        left = self.office.wall.hidden - staged
        in_order([] if self.office.died else [f"{name}: left hidden" for name in sorted(left)])


def in_order(wrong: Sequence[str]) -> None:
    """Say everything that is wrong."""
    if wrong:
        Machine.found = Machine.found or Machine.begun
        raise AssertionError("\n".join(wrong))
