"""The units of each stage: small enough that an interrupted run loses little."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.machine.hunt import hunt
from tests.schedules.fuzz import KINDS, try_out
from tests.simulator.outcome import outcome_apart
from tests.simulator.sabotage import SABOTAGES
from tests.torture import pairs, renewals
from tests.torture.burst import burst
from tests.torture.mortal import DIE, FAIL, Blow
from tests.torture.people import ACTS
from tests.torture.rows import Row
from tests.torture.token_year import Province
from tests.torture.trial import FAULTS, SOCKET, Strike, points, run_trial
from tests.torture.ways import SECOND, Way, boundaries, once, twice

#: Blow -> its name in the table.
NAMES: Mapping[str, str] = {DIE: "death", FAIL: "failed commit or call", **{name: name for name in ACTS}}
#: Points beyond the counted ones, at least and by share: commits fall together differently in every run.
BEYOND, ALSO = 3, 1 / 8
SIZE, KILLS = 10_000, 20
CAUGHT = "Sabotages caught"
#: Years of tokens.
YEARS = 2
#: Hunts of the machine, and the examples of each.
HUNTS, EXAMPLES = 30, 100
#: Looks at odd calendars, and the files of each: about ten minutes on two free cores.
LOOKS, FILES = 20, 200


@dataclass(frozen=True)
class Unit:
    """One piece of work; done apart, in a process of its own."""

    sweep: str
    name: str
    work: Callable[[], Row]

    def __call__(self) -> Row:
        """Do it; whatever goes wrong in doing so is wrong."""
        begun = time.monotonic()
        try:
            row = self.work()
        except Exception as error:  # noqa: BLE001 - the other units go on, and this one is told
            row = Row(self.sweep, trials=1, wrong=(f"{type(error).__name__}: {error}",))
        return replace(row, sweep=self.sweep, unit=self.name, seconds=round(time.monotonic() - begun, 2))


def at_boundaries() -> Iterator[Unit]:
    """Strike an office in process at every boundary, and at every boundary of what follows."""
    for kind, name in NAMES.items():
        yield Unit(f"{name}, once", "all", partial(_struck_once, kind))
    most = boundaries()
    for kind, seconds in SECOND.items():
        for second in seconds:
            sweep = f"{NAMES[kind]}, then {NAMES[second]}"
            for nth in range(1, most + 1):
                yield Unit(sweep, str(nth), partial(_struck_twice, Blow(kind, nth), second))


def _struck_once(kind: str) -> Row:
    return _summed(once(kind))


def _struck_twice(first: Blow, second: str) -> Row:
    return _summed(twice(first, second))


def _summed(ways: Iterable[Way]) -> Row:
    fates = [(way, way.fate) for way in ways]
    names = ("doubled", "lost", "asked", "published", "dropped")
    counts = {name: sum(getattr(fate, name) for _way, fate in fates) for name in names}
    wrong = tuple(str(way) for way, fate in fates if not fate.sound)
    return Row("", trials=len(fates), struck=len(fates), wrong=wrong, **counts)


def at_calls(fault: str) -> Iterator[Unit]:
    """Strike the real daemon at each write and fsync of each of its files."""
    with tempfile.TemporaryDirectory(prefix="loa-torture-") as folder:
        counted = points(Path(folder))
    for strike in _strikes(fault, counted):
        yield Unit(f"{fault} at {strike.place}", str(strike.nth), partial(struck_at, strike))


def _strikes(fault: str, counted: Mapping[tuple[str, str], int]) -> Iterator[Strike]:
    for (call, file), most in counted.items():
        for nth in range(1, most + max(BEYOND, round(most * ALSO)) + 1):
            yield Strike(call, file, FAULTS[fault], nth)


def struck_at(strike: Strike) -> Row:
    """Strike once; what it leaves is removed unless it is unsound."""
    folder = Path(tempfile.mkdtemp(prefix="loa-torture-"))
    trial = run_trial(folder / "tinh", strike)
    judged = trial.judged
    if judged.sound:
        shutil.rmtree(folder)
    return Row(
        "",
        trials=1,
        struck=int(trial.fired),
        doubled=judged.doubles,
        lost=judged.lost,
        asked=judged.asked,
        published=judged.published,
        wrong=() if judged.sound else (f"{strike}: {judged} in {folder}",),
        said=trial.end if trial.fired and trial.end not in ("killed", "went on") else "",
    )


def at_renewals() -> Iterator[Unit]:
    """Strike the real daemon at each write, fsync, request and answer while it renews the pairs of OAs."""
    with tempfile.TemporaryDirectory(prefix="loa-torture-") as folder:
        counted = pairs.steps(Path(folder))
    on_disk = {place: most for place, most in counted.items() if place[1] != SOCKET}
    for fault, places in (("KILL", counted), ("EIO", on_disk), ("ENOSPC", on_disk)):
        for strike in _strikes(fault, places):
            name = f"renewal: {fault} at {strike.place}"
            yield Unit(name, str(strike.nth), partial(renewal_struck_at, strike))


def renewal_struck_at(strike: Strike) -> Row:
    """Strike the renewals of one home once; what that leaves is removed unless it is wrong."""
    folder = Path(tempfile.mkdtemp(prefix="loa-torture-"))
    trial = pairs.run_trial(folder / "tinh", strike)
    ends = trial.ends
    if not ends.wrong:
        shutil.rmtree(folder)
    wrong = tuple(f"{strike}: {told} in {folder}" for told in ends.wrong)
    return Row("", trials=1, struck=int(trial.fired), asked=ends.told, published=ends.kept, wrong=wrong)


def a_burst(*, deliveries: int = SIZE, kills: int = KILLS) -> Iterator[Unit]:
    """Kill a daemon with thousands of deliveries at random moments."""
    yield Unit(f"burst of {deliveries:,}", f"{kills} kills", partial(_burst, deliveries, kills))


def _burst(deliveries: int, kills: int) -> Row:
    folder = Path(tempfile.mkdtemp(prefix="loa-torture-"))
    done = burst(folder / "tinh", deliveries=deliveries, kills=kills, seed=20)
    if done.sound:
        shutil.rmtree(folder)
    return Row(
        "",
        trials=kills,
        struck=len(done.kills),
        doubled=done.judged.doubles,
        lost=done.judged.lost,
        asked=done.judged.asked,
        published=done.judged.published,
        wrong=() if done.sound else (f"{done.told()} in {folder}",),
        said=done.told(),
    )


def in_any_order() -> Iterator[Unit]:
    """Let anything happen in any order, in each unit otherwise."""
    for number in range(HUNTS):
        yield Unit("anything in any order", str(number), partial(_hunt, number))


def _hunt(number: int) -> Row:
    found = hunt(examples=EXAMPLES, number=number)
    return Row("", trials=EXAMPLES, struck=EXAMPLES, wrong=(found,) if found else ())


def odd_calendars() -> Iterator[Unit]:
    """Read calendars that nobody would write; the first broken promise of each unit is told."""
    for number in range(LOOKS):
        for kind in KINDS:
            yield Unit(f"odd calendars: {kind}", str(number), partial(_read_odd, kind, number))


def _read_odd(kind: str, number: int) -> Row:
    found = try_out(kind, examples=FILES, number=number)
    return Row("", trials=FILES, wrong=(found,) if found else ())


def sabotages() -> Iterator[Unit]:
    """Let the simulator find each deliberate mistake."""
    for name in SABOTAGES:
        yield Unit(CAUGHT, name, partial(_sabotage, name))


def _sabotage(name: str) -> Row:
    sabotage = SABOTAGES[name]
    for seed in range(sabotage.seeds):
        if outcome_apart(seed, sabotage.days, sabotage=name).wrong:
            return Row("", trials=1, struck=1)
    return Row("", trials=1, wrong=(f"{sabotage.what}: not found in {sabotage.seeds} seeds",))


def of_tokens() -> Iterator[Unit]:
    """Strike a renewer at every boundary, once and twice, and let a province live through years of tokens."""
    for first in (DIE, FAIL):
        yield Unit(f"renewal: {NAMES[first]}, once", "all", partial(_renewals, first, ""))
        for second in (DIE, FAIL):
            sweep = f"renewal: {NAMES[first]}, then {NAMES[second]}"
            yield Unit(sweep, "all", partial(_renewals, first, second))
    for seed in range(YEARS):
        yield Unit("a year of tokens", str(seed), partial(_year, seed))


def _renewals(first: str, second: str) -> Row:
    with tempfile.TemporaryDirectory(prefix="loa-torture-") as folder:
        stage = renewals.Stage(Path(folder))
        ways = list(renewals.twice(stage, first, second) if second else renewals.once(stage, first))
        stage.ledger.close()
    ends = [way.end for way in ways]
    wrong = tuple(str(way) for way in ways if way.end not in ("kept", "told"))
    told, kept = ends.count("told"), ends.count("kept")
    return Row("", trials=len(ways), struck=len(ways), asked=told, published=kept, wrong=wrong)


def _year(seed: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="loa-torture-") as folder:
        year = Province(Path(folder), accounts=150, days=365, seed=seed).run()
    broken = year.needless or year.silent or year.lapsed or year.expired or year.lost != year.vanished
    wrong = (f"seed {seed}: {year}",) if broken or year.told != year.lost else ()
    return Row("", trials=year.renewals, struck=year.kills, asked=year.told, wrong=wrong, said=str(year))
