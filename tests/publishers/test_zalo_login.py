"""A person's way to an OA's pair, and from one pair to the next, against the stand-in over real sockets."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from content_queue.models import Channel, Grant, new_question
from content_queue.outcomes import ChannelClosedError, NotSentError, RefusedError, UnknownOutcomeError
from publishers.http import Shards
from publishers.options import ZaloOptions
from publishers.standin.server import build
from publishers.zalo import ZaloPublisher
from publishers.zalo.around import ZaloAround
from publishers.zalo.login import ZaloLogin, missing_options, read_answer, read_grant
from tests.publishers.contract import Album, Vault
from tests.publishers.serving import serving

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
OA = "2000000007"
CALLBACK = "https://loa.gialai.gov.vn/zalo"
CHANNEL = Channel("OA", "svhttdl", "zalo", OA, token="oa")


@dataclass
class Zalo:
    """The stand-in, a clock, and a login over real sockets."""

    url: str
    http: Shards
    now: datetime = NOON

    @property
    def options(self) -> ZaloOptions:
        at = f"{self.url}/zalo"
        return ZaloOptions(api_url=at, oauth_url=at, app_id="17", app_secret="app", callback_url=CALLBACK)

    @property
    def login(self) -> ZaloLogin:
        return ZaloLogin(http=self.http, secrets=Vault({"app": "s3cret"}), options=self.options)

    async def say_yes(self, link: str, oa: str = OA) -> str:
        """Open the link as an administrator does, choose an OA, and return where one lands."""
        page = await self.http.request("GET", link)
        assert "Cho phép ứng dụng 17" in page.text
        landed = await self.http.request("GET", f"{link}&choose={oa}")
        return landed.headers["location"]

    async def connect(self, oa: str = OA) -> Grant:
        question = new_question(bytes)
        told = read_answer(await self.say_yes(self.login.link(question), oa))
        return await self.login.exchange(told["code"], question)

    async def health(self, access: str) -> bool:
        secrets = Vault({"oa": access})
        speaking = ZaloPublisher(
            http=self.http,
            secrets=secrets,
            media=Album({}),
            options=self.options,
            around=ZaloAround(lambda: NOON),
        )
        return (await speaking.check(CHANNEL)).ok

    async def order(self, word: str, on: str = "access_token") -> None:
        await self.http.request("POST", f"{self.url}/zalo/_fault", json={"next": word, "on": on})


@pytest.fixture
def clock() -> dict[str, datetime]:
    return {"now": NOON}


@pytest.fixture
def base_url(tmp_path: Path, clock: dict[str, datetime]) -> Iterator[str]:
    with serving(build(tmp_path, now=lambda: clock["now"], platforms=["zalo"])) as url:
        yield url


@pytest.fixture
async def zalo(base_url: str) -> AsyncIterator[Zalo]:
    http = Shards(connections=2)
    yield Zalo(base_url, http)
    await http.close()


async def test_a_person_says_yes_and_the_office_has_a_pair_that_opens_the_oa(zalo: Zalo) -> None:
    """Law: the whole way, PKCE included, ends in a token that publishes."""
    grant = await zalo.connect()

    assert (grant.lasts, grant.person_within) == (timedelta(hours=25), timedelta(days=90))
    assert await zalo.health(grant.access)
    assert grant.access not in repr(grant)
    assert grant.refresh not in repr(grant)


async def test_what_comes_back_names_the_oa_and_the_question(zalo: Zalo) -> None:
    """Law: whoever chose another OA is noticed before anything is kept."""
    question = new_question(bytes)
    told = read_answer(await zalo.say_yes(zalo.login.link(question), "99"))
    assert (told["oa_id"], told["state"]) == ("99", question.state)


async def test_a_code_is_good_once_and_for_its_own_question(zalo: Zalo) -> None:
    """Law: a code that was seen by others opens nothing for them."""
    question, other = new_question(bytes), new_question(lambda length: b"\x07" * length)
    code = read_answer(await zalo.say_yes(zalo.login.link(question)))["code"]
    with pytest.raises(ChannelClosedError, match="-14024"):
        await zalo.login.exchange(code, other)
    with pytest.raises(ChannelClosedError, match="-14024"):
        await zalo.login.exchange(code, question)


async def test_a_code_is_good_for_ten_minutes(zalo: Zalo, clock: dict[str, datetime]) -> None:
    """Law: whoever went for lunch in between authorises once more."""
    question = new_question(bytes)
    code = read_answer(await zalo.say_yes(zalo.login.link(question)))["code"]
    clock["now"] += timedelta(minutes=10)
    with pytest.raises(ChannelClosedError):
        await zalo.login.exchange(code, question)


async def test_a_renewal_kills_the_pair_before_it(zalo: Zalo) -> None:
    """Law: refresh tokens are used up, and the old access token is dead at once."""
    first = await zalo.connect()
    second = await zalo.login.renew(first.refresh)

    assert [await zalo.health(pair.access) for pair in (first, second)] == [False, True]
    with pytest.raises(ChannelClosedError, match="-14012"):
        await zalo.login.renew(first.refresh)
    assert await zalo.health(second.access)


@pytest.mark.parametrize(("days", "good"), [(89, True), (90, False)])
async def test_a_pair_that_nobody_renews_is_lost_after_three_months(
    zalo: Zalo, clock: dict[str, datetime], days: int, *, good: bool
) -> None:
    """Law: that is how long an office may be switched off."""
    pair = await zalo.connect()
    clock["now"] += timedelta(days=days)
    assert await zalo.health(pair.access) is False
    if good:
        assert await zalo.health((await zalo.login.renew(pair.refresh)).access)
    else:
        with pytest.raises(ChannelClosedError):
            await zalo.login.renew(pair.refresh)


@pytest.mark.parametrize(
    ("fault", "error", "used"),
    [
        ("drop_before", UnknownOutcomeError, False),
        ("drop_after", UnknownOutcomeError, True),
        ("500_before", UnknownOutcomeError, False),
        ("500_after", UnknownOutcomeError, True),
        ("garbage", UnknownOutcomeError, True),
        ("throttle", NotSentError, False),
    ],
)
async def test_how_a_renewal_may_fail(zalo: Zalo, fault: str, error: type[Exception], *, used: bool) -> None:
    """Law: what may be used up is unknown, never taken for lost nor for well."""
    pair = await zalo.connect()
    await zalo.order(fault)
    with pytest.raises(error):
        await zalo.login.renew(pair.refresh)
    if used:
        with pytest.raises(ChannelClosedError):
            await zalo.login.renew(pair.refresh)
    else:
        assert await zalo.health((await zalo.login.renew(pair.refresh)).access)


async def test_pairs_outlive_the_stand_in(tmp_path: Path) -> None:
    """Law: a rehearsal goes on after a night without power."""
    http = Shards(connections=2)
    with serving(build(tmp_path, now=lambda: NOON, platforms=["zalo"])) as url:
        pair = await Zalo(url, http).connect()
    with serving(build(tmp_path, now=lambda: NOON, platforms=["zalo"])) as url:
        again = Zalo(url, http)
        fresh = await again.login.renew(pair.refresh)
        assert [await again.health(one.access) for one in (pair, fresh)] == [False, True]
    await http.close()


GOOD = {"access_token": "A", "refresh_token": "R", "expires_in": "90000"}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, GOOD, Grant("A", "R", timedelta(hours=25), timedelta(days=90))),
        (
            200,
            {**GOOD, "expires_in": 3600, "more": 1},
            Grant("A", "R", timedelta(hours=1), timedelta(days=90)),
        ),
        (200, {**GOOD, "expires_in": None}, Grant("A", "R", timedelta(hours=25), timedelta(days=90))),
        (200, {"access_token": "A", "expires_in": "90000"}, ChannelClosedError),
        (200, {**GOOD, "refresh_token": ""}, ChannelClosedError),
        (200, {"error": -14014, "error_name": "x"}, ChannelClosedError),
        (400, {"error_name": "x", "error_description": "y"}, ChannelClosedError),
        (200, {"error": "-32", "error_name": "rate"}, NotSentError),
        (429, "", NotSentError),
        (500, GOOD, UnknownOutcomeError),
        (200, "<html>", UnknownOutcomeError),
        (200, [], UnknownOutcomeError),
        (200, {}, UnknownOutcomeError),
        (403, "<html>", UnknownOutcomeError),
    ],
)
def test_every_answer_is_a_pair_a_refusal_or_open(status: int, body: Any, expected: Any) -> None:
    """Law: a pair is there when both tokens are; nothing else is written over the one that is kept."""
    text = body if isinstance(body, str) else httpx.Response(200, json=body).text
    if isinstance(expected, Grant):
        assert read_grant(status, text) == expected
    else:
        with pytest.raises(expected):
            read_grant(status, text)


@pytest.mark.parametrize(
    "address", ["", "https://x/", f"{CALLBACK}?code=1&state=2", f"{CALLBACK}?error=access_denied", "code"]
)
def test_an_address_without_the_answer_is_refused_with_the_way_to_copy_it(address: str) -> None:
    """Law: people are told what to paste."""
    with pytest.raises(RefusedError, match="thanh địa chỉ"):
        read_answer(address)


def test_what_is_not_set_is_named() -> None:
    """Law: nobody is sent to Zalo with a link that cannot work."""
    assert missing_options(ZaloOptions(app_id="1")) == ["app_secret", "callback_url"]


async def test_a_missing_app_secret_uses_nothing_up(zalo: Zalo) -> None:
    """Law: a slip in the settings costs no pair."""
    pair = await zalo.connect()
    secretless = ZaloLogin(http=zalo.http, secrets=Vault({}), options=replace(zalo.options, app_secret="x"))
    with pytest.raises(NotSentError):
        await secretless.renew(pair.refresh)
    assert (await zalo.login.renew(pair.refresh)).refresh
