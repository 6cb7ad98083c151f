"""Videos on their way into articles."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from content_queue.outcomes import Found, NotSentError, Pending, RefusedError, Retraction, Staged
from publishers.zalo import films
from tests.publishers.zalo_world import CHANNEL, FILM, SAID, World, attempt, zalo_world

SHORT = replace(SAID, media=(FILM,))
LONG = replace(SAID, media=(FILM,), form="article")


@pytest.fixture
async def zalo(tmp_path: Path) -> AsyncIterator[World]:
    async with zalo_world(tmp_path) as world:
        yield world


async def test_a_video_article_goes_out(zalo: World) -> None:
    """Uploaded, waited for, hidden, shown: once, with its title and description."""
    receipt = await zalo.go_out(SHORT)
    (post,) = zalo.shown()
    assert (post.remote_id, post.visible) == (receipt.remote_id, True)
    assert post.text == "Tiêm chủng\n\nĐợt tháng 12 bắt đầu."


async def test_a_video_stands_in_a_normal_article(zalo: World) -> None:
    """Beside all its words."""
    await zalo.go_out(LONG)
    (article,) = zalo.app.state.standins["zalo"]._articles._articles.values()
    kinds = [block["type"] for block in article.fields["body"]]
    assert (article.fields["type"], kinds) == ("normal", ["text", "video"])


async def test_each_video_of_an_article_is_brought(zalo: World) -> None:
    """One after the other; what is there is not brought again."""
    other = replace(FILM, sha256="e" * 64, name="phim-2.mp4")
    zalo.shelf.files[other.sha256] = zalo.shelf.files[FILM.sha256] + b"2"
    payload = zalo.publisher.render(CHANNEL, replace(LONG, media=(FILM, other, FILM)))
    staged = await zalo.stage(payload)
    assert staged.data["films"].keys() == {FILM.sha256, other.sha256}
    assert len(set(staged.data["films"].values())) == 2


async def test_questions_after_a_video_come_ever_more_rarely(zalo: World) -> None:
    """Three seconds, six, twelve; the memo keeps the token, so a crash uploads nothing again."""
    payload, waits = zalo.publisher.render(CHANNEL, SHORT), []
    memo: dict[str, Any] = {}
    for _turn in range(3):
        pending = await zalo.publisher.stage(CHANNEL, payload, memo)
        assert isinstance(pending, Pending)
        memo = dict(pending.memo)
        waits.append(pending.after)
    assert waits == [timedelta(seconds=3), timedelta(seconds=6), timedelta(seconds=12)]
    assert memo["film"].keys() == {"sha256", "token", "polls"}


async def test_a_video_that_takes_very_long_is_asked_about_once_a_call(zalo: World) -> None:
    """Staging ends, so that its window can close; the next try goes on where this one stood."""
    payload = zalo.publisher.render(CHANNEL, SHORT)
    first = await zalo.publisher.stage(CHANNEL, payload, {})
    assert isinstance(first, Pending)
    memo: dict[str, Any] = {"film": {**first.memo["film"], "polls": films.LAST_POLL}}
    for _turn in range(2):
        with pytest.raises(NotSentError) as caught:
            await zalo.publisher.stage(CHANNEL, payload, memo)
        assert caught.value.retry_after == timedelta(seconds=60)
    ready = await zalo.publisher.stage(CHANNEL, payload, memo)
    assert isinstance(ready, Pending)
    assert ready.memo["films"].keys() == {FILM.sha256}


@pytest.mark.parametrize("word", ["film_locked", "film_failed", "film_deleted"])
async def test_a_video_that_zalo_cannot_show_is_refused(zalo: World, word: str) -> None:
    """With its name and the next step; no article is made."""
    await zalo.fault(word, on="upload_video/verify")
    with pytest.raises(RefusedError, match=r"Zalo không dùng được video phim\.mp4 .* Hãy xuất lại MP4"):
        await zalo.go_out(SHORT)
    assert zalo.shown() == []


async def test_an_unknown_status_is_waited_for(zalo: World) -> None:
    """Zalo has not begun yet."""
    await zalo.fault("film_unknown", on="upload_video/verify", count=2)
    await zalo.go_out(SHORT)
    assert len(zalo.shown()) == 1


async def test_a_video_that_fails_in_the_end_is_refused(zalo: World) -> None:
    """After it was worked on twice."""
    bad = replace(FILM, name="hong.mp4")
    with pytest.raises(RefusedError, match=r"hong\.mp4"):
        await zalo.go_out(replace(SHORT, media=(bad,)))


async def test_a_lost_upload_is_repeated(zalo: World) -> None:
    """Nobody sees an upload, so it may be done twice."""
    payload = zalo.publisher.render(CHANNEL, SHORT)
    for word in ("drop_after", "500_after", "html_502", "garbage", "no_token"):
        await zalo.fault(word, on="preparevideo")
        with pytest.raises(NotSentError):
            await zalo.publisher.stage(CHANNEL, payload, {})
    await zalo.go_out(SHORT)
    assert len(zalo.shown()) == 1


async def test_the_token_is_asked_for_both_ways(zalo: World) -> None:
    """The SDKs differ in where it stands: a refused header is followed by one question the other way."""
    payload = zalo.publisher.render(CHANNEL, SHORT)
    first = await zalo.publisher.stage(CHANNEL, payload, {})
    assert isinstance(first, Pending)
    await zalo.fault("film_token", on="upload_video/verify")
    again = await zalo.publisher.stage(CHANNEL, payload, first.memo)
    assert isinstance(again, Pending)
    assert again.memo["film"]["polls"] == 1


async def test_what_was_brought_and_is_not_wanted_needs_no_sweeping(zalo: World) -> None:
    """A video is seen by nobody; an article would be."""
    await zalo.publisher.discard(CHANNEL, Staged({"films": {FILM.sha256: "v"}}))
    await zalo.publisher.discard(CHANNEL, Staged({"film": {"token": "t", "polls": 3}}))


async def test_a_lost_video_article_is_found_among_the_videos(zalo: World) -> None:
    """Zalo lists the two kinds apart."""
    zalo.options = {"publish_mode": "direct"}
    payload = zalo.publisher.render(CHANNEL, SHORT)
    staged = await zalo.stage(payload)
    await zalo.publisher.publish(CHANNEL, payload, staged)
    found = await zalo.publisher.find(CHANNEL, attempt(payload, staged.data))
    assert isinstance(found, Found)
    assert found.receipt.remote_id == zalo.shown()[0].remote_id


async def test_a_video_article_is_corrected_and_taken_back(zalo: World) -> None:
    """The video is brought again, for its id is known to nobody any more; kinds do not change."""
    receipt = await zalo.go_out(SHORT)
    old = zalo.publisher.render(CHANNEL, SHORT)
    new = zalo.publisher.render(CHANNEL, replace(SHORT, text="Tiêm chủng\nĐã dời sang tháng 1."))
    memo: dict[str, Any] = {}
    for _turn in range(20):
        result = await zalo.publisher.correct(CHANNEL, receipt, new, memo=memo)
        if not isinstance(result, Pending):
            break
        memo = dict(result.memo)
    assert [post.text for post in zalo.shown()] == [new.text]
    assert not zalo.publisher.uneditable(old, new)
    assert "Hãy gỡ bài" in zalo.publisher.uneditable(old, zalo.publisher.render(CHANNEL, LONG))
    assert await zalo.publisher.retract(CHANNEL, receipt) == Retraction(removed=True)
    assert zalo.shown() == []
