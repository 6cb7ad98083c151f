"""The bench runs from end to end and says everything that it is there to say."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.others.__main__ import Came
from bench.platform import Arrival, StubPlatform
from bench.punctual import busiest_second

ROOT = Path(__file__).parent.parent
#: One pattern a row, in order.
ROWS = (
    *(
        rf"{count} deliveries, {way}"
        for count in (60, 120)
        for way in ("pipeline", "bare loop", "bare httpx", "pipeline, `fast`", "bare loop, `fast`")
    ),
    r"40 posts at once, .*: the house's clients",
    r"40 posts at once, .*: the house's clients, `fast`",
    r"40 posts at once, .*: one httpx pool",
    r"60 channels due at one second, limits off, answers after 150 ms, 128 connections",
    r"60 channels due at one second, limits off, answers after 150 ms, 128 connections, `fast`",
    r"40 channels x 2 posts due at one second, 1 bots, limits on, .*",
    r"1 of 3 channels on facebook, due at one second",
    r"1 of 3 channels on zalo, due at one second",
    r"1 of 3 channels on telegram, due at one second",
    r"a hold of all in a burst of 40: from the tap to silence",
    r"`loa run` started again with 1,000 deliveries in the ledger",
    r"`loa run`, .* start until planned",
    r"`loa run`, .* idle for 1 s",
    r"`loa --version`",
    r"`loa check` of the same office",
    r"200 rows: read, checked, days of 5 years",
    r"200 rows: peak memory",
    r"200 rows: calamine and a hand-written loop",
    r"`loa plan .*`: 5 posts × 30 channels",
    r"`loa plan .*`: 50 posts × 30 channels",
)


@pytest.mark.timeout(240)
def test_a_quick_run_prints_every_row_and_writes_it_between_the_marks(tmp_path: Path) -> None:
    """`make bench` measures everything in one run; its page keeps what stands around the table."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nafter\n", "utf-8")
    said = [sys.executable, "-m", "bench", "--quick", "--write", str(page)]
    done = subprocess.run(said, cwd=ROOT, capture_output=True, text=True, timeout=230, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    printed = [line.split(" | ")[0].removeprefix("| ") for line in done.stdout.splitlines() if "|" in line]
    assert [bool(re.fullmatch(row, line)) for row, line in zip(ROWS, printed[2:], strict=True)] == [
        True for _row in ROWS
    ]
    marked = f"<!-- figures: begin -->\n{done.stdout}<!-- figures: end -->"
    assert page.read_text("utf-8") == f"before\n{marked}\nafter\n"


def test_what_comes_to_nobody_and_what_comes_twice_is_counted_by_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A message too many at one chat does not make up for one too few at another."""
    monkeypatch.setattr("bench.others.__main__.COUNT", 4)
    came = Came(0.0, [Arrival(1.0, "1", chat) for chat in ("a", "b", "b", "b", "c", "c")])
    assert (came.never(), came.twice()) == (1, 2)


def test_a_lie_is_an_arrival_with_a_500() -> None:
    """The platform shows what it says it failed at; chats are found in forms, in JSON and in paths."""
    sent: list[dict[str, Any]] = [{"data": {"chat_id": "-1"}}, {"json": {"chat_id": -2}}, {"json": {}}]
    paths = ["sendMessage", "sendMessage", "sendMessage/-3/"]
    with StubPlatform() as stub:
        stub.begin(lies=2)
        url = f"{stub.url}/bot1:bench"
        codes = [
            httpx.post(f"{url}/{path}", **said).status_code for path, said in zip(paths, sent, strict=True)
        ]
        assert [(each.bot, each.chat) for each in stub.arrivals()] == [("1", "-1"), ("1", "-2"), ("1", "-3")]
    assert codes == [200, 500, 200]


@pytest.mark.parametrize(
    ("times", "most"),
    [([5.0], 1), ([1.0, 2.0, 3.0], 1), ([1.0, 1.5, 1.999, 2.0], 3), ([3.0, 1.0, 1.2, 3.1, 3.2], 3)],
)
def test_the_busiest_second_is_any_second(times: list[float], most: int) -> None:
    """A limit counts in every window of a second, not in those that begin on the second."""
    assert busiest_second(times) == most
