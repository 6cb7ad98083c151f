"""What Facebook says of its budgets beside each answer, and who is told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from content_queue.models import Channel, Variant
from content_queue.outcomes import NotSentError, Staged
from content_queue.ports import Limit, Usage
from publishers.facebook import FacebookPublisher
from publishers.facebook.usage import limits_of, readings
from publishers.http import Shards
from publishers.options import FacebookOptions
from publishers.standin.server import build
from tests.publishers.contract import PNG, Album, Vault
from tests.publishers.serving import serving

PAGE = "100064000000001"
CHANNEL = Channel("UBND xã Ia Grai", "ia-grai", "facebook", PAGE, token="kenh")
HERE, APP = f"facebook:page:{PAGE}", "facebook:app"


def business(*rows: str, of: str = PAGE) -> dict[str, str]:
    return {"x-business-use-case-usage": f'{{"{of}": [{", ".join(rows)}]}}'}


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, {}),
        ({"x-app-usage": '{"call_count":28,"total_time":25,"total_cputime":91}'}, {APP: Usage(91)}),
        ({"x-app-usage": '{"call_count":"17%"}'}, {APP: Usage(17)}),
        ({"x-app-usage": '{"call_count":12.9}'}, {APP: Usage(12)}),
        ({"x-app-usage": ""}, {}),
        ({"x-app-usage": "17%"}, {}),
        ({"x-app-usage": "[]"}, {}),
        ({"x-page-usage": '{"call_count":80,"total_time":1,"total_cputime":1}'}, {HERE: Usage(80)}),
        (business('{"type":"pages","call_count":97,"total_time":23}'), {HERE: Usage(97)}),
        (
            business('{"call_count":101,"estimated_time_to_regain_access":7}', '{"call_count":3}'),
            {HERE: Usage(101, timedelta(minutes=7))},
        ),
        (business('{"call_count":44}', of="902"), {HERE: Usage(44)}),  # named by its business
        (business("7"), {}),
        ({"x-business-use-case-usage": '{"1": 7}'}, {}),
        (
            {"x-app-usage": '{"call_count":5}', **business('{"call_count":6}')},
            {APP: Usage(5), HERE: Usage(6)},
        ),
    ],
)
def test_each_header_is_read_for_whom_it_is(headers: dict[str, str], told: dict[str, Usage]) -> None:
    """The highest percentage counts; what cannot be read says nothing."""
    assert dict(readings(headers, PAGE)) == told


@dataclass
class Notes:
    """A pacer that notes what it is asked and told, and refuses from a turn on."""

    refuses_from: int = 99
    turns: list[Sequence[Limit]] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)

    async def turn(self, limits: Sequence[Limit]) -> None:
        self.turns.append(limits)
        if len(self.turns) >= self.refuses_from:
            raise NotSentError("chờ")

    def told(self, key: str, usage: Usage) -> None:
        self.usage[key] = usage


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[tuple[FacebookPublisher, Notes, Album]]:
    notes, album, http = Notes(), Album(), Shards(connections=1)
    with serving(build(tmp_path, now=lambda: datetime.now(UTC), platforms=["facebook"])) as base_url:
        options = FacebookOptions(api_url=f"{base_url}/facebook")
        vault = Vault({"kenh": "EAAB"})
        yield (
            FacebookPublisher(http=http, secrets=vault, media=album, options=options, pacer=notes),
            notes,
            album,
        )
        await http.close()


async def test_every_answer_tells_of_usage(page: tuple[FacebookPublisher, Notes, Album]) -> None:
    """Whatever was asked, also a refusal."""
    publisher, notes, _album = page
    payload = publisher.render(CHANNEL, Variant("vi", "Tin"))
    await publisher.publish(CHANNEL, payload, Staged())

    assert sorted(notes.usage) == [APP, HERE]
    assert notes.turns == []


async def test_further_requests_of_a_call_take_turns_of_their_own(
    page: tuple[FacebookPublisher, Notes, Album],
) -> None:
    """Three photos are three requests; the first goes on the turn that its call was given."""
    publisher, notes, album = page
    media = tuple(album.keep(PNG + str(n).encode()) for n in range(3))
    await publisher.stage(CHANNEL, publisher.render(CHANNEL, Variant("vi", "Tin", media=media)), {})

    assert notes.turns == [limits_of(PAGE)] * 2


async def test_a_stop_in_the_middle_of_a_call_is_obeyed(page: tuple[FacebookPublisher, Notes, Album]) -> None:
    """Nothing more is asked; the call is told as not made."""
    publisher, notes, album = page
    notes.refuses_from = 1
    media = tuple(album.keep(PNG + str(n).encode()) for n in range(3))
    with pytest.raises(NotSentError):
        await publisher.stage(CHANNEL, publisher.render(CHANNEL, Variant("vi", "Tin", media=media)), {})
