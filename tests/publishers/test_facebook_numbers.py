"""Facebook's numbers: as few calls as pass, each with its source or a reason, days of its own home."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from content_queue.models import Channel, Variant
from content_queue.outcomes import NotSentError, Receipt
from publishers.facebook import FacebookPublisher, reach
from publishers.facebook.reach import Metric
from publishers.standin.facebook import FacebookStandin
from tests.publishers.contract import House, go_out
from tests.publishers.films import film
from tests.publishers.on_facebook import PAGE, OnFacebook, Order, Watch, keep

OF_POST = ["reach", "views", "clicks", "reactions", "comments", "shares"]
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class TestPosts(OnFacebook):
    """What is read of a post."""

    @pytest.fixture
    async def receipt(
        self, publisher: FacebookPublisher, channel: Channel, standin: FacebookStandin
    ) -> Receipt:
        """Return a post that many have seen, and whose numbers nobody has asked for."""
        receipt = await go_out(publisher, channel, publisher.render(channel, Variant("vi", "Chào")))
        standin.wall._show({"id": receipt.remote_id, "at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()})
        return receipt

    async def test_all_numbers_come_in_one_call(
        self, publisher: FacebookPublisher, channel: Channel, receipt: Receipt, calls: Callable[[], int]
    ) -> None:
        """Readings are most of all calls, so each is one."""
        before = calls()
        readings = await publisher.measure(channel, receipt)
        found = {reading.metric: reading.value for reading in readings}
        assert calls() - before == 1
        assert list(found) == [
            *OF_POST[:4],
            "reactions_like",
            "reactions_love",
            "reactions_wow",
            *OF_POST[4:],
        ]
        parts = [found[f"reactions_{kind}"] or 0 for kind in ("like", "love", "wow")]
        assert (found["reactions"], min(parts) > 0) == (sum(parts), True)
        assert {reading.source for reading in readings} == {"graph v26.0 insights"}

    @pytest.mark.parametrize(("kind", "code", "until"), [("retired", "(100)", WEEK), ("gated", "(10)", DAY)])
    async def test_a_number_that_is_refused_costs_no_other_and_is_let_be(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        receipt: Receipt,
        calls: Callable[[], int],
        take: Callable[..., None],
        watch: Watch,
        kind: str,
        code: str,
        until: timedelta,
    ) -> None:
        """Asked for alone once, then left out of the one call, until it may have come back."""
        take(page=PAGE, **{kind: ["post_clicks"]})
        costs, told = [], []
        for wait in (timedelta(), timedelta(seconds=1), until):
            watch.at += wait
            before = calls()
            readings = {reading.metric: reading for reading in await publisher.measure(channel, receipt)}
            costs.append(calls() - before)
            told.append(readings["clicks"])
            assert [name for name in OF_POST if readings[name].value is None] == ["clicks"]
        names = len(reach.names(reach.OF_POST))
        assert costs == [1 + names, 1, 1 + names]
        assert [code in (reading.reason or "") for reading in told] == [True] * 3

    async def test_what_one_page_does_not_give_another_may(
        self, publisher: FacebookPublisher, channel: Channel, take: Callable[..., None]
    ) -> None:
        """Small Pages are refused what large ones have."""
        take(page=PAGE, gated=["post_total_media_view_unique"])
        missing = []
        for page in (PAGE, "100064000000002"):
            there = Channel("Trang", "ia-grai", "facebook", page, token="kenh")
            receipt = await go_out(publisher, there, publisher.render(there, Variant("vi", "Chào")))
            missing.append([r.metric for r in await publisher.measure(there, receipt) if r.value is None])
        assert missing == [["reach"], []]

    async def test_where_nothing_is_given_nothing_is_asked(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        receipt: Receipt,
        calls: Callable[[], int],
        take: Callable[..., None],
    ) -> None:
        """A right that is missing for all numbers is not asked about at every reading."""
        take(gated=reach.names(reach.OF_POST))
        await publisher.measure(channel, receipt)
        before = calls()
        readings = await publisher.measure(channel, receipt)
        assert ([reading.value for reading in readings], calls() - before) == ([None] * 6, 0)
        assert all("(10)" in (reading.reason or "") for reading in readings)

    async def test_empty_is_not_zero(
        self, publisher: FacebookPublisher, channel: Channel, receipt: Receipt, take: Callable[..., None]
    ) -> None:
        """Without the right to read numbers Facebook answers 200 and nothing: that is told, not counted."""
        take(empty=["post_media_view"])
        readings = {reading.metric: reading for reading in await publisher.measure(channel, receipt)}
        assert (readings["views"].value, "read_insights" in (readings["views"].reason or "")) == (None, True)
        assert readings["reach"].value is not None

    async def test_nobody_is_zero(self, publisher: FacebookPublisher, channel: Channel) -> None:
        """A type that nobody chose is left out of an object; that one is zero."""
        receipt = await go_out(publisher, channel, publisher.render(channel, Variant("vi", "Chào")))
        readings = {reading.metric: reading.value for reading in await publisher.measure(channel, receipt)}
        assert readings == dict.fromkeys(OF_POST, 0)

    async def test_only_a_film_has_plays(
        self, publisher: FacebookPublisher, channel: Channel, house: House
    ) -> None:
        """Other posts have no such number, and no reason why not."""
        variant = Variant("vi", "Chào", media=(keep(house, film()),))
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        assert "video_views" in [reading.metric for reading in await publisher.measure(channel, receipt)]

    async def test_numbers_of_a_deleted_post_are_not_to_be_had(
        self, publisher: FacebookPublisher, channel: Channel, calls: Callable[[], int]
    ) -> None:
        """Somebody deleted it by hand: that is told after one call, and nothing is learned of the Page."""
        readings = await publisher.measure(channel, Receipt(f"{PAGE}_1"))
        assert ([reading.value for reading in readings], calls()) == ([None] * 6, 1)
        assert all("100/33" in (reading.reason or "") for reading in readings)
        receipt = await go_out(publisher, channel, publisher.render(channel, Variant("vi", "Chào")))
        assert all(reading.value == 0 for reading in await publisher.measure(channel, receipt))

    @pytest.mark.parametrize("word", ["code_1", "html_502", "empty_500", "500_before", "throttle"])
    async def test_a_fault_is_no_answer(
        self, publisher: FacebookPublisher, channel: Channel, receipt: Receipt, fault: Order, word: str
    ) -> None:
        """It is read later; nothing is learned."""
        fault(word, "/insights")
        with pytest.raises(NotSentError):
            await publisher.measure(channel, receipt)
        assert all(reading.value is not None for reading in await publisher.measure(channel, receipt))


class TestPages(OnFacebook):
    """What is read of a Page."""

    async def test_a_page_has_followers_and_a_day(
        self, publisher: FacebookPublisher, channel: Channel, calls: Callable[[], int]
    ) -> None:
        """The day is the last that has ended where Facebook lives."""
        readings = {reading.metric: reading for reading in await publisher.figures(channel)}
        assert list(readings) == ["followers", *(metric.ours for metric in reach.OF_PAGE)]
        assert (readings["followers"].value, calls()) == (1_000, 2)
        yesterday = datetime.now(reach.HOME).date() - timedelta(days=1)
        assert readings["page_reach"].source == f"graph v26.0 page insights {yesterday}"
        assert all(reading.value is not None for reading in readings.values())

    async def test_one_number_of_a_page_costs_no_other(
        self, publisher: FacebookPublisher, channel: Channel, take: Callable[..., None]
    ) -> None:
        """As with posts."""
        take(retired=["page_views_total"], empty=["page_media_view"])
        readings = await publisher.figures(channel)
        missing = {reading.metric for reading in readings if reading.value is None and reading.reason}
        assert missing == {"page_visits", "page_views"}


@pytest.mark.parametrize(
    ("end_time", "expected"),
    [
        ("2026-11-20T08:00:00+0000", date(2026, 11, 19)),
        ("2026-07-02T07:00:00+0000", date(2026, 7, 1)),
        ("2026-11-02T08:00:00+0000", date(2026, 11, 1)),  # 25 hours long
        ("2026-03-09T07:00:00+0000", date(2026, 3, 8)),  # 23 hours long
        ("khi nào", None),
    ],
)
def test_a_day_ends_at_midnight_of_the_pacific(end_time: str, expected: date | None) -> None:
    """A value describes the day before the moment that it names."""
    assert reach.day({"data": [{"name": "a", "values": [{"value": 1, "end_time": end_time}]}]}) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"value": 340}], 340),
        ([{"value": 0}], 0),
        ([{"value": 1}, {"value": 2}], 2),
        ([{"value": {"like": 8, "love": 1}}], 9),
        ([{"value": {}}], 0),
        ([], None),
        ([{}], None),
        ([{"value": "n/a"}], None),
        ([{"value": {"like": "n/a"}}], None),
        (None, None),
        (["n/a"], None),
    ],
)
def test_a_number_comes_in_several_shapes(values: Any, expected: int | None) -> None:
    """A number, an object by type, or nothing: and nothing is not zero."""
    rows = reach.values({"data": [{"name": "a", "values": values}, "n/a"]})
    [reading] = reach.readings([Metric("views", "a")], rows, {}, "graph")
    assert (reading.value, bool(reading.reason)) == (expected, expected is None)
