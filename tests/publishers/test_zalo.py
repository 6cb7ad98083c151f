"""The Zalo adapter against the stand-in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    Receipt,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit, Publisher
from publishers.options import ZaloOptions
from publishers.standin.server import Standin
from publishers.zalo import ZaloPublisher
from publishers.zalo.around import ZaloAround
from publishers.zalo.waits import LAST_POLL
from tests.canaries import CANARY_ZALO
from tests.publishers.contract import House, PublisherContract, go_out, stage

COVER = "https://gialai.example/anh-bia.jpg"
OA = "4318657068771012646"
#: Where the office's web server is believed to be, and a moment at which followers may be written to.
PICTURES, NOON = "https://anh.gialai.example", datetime(2026, 11, 20, 5, tzinfo=UTC)


def attempt(payload: Payload, staged: dict[str, object], *, ago: timedelta = timedelta()) -> Attempt:
    return Attempt(1, 1, payload, staged, datetime.now(UTC) - ago)


class TestZalo(PublisherContract):
    platform, committing = "zalo", "article/update"
    token, wrong_token = f"{OA}:{CANARY_ZALO}", f"{OA}:wrong"

    def make(self, base_url: str, house: House) -> Publisher:
        return self.made(base_url, house)

    def made(
        self, base_url: str, house: House, around: ZaloAround | None = None, **changes: Any
    ) -> ZaloPublisher:
        options = replace(ZaloOptions(api_url=base_url, default_cover=COVER), **changes)
        around = around or ZaloAround(lambda: NOON, pictures=PICTURES)
        return ZaloPublisher(
            http=house.http, secrets=house.secrets, media=house.media, options=options, around=around
        )

    @pytest.fixture
    def direct(self, base_url: str, house: House) -> ZaloPublisher:
        """The adapter that shows articles at once."""
        return self.made(base_url, house, publish_mode="direct")

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("Zalo Sở Nội vụ", "so-noi-vu", "zalo", OA, token="kenh")

    @pytest.fixture
    def variant(self) -> Variant:
        text = "Chào mừng Ngày Nhà giáo Việt Nam\nKính chúc quý thầy cô mạnh khỏe.\n\nTrân trọng!"
        return Variant(
            "vi", text, link="https://gialai.example/20-11", hashtags=("#GiaLai",), author="Sở Nội vụ"
        )

    @pytest.fixture
    def too_long(self, variant: Variant) -> Variant:
        """Only a title has a bound: a body may be as long as an office likes."""
        return replace(variant, title="Chào mừng " * 20)

    async def test_a_good_channel_is_well(self, publisher: Publisher, channel: Channel) -> None:
        """A good OA is told by name, kind and package."""
        health = await publisher.check(channel)
        assert (health.ok, health.name) == (True, f"OA {OA} (OA cơ quan nhà nước, gói Tăng trưởng)")
        assert health.problems == ()

    async def test_a_missing_cover_is_told(self, base_url: str, house: House, channel: Channel) -> None:
        """Without an office's cover most posts would be refused: said before it happens."""
        health = await self.made(base_url, house, ZaloAround(lambda: NOON), default_cover="").check(channel)
        assert health.problems == (
            "Chưa đặt media.public_url: ảnh trên máy không lên được Zalo, chỉ ảnh có địa chỉ https.",
            "Chưa đặt zalo.default_cover: bài không có ảnh https sẽ bị từ chối.",
        )

    async def test_a_token_of_another_account_is_told(self, publisher: Publisher, channel: Channel) -> None:
        """An administrator of several OAs may have chosen the wrong one."""
        health = await publisher.check(replace(channel, remote_id="77"))
        assert not health.ok
        assert health.problems[0].startswith(f"Mã truy cập thuộc OA {OA}, không phải 77.")

    async def test_an_article_is_hidden_first(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """What is staged lies at Zalo and nobody sees it."""
        await stage(publisher, channel, publisher.render(channel, variant))
        assert [post.visible for post in standin.shown()] == [False]

    async def test_discarding_takes_the_hidden_article_away(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """An edit sweeps what was staged."""
        await publisher.discard(channel, await stage(publisher, channel, publisher.render(channel, variant)))
        assert standin.shown() == []

    async def test_discarding_before_the_id_is_known_is_put_off(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Zalo tells the id only when it has the pictures; until then nothing can be removed."""
        pending = await publisher.stage(channel, publisher.render(channel, variant), {})
        assert isinstance(pending, Pending)
        with pytest.raises(NotSentError):
            await publisher.discard(channel, Staged(pending.memo))

    async def test_the_wait_for_an_id_grows(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Each twice as long as the one before, up to a minute: every question counts in a quota."""
        payload = publisher.render(channel, variant)
        first = await publisher.stage(channel, payload, {})
        assert isinstance(first, Pending)
        waits = [first.after.seconds]
        for polls in (0, 1, 2, 3, 4, 40):
            fresh = await publisher.stage(channel, payload, {})
            assert isinstance(fresh, Pending)
            again = await publisher.stage(channel, payload, {**fresh.memo, "polls": polls})
            assert isinstance(again, Pending)
            waits.append(again.after.seconds)
        assert waits == [3, 6, 12, 24, 48, 60, 60]

    async def test_a_picture_that_zalo_cannot_fetch_is_refused(
        self,
        publisher: Publisher,
        standin: Standin,
        base_url: str,
        house: House,
        channel: Channel,
        variant: Variant,
    ) -> None:
        """The editor is told what to mend, and nothing lies there hidden."""
        broken = self.made(base_url, house, default_cover="https://gialai.example/missing.jpg")
        with pytest.raises(RefusedError, match="Zalo không tải được ảnh"):
            await stage(broken, channel, broken.render(channel, variant))
        assert standin.shown() == []

    async def test_once_handed_in_a_lost_look_is_no_failure(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        fault: Callable[..., None],
    ) -> None:
        """The article is shown already: asking for its end again is safe, handing it in again is not."""
        payload = publisher.render(channel, variant)
        pending = await publisher.publish(channel, payload, await stage(publisher, channel, payload))
        assert isinstance(pending, Pending)
        for word in ("drop_after", "500_before", "garbage", "throttle"):
            fault(word, on="article/verify")
            pending = await publisher.publish(channel, payload, Staged(pending.memo))
            assert isinstance(pending, Pending)
        assert pending.after == timedelta(seconds=60)
        assert len(self.visible(standin)) == 1

    async def test_a_token_that_dies_after_handing_in_leaves_it_open(
        self, publisher: Publisher, stranger: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """The article may be shown: a person looks."""
        payload = publisher.render(channel, variant)
        pending = await publisher.publish(channel, payload, await stage(publisher, channel, payload))
        assert isinstance(pending, Pending)
        with pytest.raises(UnknownOutcomeError):
            await stranger.publish(channel, payload, Staged(pending.memo))

    @pytest.mark.parametrize("word", ["", "500_before"])
    async def test_after_an_hour_of_processing_a_person_is_asked(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Callable[..., None], word: str
    ) -> None:
        """The token is good for an hour, whether Zalo is busy or not there."""
        payload = publisher.render(channel, variant)
        pending = await publisher.publish(channel, payload, await stage(publisher, channel, payload))
        assert isinstance(pending, Pending)
        if word:
            fault(word, on="article/verify")
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(channel, payload, Staged({**pending.memo, "polls": LAST_POLL}))

    async def test_the_link_is_zalos_own_or_built(
        self,
        publisher: Publisher,
        base_url: str,
        channel: Channel,
        variant: Variant,
        fault: Callable[..., None],
    ) -> None:
        """A lost look at the link does not make a published article unpublished."""
        payload = publisher.render(channel, variant)
        told = await go_out(publisher, channel, payload)
        fault("500_before", on="article/getdetail")
        built = await go_out(publisher, channel, payload)
        assert told == Receipt(told.remote_id, f"{base_url}/detail/{OA}/{told.remote_id}")
        assert built.link == f"https://rd.zapps.vn/detail/{OA}?id={built.remote_id}&pageId={OA}"

    async def test_the_link_opens_the_article(
        self, publisher: Publisher, house: House, channel: Channel, variant: Variant
    ) -> None:
        """The stand-in shows it as data, never as HTML."""
        receipt = await go_out(
            publisher, channel, publisher.render(channel, replace(variant, text="Lễ hội\n<b>hay</b>"))
        )
        page = await house.http.request("GET", str(receipt.link))
        assert (page.status_code, "&lt;b&gt;hay&lt;/b&gt;" in page.text) == (200, True)

    async def test_direct_mode_shows_at_once(
        self, direct: ZaloPublisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """An office may save the second call."""
        payload = direct.render(channel, variant)
        assert await direct.stage(channel, payload, {}) == Staged({})
        receipt = await go_out(direct, channel, payload)
        assert [post.remote_id for post in self.visible(standin)] == [receipt.remote_id]

    # reading back

    async def test_a_hidden_article_is_proof_of_absence(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Showing it again makes no second one."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        assert await publisher.find(channel, attempt(payload, dict(staged.data))) == Absent()

    async def test_a_shown_article_is_found_by_its_id(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Callable[[str], None]
    ) -> None:
        """The answer was lost, the article is there."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        fault("drop_after")
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(channel, payload, staged)
        found = await publisher.find(channel, attempt(payload, dict(staged.data)))
        assert isinstance(found, Found)
        assert found.receipt.remote_id == staged.data["id"]

    async def test_a_lost_direct_article_is_found_by_title(
        self,
        direct: ZaloPublisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        fault: Callable[..., None],
    ) -> None:
        """Also behind ten others: the list has ten a page."""
        payload = direct.render(channel, variant)
        fault("drop_after", on="article/create")
        with pytest.raises(UnknownOutcomeError):
            await direct.publish(channel, payload, Staged({}))
        for number in range(12):
            other = direct.render(channel, replace(variant, text=f"Tin {number}"))
            await direct.publish(channel, other, Staged({}))
        found = await direct.find(channel, attempt(payload, {}))
        assert isinstance(found, Found)
        assert found.receipt.remote_id == self.visible(standin)[0].remote_id

    async def test_an_older_article_of_the_same_title_is_not_ours(
        self, direct: ZaloPublisher, channel: Channel, variant: Variant
    ) -> None:
        """Last year's greeting proves nothing about this year's."""
        payload = direct.render(channel, variant)
        await go_out(direct, channel, payload)
        later = attempt(payload, {}, ago=-timedelta(hours=1))
        assert isinstance(await direct.find(channel, later), Unclear)

    async def test_an_unknown_id_proves_nothing(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Somebody may have removed it after it was shown."""
        payload = publisher.render(channel, variant)
        assert isinstance(await publisher.find(channel, attempt(payload, {"id": "khong-co"})), Unclear)

    async def test_views_and_shares_are_read(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """They come from the article itself; the followers are the channel's, and come from its OA."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        readings = await publisher.measure(channel, receipt)
        assert [(one.metric, one.source) for one in readings] == [
            ("views", "zalo article"),
            ("shares", "zalo article"),
        ]
        figures = await publisher.figures(channel)
        assert [(one.metric, one.source) for one in figures] == [("followers", "zalo oa")]

    # pacing

    async def test_limits_name_the_account_and_the_app(
        self, publisher: Publisher, base_url: str, house: House, channel: Channel
    ) -> None:
        """Zalo counts both; 0 in the settings is no limit."""
        second = timedelta(seconds=1)
        assert list(publisher.limits(channel)) == [
            Limit(f"zalo:{OA}", 1, second, every=True),
            Limit("zalo:app", 20, second, calls=2, every=True),
        ]
        free = self.made(base_url, house, per_oa_per_second=0, per_app_per_second=0)
        assert [limit.count for limit in free.limits(channel)] == [0, 0]

    async def test_an_overrun_limit_names_the_account(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Callable[..., None]
    ) -> None:
        """Its wait holds up nothing else."""
        fault("throttle", on="article/create")
        with pytest.raises(NotSentError) as caught:
            await publisher.stage(channel, publisher.render(channel, variant), {})
        assert (caught.value.key, caught.value.retry_after) == (f"zalo:{OA}", timedelta(seconds=60))
