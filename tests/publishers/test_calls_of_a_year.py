"""What docs/benchmarks.md says of the calls of a year follows from what the contract suite counts."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.publishers import test_facebook, test_telegram, test_zalo
from tests.publishers.contract import PublisherContract

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
SUITES: dict[str, type[PublisherContract]] = {
    "Facebook": test_facebook.TestFacebook,
    "Zalo": test_zalo.TestZalo,
    "Telegram": test_telegram.TestContract,
}
DELIVERIES, READINGS, CHANNELS, NIGHTS = 50_000, 4, 150, 365


def reckoned() -> Iterator[tuple[str, list[int]]]:
    """Yield what each platform costs: a reading, a year of them, a channel, a year of them, together."""
    for name, suite in SUITES.items():
        posts = DELIVERIES * READINGS * suite.reading_calls
        channels = CHANNELS * NIGHTS * suite.figures_calls
        yield name, [suite.reading_calls, posts, suite.figures_calls, channels, posts + channels]


def test_the_calls_of_a_year_are_those_that_were_counted() -> None:
    """Law: no number that was not measured."""
    page = PAGE.read_text("utf-8")
    for name, numbers in reckoned():
        cells = " | ".join(f"{number:,}" for number in numbers)
        assert f"| {name} | {cells} |" in page
    told = re.search(r"150,000 deliveries on 450 channels.* costs ([\d,]+) requests", page)
    assert told is not None
    assert int(told[1].replace(",", "")) == sum(numbers[-1] for _name, numbers in reckoned())
