"""From a person's token to the tokens of the Pages, against the stand-in over real sockets."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from content_queue.models import Grant
from content_queue.outcomes import ChannelClosedError, NotSentError, PublishError, RefusedError
from publishers.facebook.login import (
    FacebookLogin,
    Inspection,
    PageRow,
    judge,
    missing_options,
    outlook,
    read_inspection,
)
from publishers.http import Shards
from publishers.options import FacebookOptions
from publishers.standin.server import build
from tests.publishers.contract import Vault
from tests.publishers.serving import serving

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
DATA = NOON + timedelta(days=90)
ALL = frozenset({"ANALYZE", "MODERATE", "CREATE_CONTENT"})
SCOPES = frozenset(
    {"pages_manage_posts", "pages_read_engagement", "read_insights", "pages_manage_engagement"}
)


@dataclass
class Facebook:
    """The stand-in and a login over real sockets."""

    url: str
    http: Shards

    def login(self, connect_in: Literal["form", "query"] = "form") -> FacebookLogin:
        options = FacebookOptions(
            api_url=f"{self.url}/facebook", app_id="1", app_secret="app", connect_in=connect_in
        )
        return FacebookLogin(http=self.http, secrets=Vault({"app": "s3cret"}), options=options)

    async def kept(self, person: str, page: str) -> Grant:
        """Go the whole way for one Page."""
        login = self.login()
        rows = await login.pages(await login.lengthen(person))
        row = next((row for row in rows if row.id == page), None)
        seen = await login.inspect(row.token) if row is not None and row.token else None
        return judge(page, row, seen, NOON)


@pytest.fixture
def base_url(tmp_path: Path) -> Iterator[str]:
    with serving(build(tmp_path, now=lambda: NOON, platforms=["facebook"])) as url:
        yield url


@pytest.fixture
async def facebook(base_url: str) -> AsyncIterator[Facebook]:
    http = Shards(connections=2)
    yield Facebook(base_url, http)
    await http.close()


async def test_a_page_of_a_lengthened_token_has_no_end(facebook: Facebook) -> None:
    """Law: what is kept opens the Page until somebody takes it away; only reading wants people again."""
    grant = await facebook.kept("short:101,102", "102")
    assert (grant.access, grant.lasts) == ("page:forever:102", None)
    assert grant.person_within == timedelta(days=90)
    assert grant.access not in repr(grant)


@pytest.mark.parametrize("connect_in", ["form", "query"])
async def test_a_short_token_is_lengthened_and_one_without_end_is_left_alone(
    facebook: Facebook, connect_in: Literal["form", "query"]
) -> None:
    """Law: both places for the tokens lead there."""
    login = facebook.login(connect_in)
    assert await login.lengthen("short:101") == "long:101"
    assert await login.lengthen("forever:101") == "forever:101"


async def test_all_pages_are_read_however_many_there_are(facebook: Facebook) -> None:
    """Law: the hundred and first Page is one too."""
    numbers = [str(number) for number in range(1000, 1250)]
    rows = await facebook.login().pages("long:" + ",".join(numbers))
    assert [row.id for row in rows] == numbers


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("short:102-", "chưa được đánh dấu"),
        ("short:102~", "CREATE_CONTENT"),
        ("short:102*", "pages_manage_posts"),
        ("short:101", "không quản lý Trang"),
    ],
)
async def test_a_page_that_would_not_publish_is_refused_with_the_reason(
    facebook: Facebook, person: str, words: str
) -> None:
    """Law: a token that fails at the first post is never kept."""
    with pytest.raises(RefusedError, match=words):
        await facebook.kept(person, "102")


async def test_a_dead_token_of_a_person_ends_in_a_sentence(facebook: Facebook) -> None:
    """Law: nothing is kept, and the reason is Facebook's own."""
    with pytest.raises(ChannelClosedError):
        await facebook.kept("expired:102", "102")


async def test_without_an_answer_nothing_is_taken_for_refused(facebook: Facebook) -> None:
    """Law: an outage is no verdict about a token."""
    await facebook.http.request(
        "POST", f"{facebook.url}/facebook/_fault", json={"next": "500_before", "on": "accounts"}
    )
    with pytest.raises(NotSentError):
        await facebook.login().pages("long:101")


async def test_a_kept_token_is_looked_at_for_what_was_taken_away(facebook: Facebook) -> None:
    """Law: the daily look finds lost permissions before a post does."""
    login = facebook.login()
    good = await login.look("page:forever:102", "102")
    weak = await login.look("page:forever:102*", "102")
    dead = await login.look("removed", "102")
    assert [seen.ok for seen in (good, weak, dead)] == [True, False, False]
    assert good.person_by == DATA
    assert "pages_manage_posts" in weak.problems[0]


ROW = PageRow("102", "Trang 102", ALL, "TOKEN")
SEEN = Inspection(valid=True, profile="102", data_until=DATA, scopes=SCOPES)


@pytest.mark.parametrize(
    ("row", "seen", "expected"),
    [
        (ROW, SEEN, Grant("TOKEN", person_within=timedelta(days=90))),
        (ROW, replace(SEEN, profile="", scopes=None, data_until=None), Grant("TOKEN")),
        (replace(ROW, tasks=frozenset({"CREATE_CONTENT"})), SEEN, Grant("TOKEN", person_within=DATA - NOON)),
        (
            ROW,
            replace(SEEN, expires=NOON + timedelta(days=30)),
            Grant("TOKEN", lasts=timedelta(days=30), person_within=timedelta(days=30)),
        ),
        (ROW, replace(SEEN, expires=NOON + timedelta(hours=1)), "sắp hết hạn"),
        (ROW, replace(SEEN, valid=False, why="chết"), "chết"),
        (ROW, replace(SEEN, profile="7"), "Trang 7"),
        (ROW, replace(SEEN, scopes=SCOPES - {"pages_read_engagement"}), "pages_read_engagement"),
        (replace(ROW, tasks=frozenset()), SEEN, "CREATE_CONTENT"),
        (replace(ROW, token=""), None, "chưa được đánh dấu"),
        (None, None, "không quản lý"),
    ],
)
def test_what_is_kept_of_a_page(row: PageRow | None, seen: Inspection | None, expected: Any) -> None:
    """Law: a Page is kept only with a token that publishes there, and lasts."""
    if isinstance(expected, Grant):
        assert judge("102", row, seen, NOON) == expected
    else:
        with pytest.raises(RefusedError, match=expected):
            judge("102", row, seen, NOON)


def test_an_answer_that_tells_nothing_is_no_good_token() -> None:
    """Law: silence is not "yes"."""
    bare: Sequence[dict[str, Any]] = ({}, {"data": []}, {"data": {}})
    assert [read_inspection(answer).valid for answer in bare] == [False, False, False]
    assert not outlook(read_inspection({}), "102").ok


def test_what_is_not_set_is_named() -> None:
    """Law: nobody is asked for a token that could not be lengthened."""
    assert missing_options(FacebookOptions()) == ["app_id", "app_secret"]


async def test_a_missing_app_secret_is_a_sentence(facebook: Facebook) -> None:
    """Law: what is to be mended is said."""
    secretless = FacebookLogin(http=facebook.http, secrets=Vault({}), options=FacebookOptions(app_id="1"))
    with pytest.raises(PublishError, match="app_secret"):
        await secretless.lengthen("short:1")
