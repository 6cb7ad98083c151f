"""Simulate an office by hand: `python -m tests.simulator --seed 17 --days 30`, or many seeds with a table.

`--seeds 0-19 --years 5 --out DIR` runs each seed in a process of its own, writes a line a seed to
`DIR/outcomes.jsonl`, and passes over the seeds that stand there already.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.simulator.outcome import HASHING, Outcome, begin, outcome_here
from tests.simulator.record import RARE
from tests.simulator.sabotage import SABOTAGES, sabotaged
from tests.simulator.town import CHANNELS, DELIVERIES, Plan

#: A run of so many days in all reaches every rare event, or something is wrong with the simulator.
LONG = 3650
COLUMNS = ("seed", "days", "posted", "starts", "faults", "wrong", "seconds", "cpu", "MiB")
HEAD = " ".join(f"{name:>8}" for name in COLUMNS) + "  events"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 if a promise was broken."""
    asked = _parser().parse_args(arguments)
    days = round(asked.years * 365.25) if asked.years else asked.days
    if asked.seeds:
        return _many(_numbers(asked.seeds), days, asked)
    with sabotaged(asked.sabotage):
        plan = Plan(
            asked.seed,
            days,
            asked.channels,
            asked.deliveries_a_day,
            keep_events=bool(asked.events),
            until_wrong=bool(asked.sabotage),
        )
        outcome, record = outcome_here(plan, asked.sabotage)
    if asked.events:
        asked.events.write_text("\n".join(record.keep or ()), "utf-8")
    if asked.json:
        print(outcome.as_json())  # noqa: T201 # that is the command's work
    else:
        _table([outcome])
    return 1 if outcome.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", default="", help="like 0-19 or 3,7,8")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--years", type=float, default=0)
    parser.add_argument("--channels", type=int, default=CHANNELS, help="450 is the whole province")
    parser.add_argument("--deliveries-a-day", type=int, default=DELIVERIES, help="411: 150,000 a year")
    parser.add_argument("--sabotage", choices=["", *SABOTAGES], default="")
    parser.add_argument("--jobs", type=int, default=2, help="seeds run side by side")
    parser.add_argument("--out", type=Path, help="folder of outcomes.jsonl; what stands there is kept")
    parser.add_argument("--events", type=Path, help="file for every event of the one run")
    parser.add_argument("--json", action="store_true")
    return parser


def _numbers(words: str) -> list[int]:
    found: list[int] = []
    for part in words.split(","):
        first, _dash, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _many(seeds: Sequence[int], days: int, asked: argparse.Namespace) -> int:
    out = asked.out and asked.out / "outcomes.jsonl"
    wanted = [
        Outcome(seed, days, "", 0, asked.sabotage, asked.channels, asked.deliveries_a_day) for seed in seeds
    ]
    done = list(_stored(out, wanted)) if out else []
    todo = [each for each in wanted if each.seed not in {outcome.seed for outcome in done}]
    say = print
    say(HEAD, flush=True)
    for outcome in done:
        say(_line(outcome), flush=True)
    for outcome in _side_by_side(todo, asked.jobs):
        done.append(outcome)
        say(_line(outcome), flush=True)
        if out:
            out.parent.mkdir(parents=True, exist_ok=True)
            with out.open("a", encoding="utf-8") as file:
                file.write(outcome.as_json() + "\n")
    _end(done)
    return 1 if any(outcome.wrong for outcome in done) or _unreached(done) else 0


def _stored(path: Path, wanted: Sequence[Outcome]) -> Iterator[Outcome]:
    asked = [each.asked() for each in wanted]
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            outcome = Outcome.from_json(line)
            if outcome.asked() in asked:
                yield outcome


def _side_by_side(wanted: Sequence[Outcome], jobs: int) -> Iterator[Outcome]:
    """Run seeds in their order, so many at a time."""
    waiting, running = list(wanted), list[subprocess.Popen[str]]()
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(begin(waiting.pop(0)))
        said, complained = running.pop(0).communicate()
        if not said.strip():
            raise SystemExit(f"a run ended without a word:\n{complained}")
        yield Outcome.from_json(said.strip().splitlines()[-1])


def _table(outcomes: Sequence[Outcome]) -> None:
    lines = [HEAD, *map(_line, outcomes)]
    print("\n".join(lines))  # noqa: T201 # that is the command's work
    _end(outcomes)


def _line(outcome: Outcome) -> str:
    counts = outcome.counts
    told = (
        outcome.seed,
        outcome.days,
        *(counts.get(name, 0) for name in ("posted", "starts", "faults")),
        len(outcome.wrong),
        outcome.seconds,
        outcome.cpu,
        outcome.mib,
    )
    return " ".join(f"{each:>8}" for each in told) + f"  {outcome.digest[:12]}"


def _end(outcomes: Sequence[Outcome]) -> None:
    """Say what was reached, what was wrong, and how to see it again."""
    rare: Counter[str] = Counter()
    for outcome in outcomes:
        rare.update(outcome.rare)
    lines = ["", *(f"{rare[name] or 'never':>8}  {name}: {what}" for name, what in RARE.items())]
    for outcome in outcomes:
        if outcome.wrong:
            lines += ["", f"seed {outcome.seed}: {dict(Counter(wrong.kind for wrong in outcome.wrong))}"]
            lines += [f"  {wrong.kind}: {wrong.what}" for wrong in outcome.wrong[:5]]
            lines += [f"  again: {outcome.replay()}"]
    print("\n".join(lines))  # noqa: T201 # that is the command's work


def _unreached(outcomes: Sequence[Outcome]) -> bool:
    reached = {name for outcome in outcomes for name, count in outcome.rare.items() if count}
    return sum(outcome.days for outcome in outcomes) >= LONG and reached != set(RARE)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != HASHING["PYTHONHASHSEED"]:
        os.execve(  # noqa: S606 # ourselves again
            sys.executable,
            [sys.executable, "-m", "tests.simulator", *sys.argv[1:]],
            {**os.environ, **HASHING},
        )
    sys.exit(main())
