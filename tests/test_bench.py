"""The bench runs from end to end and says everything that it is there to say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

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
    r"`loa run` started again with 1,000 deliveries in the ledger",
    r"`loa run`, .* start until planned",
    r"`loa run`, .* idle for 1 s",
    r"`loa --version`",
    r"`loa check` of the same office",
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


@pytest.mark.parametrize(
    ("times", "most"),
    [([5.0], 1), ([1.0, 2.0, 3.0], 1), ([1.0, 1.5, 1.999, 2.0], 3), ([3.0, 1.0, 1.2, 3.1, 3.2], 3)],
)
def test_the_busiest_second_is_any_second(times: list[float], most: int) -> None:
    """A limit counts in every window of a second, not in those that begin on the second."""
    assert busiest_second(times) == most
