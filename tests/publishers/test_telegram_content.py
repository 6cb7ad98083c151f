"""All that a Telegram channel can be sent, and what the platform makes of it, at the stand-in."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from content_queue.models import Attempt, Channel, MediaRef, Variant
from content_queue.outcomes import (
    ChannelClosedError,
    Found,
    Pending,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from publishers.around import Around
from publishers.http import Shards
from publishers.options import TelegramOptions
from publishers.standin.server import build
from publishers.standin.shown import Shown, Style
from publishers.standin.telegram.wire import chat_of
from publishers.telegram import TelegramPublisher
from publishers.telegram.adapter import LARGE, LOOKS
from publishers.unpaced import Unpaced
from tests.canaries import CANARY_TELEGRAM
from tests.publishers.contract import PNG, Album, Vault, go_out
from tests.publishers.serving import serving

CHANNEL = Channel("tinh-tg", "ubnd-tinh", "telegram", "@gialai_tinh", token="kenh")
OTHER = replace(CHANNEL, name="so-tg", remote_id="@gialai_so")
SECOND_BOT = replace(CHANNEL, name="tinh-tg-en", token="khac")
FILM = (Path(__file__).parent.parent / "films" / "dung.mp4").read_bytes()
PDF = b"%PDF-1.7 van ban"
#: Noon and an hour after midnight, local time.
NOON, NIGHT = datetime(2026, 11, 20, 5, tzinfo=UTC), datetime(2026, 11, 20, 18, tzinfo=UTC)


@dataclass
class Town:
    """The stand-in, and an adapter that speaks to it."""

    url: str
    standin: Any
    media: Album
    http: Shards
    at: datetime = NOON
    turns: int = 0

    def publisher(self, **options: Any) -> TelegramPublisher:
        town = self

        class Counting(Unpaced):
            async def turn(self, limits: Sequence[Limit]) -> None:
                town.turns += 1

        return TelegramPublisher(
            http=self.http,
            secrets=Vault({"kenh": CANARY_TELEGRAM, "khac": f"{CANARY_TELEGRAM}-khac"}),
            media=self.media,
            options=TelegramOptions(api_url=self.url, **options),
            around=Around(lambda: self.at, Counting()),
        )

    def happens(self, what: str, **facts: Any) -> Mapping[str, Any]:
        told = {"chat_id": CHANNEL.remote_id, **facts}
        answer = httpx.post(f"{self.url}/_people/{what}", json=told, trust_env=False).raise_for_status()
        return dict(answer.json()["result"])

    def refuse(self, on: str, code: int, words: str, **more: Any) -> None:
        order = {"on": on, "code": code, "words": words, **more}
        httpx.post(f"{self.url}/_refuse", json=order, trust_env=False).raise_for_status()

    def picture(self, content: bytes = PNG) -> MediaRef:
        return replace(self.media.keep(content), width=1, height=1)

    def film(self) -> MediaRef:
        kept = self.media.keep(FILM, "lễ hội.mp4")
        return replace(kept, mime="video/mp4", width=270, height=480, seconds=4.0)

    def document(self, name: str = "báo cáo.pdf") -> MediaRef:
        return replace(self.media.keep(PDF, name), mime="application/pdf")

    def shown(self, channel: Channel = CHANNEL) -> list[Shown]:
        return [post for post in self.standin.shown() if post.channel == channel.remote_id]

    def sent(self, channel: str = CHANNEL.remote_id) -> list[Any]:
        return list(self.standin.world.chats.of(chat_of(channel)["id"]))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    app = build(tmp_path / "standin", now=lambda: datetime.now(UTC), platforms=["telegram"])
    http = Shards(connections=4)
    with serving(app) as base_url:
        yield Town(f"{base_url}/telegram", app.state.standins["telegram"], Album(), http)
    await http.close()


def said(*media: MediaRef, text: str = "Tin", **more: Any) -> Variant:
    return Variant("vi", text, media=media, **more)


async def post(town: Town, variant: Variant, channel: Channel = CHANNEL, **options: Any) -> Receipt:
    publisher = town.publisher(**options)
    return await go_out(publisher, channel, publisher.render(channel, variant))


# --- what goes out -------------------------------------------------------------------------------------


async def test_rich_text_arrives_with_its_entities(town: Town) -> None:
    """Bold, slanted and linked where it is meant; the approver sees the address of a link."""
    variant = said(text="👍 **Mời** bà con _xem_ [chương trình](https://gialai.gov.vn/a_b).")
    payload = town.publisher().render(CHANNEL, variant)
    await go_out(town.publisher(), CHANNEL, payload)
    [seen] = town.shown()
    assert payload.text == "👍 Mời bà con xem chương trình (https://gialai.gov.vn/a_b)."
    assert seen.text == "👍 Mời bà con xem chương trình."
    assert seen.styles == (
        Style("bold", 2, 5),
        Style("italic", 13, 16),
        Style("text_link", 17, 29, "https://gialai.gov.vn/a_b"),
    )


async def test_a_caption_is_as_rich_as_a_text(town: Town) -> None:
    """Of one file and of an album."""
    for count in (1, 2):
        await post(town, said(*[town.picture(PNG + bytes([n])) for n in range(count)], text="**Ảnh** đẹp"))
    assert [seen.styles for seen in town.shown()] == [(Style("bold", 0, 3),)] * 2


async def test_a_plain_text_is_the_payload_of_older_versions(town: Town) -> None:
    """Law 1: an upgrade changes no approved hash."""
    payload = town.publisher().render(CHANNEL, said(link="https://a.vn"))
    assert payload.fields == {"method": "sendMessage", "preview": "https://a.vn"}


async def test_a_film_arrives_with_its_measures(town: Town) -> None:
    """So that readers see its place before it is loaded; its name keeps its marks."""
    receipt = await post(town, said(town.film()))
    [sent] = town.sent()
    told = {
        key: sent.message["video"][key] for key in ("width", "height", "duration", "file_name", "mime_type")
    }
    assert told == {
        "width": 270,
        "height": 480,
        "duration": 4,
        "file_name": "lễ hội.mp4",
        "mime_type": "video/mp4",
    }
    assert (receipt.remote_id, [len(seen.pictures) for seen in town.shown()]) == ("1", [1])


async def test_a_document_arrives_as_a_file(town: Town) -> None:
    """Readers open it by its name."""
    await post(town, said(town.document()))
    [seen] = town.shown()
    assert ([name for name, _path in seen.documents], seen.pictures, seen.text) == (
        ["báo cáo.pdf"],
        (),
        "Tin",
    )


async def test_pictures_and_films_share_an_album_and_documents_have_theirs(town: Town) -> None:
    """One post each, with one caption and the numbers of all."""
    first = await post(town, said(town.picture(), town.film(), town.picture(PNG + b"2")))
    second = await post(town, said(town.document("a.pdf"), town.document("b.pdf")))
    seen = town.shown()
    assert [(len(one.pictures), len(one.documents)) for one in seen] == [(3, 0), (0, 2)]
    assert [one.remote_id for one in seen] == [first.remote_id, second.remote_id] == ["1,2,3", "4,5"]


async def test_the_form_document_sends_everything_as_files(town: Town) -> None:
    """A poster to print is not compressed; what would not go together does so."""
    variant = said(town.picture(), town.film(), town.document(), form="document")
    await post(town, variant)
    await post(town, said(town.film(), form="document"))
    assert [(len(seen.pictures), len(seen.documents)) for seen in town.shown()] == [(0, 3), (0, 1)]


@pytest.mark.parametrize(
    ("looks", "options"),
    [
        ("auto", {"url": "https://a.vn"}),
        ("large", {"url": "https://a.vn", "prefer_large_media": True}),
        ("small", {"url": "https://a.vn", "prefer_small_media": True}),
        ("none", {"is_disabled": True}),
    ],
)
async def test_the_office_says_how_links_are_previewed(
    town: Town, looks: str, options: Mapping[str, Any]
) -> None:
    """What is approved holds it."""
    await post(town, said(link="https://a.vn"), link_preview=looks)
    assert [sent.message["link_preview_options"] for sent in town.sent()] == [options]


@dataclass(frozen=True)
class Hour:
    """A local hour, the hours of the night, and whether the post is urgent."""

    at: datetime
    night: tuple[int, int] = (22, 6)
    urgent: bool = False


@pytest.mark.parametrize(
    ("hour", "silent"),
    [
        (Hour(NOON), {False}),
        (Hour(NIGHT), {True}),
        (Hour(NIGHT, urgent=True), {False}),
        (Hour(NIGHT, (0, 0)), {False}),
        (Hour(NIGHT, (0, 2)), {True}),
        (Hour(NIGHT, (2, 5)), {False}),
        (Hour(NIGHT - timedelta(hours=3)), {True}),  # 22:00 itself
        (Hour(NIGHT + timedelta(hours=5)), {False}),  # 06:00 itself
    ],
)
async def test_at_night_nobodys_phone_rings_unless_it_is_urgent(
    town: Town, hour: Hour, silent: set[bool]
) -> None:
    """Hours are local and may pass midnight; the same hour twice is no night."""
    town.at, (first, last) = hour.at, map(time, hour.night)
    for media in ((), (town.picture(),), (town.picture(), town.film())):
        await post(town, said(*media, urgent=hour.urgent), silent_from=first, silent_to=last)
    assert {sent.silent for sent in town.sent()} == silent


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        (Variant("vi", "Tin", form="broadcast"), "chỉ có ở Zalo"),
        (Variant("vi", "**a** " * 101), "chỉ hiện 100"),
        (Variant("vi", "T", media=(MediaRef("a", "image/png", "a.png", 1),) * 11), "chỉ được 10"),
        (
            Variant(
                "vi", "T", media=(MediaRef("a", "", "a.jpg", 1), MediaRef("b", "application/pdf", "b", 1))
            ),
            "tài liệu không đi chung",
        ),
        (Variant("vi", "T", media=(MediaRef("a", "image/png", "a.png", 10 * 2**20 + 1),)), "10 MB"),
        (Variant("vi", "T", media=(MediaRef("a", "video/mp4", "a.mp4", 50 * 2**20 + 1),)), "50 MB"),
        (Variant("vi", "T", media=(MediaRef("a", "application/pdf", "a.pdf", 50 * 2**20 + 1),)), "50 MB"),
        (
            Variant("vi", "T", media=(MediaRef("a", "image/png", "a.png", 1, width=6000, height=4001),)),
            "6000 x 4001",
        ),
        (
            Variant("vi", "T", media=(MediaRef("a", "image/png", "a.png", 1, width=100, height=2001),)),
            "100 x 2001",
        ),
    ],
)
def test_what_telegram_never_takes_is_told_before_approval(variant: Variant, told: str) -> None:
    """With the limit and what to do."""
    publisher = TelegramPublisher(
        http=Shards(connections=1), secrets=Vault({}), media=Album(), options=TelegramOptions()
    )
    with pytest.raises(RefusedError, match=told) as caught:
        publisher.render(CHANNEL, variant)
    assert "Hãy" in str(caught.value)


# --- files are brought once ----------------------------------------------------------------------------


async def test_a_file_is_uploaded_once_by_each_bot(town: Town) -> None:
    """An id is good for the bot that made it: the second channel gets it without an upload."""
    publisher = town.publisher()
    payload = publisher.render(CHANNEL, said(town.film()))
    await go_out(publisher, CHANNEL, payload)
    town.media.pictures.clear()
    await go_out(publisher, OTHER, payload)
    assert [len(town.shown(channel)) for channel in (CHANNEL, OTHER)] == [1, 1]


async def test_an_id_that_telegram_forgot_is_brought_anew(town: Town) -> None:
    """The refusal is certain: the same post goes out once, with the bytes."""
    publisher = town.publisher()
    payload = publisher.render(CHANNEL, said(town.film()))
    await go_out(publisher, CHANNEL, payload)
    town.refuse("sendVideo", 400, "Bad Request: wrong file identifier/HTTP URL specified")
    await go_out(publisher, OTHER, payload)
    assert len(town.shown(OTHER)) == 1


async def test_large_files_are_brought_before_their_time(town: Town) -> None:
    """Through the office's own chat, which stays empty; at the second only a line is sent."""
    publisher = town.publisher(probe_chat="-100999")
    large = replace(town.film(), size=LARGE)
    payload = publisher.render(CHANNEL, said(large, town.picture()))
    staged = [await publisher.stage(channel, payload, {}) for channel in (CHANNEL, OTHER)]
    assert [list(one.data["files"]) for one in staged] == [[large.sha256]] * 2
    assert (town.sent("-100999"), town.turns) == ([], 1)
    del town.media.pictures[large.sha256]
    restarted = town.publisher(probe_chat="-100999")
    await restarted.publish(CHANNEL, payload, staged[0])
    assert [len(seen.pictures) for seen in town.shown()] == [2]


async def test_a_chat_that_fails_costs_only_the_early_start(town: Town) -> None:
    """The file then travels with the send."""
    town.happens("standing", chat_id="-100999", standing="kicked")
    publisher = town.publisher(probe_chat="-100999")
    payload = publisher.render(CHANNEL, said(replace(town.film(), size=LARGE)))
    assert await publisher.stage(CHANNEL, payload, {}) == Staged({"files": {}})
    await go_out(publisher, CHANNEL, payload)
    assert len(town.shown()) == 1


# --- what the platform does ----------------------------------------------------------------------------


async def test_a_film_without_a_number_is_waited_for(town: Town) -> None:
    """A large channel shows it when it is ready: nothing is sent again, and its number is found."""
    town.happens("busy")
    town.happens("link", group_id=-1001234500000)
    publisher = town.publisher()
    payload = publisher.render(CHANNEL, said(town.film()))
    first = await publisher.publish(CHANNEL, payload, Staged())
    assert isinstance(first, Pending)
    second = await publisher.publish(CHANNEL, payload, Staged(first.memo))
    assert isinstance(second, Pending)
    assert town.happens("ready") == {"shown": 1}
    receipt = await publisher.publish(CHANNEL, payload, Staged(second.memo))
    assert receipt == Receipt("1", "https://t.me/gialai_tinh/1")
    assert [seen.remote_id for seen in town.shown()] == ["1"]


async def test_a_film_that_never_shows_is_asked_about(town: Town) -> None:
    """After so many looks people are asked; the adapter never sends again."""
    town.happens("busy")
    publisher = town.publisher()
    payload = publisher.render(CHANNEL, said(town.film()))
    outcome: Receipt | Pending = await publisher.publish(CHANNEL, payload, Staged())
    for _look in range(LOOKS - 1):
        assert isinstance(outcome, Pending)
        outcome = await publisher.publish(CHANNEL, payload, Staged(outcome.memo))
    assert isinstance(outcome, Pending)
    with pytest.raises(UnknownOutcomeError, match="Hãy mở kênh"):
        await publisher.publish(CHANNEL, payload, Staged(outcome.memo))
    assert town.shown() == []


async def test_a_group_that_moved_is_followed_and_told(town: Town) -> None:
    """Telegram refuses the old number and names the new one: one post, there; its reader is told."""
    old, new = replace(CHANNEL, remote_id="-4001"), "-1009009009009"
    town.happens("move", chat_id=old.remote_id, to=int(new))
    publisher = town.publisher()
    receipt = await go_out(publisher, old, publisher.render(old, said()))
    health = await publisher.check(old)
    assert [seen.channel for seen in town.standin.shown()] == [new]
    assert (health.ok, [new in problem for problem in health.problems]) == (True, [True])
    corrected = publisher.render(old, said(text="Tin đã sửa"))
    await publisher.correct(old, receipt, corrected, memo={})
    assert [seen.text for seen in town.standin.shown()] == ["Tin đã sửa"]
    assert await publisher.retract(old, receipt) == Retraction(removed=True)


@pytest.mark.parametrize("standing", ["gone", "no_rights", "kicked", "not_member"])
async def test_a_bot_that_was_put_out_closes_its_channel_only(town: Town, standing: str) -> None:
    """Its other channels go on."""
    town.happens("standing", standing=standing)
    with pytest.raises(ChannelClosedError, match="Hãy"):
        await post(town, said())
    await post(town, said(), OTHER)
    assert (len(town.shown()), len(town.shown(OTHER))) == (0, 1)


async def test_two_bots_share_a_channel(town: Town) -> None:
    """Each has its own pace and they share the chat's; each can mend and take back what the other sent."""
    publisher = town.publisher()
    receipt = await go_out(publisher, CHANNEL, publisher.render(CHANNEL, said()))
    await go_out(publisher, SECOND_BOT, publisher.render(SECOND_BOT, said(text="News")))
    keys = [[limit.key for limit in publisher.limits(channel)] for channel in (CHANNEL, SECOND_BOT)]
    assert keys == [
        ["telegram:chat:@gialai_tinh", "telegram:kenh"],
        ["telegram:chat:@gialai_tinh", "telegram:khac"],
    ]
    await publisher.correct(SECOND_BOT, receipt, publisher.render(CHANNEL, said(text="Tin mới")), memo={})
    assert await publisher.retract(SECOND_BOT, receipt) == Retraction(removed=True)
    assert [seen.text for seen in town.shown()] == ["News"]


async def test_a_lost_rich_post_is_found_by_the_letters_that_left(town: Town) -> None:
    """Where links hide their address, the message says less than the card."""
    town.happens("link", group_id=-1001234500000)
    publisher = town.publisher()
    payload = publisher.render(CHANNEL, said(text="[Xem](https://a.vn/b)"))
    town.refuse("sendMessage", 500, "Internal Server Error", after=True)
    with pytest.raises(UnknownOutcomeError):
        await publisher.publish(CHANNEL, payload, Staged())
    attempt = Attempt(1, 1, payload, {}, datetime.now(UTC))
    assert await publisher.find(CHANNEL, attempt) == Found(Receipt("1", "https://t.me/gialai_tinh/1"))


# --- correcting and taking back ------------------------------------------------------------------------


@pytest.mark.parametrize("files", [0, 1, 3])
async def test_corrected_words_keep_their_styles(town: Town, files: int) -> None:
    """Of a text, a caption and an album; the files stay."""
    media = [town.picture(PNG + bytes([n])) for n in range(files)]
    receipt = await post(town, said(*media))
    publisher = town.publisher()
    new = publisher.render(CHANNEL, said(*media, text="Tin **đã sửa**"))
    assert await publisher.correct(CHANNEL, receipt, new, memo={}) == receipt
    [seen] = town.shown()
    assert (seen.text, seen.styles, len(seen.pictures)) == ("Tin đã sửa", (Style("bold", 4, 10),), files)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (said(), said(text="Khác"), False),
        (said(), said(form="article"), False),
        (said(), said(MediaRef("a", "", "a.jpg", 1)), True),
        (said(MediaRef("a", "", "a.jpg", 1)), said(MediaRef("b", "", "a.jpg", 1)), True),
        (
            said(MediaRef("a", "image/png", "a", 1)),
            said(MediaRef("a", "image/png", "a", 1), form="document"),
            True,
        ),
    ],
)
def test_files_cannot_be_changed_in_place(old: Variant, new: Variant, *, told: bool) -> None:
    """Only words can; it is said before anything is tried."""
    publisher = TelegramPublisher(
        http=Shards(connections=1), secrets=Vault({}), media=Album(), options=TelegramOptions()
    )
    rendered = [publisher.render(CHANNEL, variant) for variant in (old, new)]
    assert bool(publisher.uneditable(*rendered)) is told


@pytest.mark.parametrize("files", [0, 1, 2])
async def test_what_is_older_than_two_days_becomes_a_notice(town: Town, files: int) -> None:
    """Bots cannot delete it; what stays is said, and doing it twice is doing it once."""
    media = [town.picture(PNG + bytes([n])) for n in range(files)]
    receipt = await post(town, said(*media, text="**Tin** cũ"))
    for number in receipt.remote_id.split(","):
        town.happens("age", message_id=int(number), hours=49)
    for _turn in range(2):
        retraction = await town.publisher().retract(CHANNEL, receipt)
        assert (retraction.removed, "48 giờ" in retraction.told) == (False, True)
        assert ("vẫn còn trên kênh" in retraction.told) is bool(files)
    [seen] = town.shown()
    assert (seen.text, seen.styles, len(seen.pictures)) == ("Bài viết này đã được gỡ.", (), files)


async def test_without_the_right_to_delete_a_notice_stands_instead(town: Town) -> None:
    """Another bot's post, within two days: the words at least are gone."""
    receipt = await post(town, said())
    town.happens("rights", without=["can_delete_messages"])
    retraction = await town.publisher().retract(SECOND_BOT, receipt)
    assert (retraction.removed, "thiếu quyền xóa" in retraction.told) == (False, True)
    assert [seen.text for seen in town.shown()] == ["Bài viết này đã được gỡ."]
