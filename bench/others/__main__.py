"""Let others post what loa posts: `python -m bench.others --python PYTHON [--write FILE] [NAME …]`.

Each posts to 450 chats at one second; then the same, killed in the middle and started again; then the same
on a platform that answers every tenth message with 500 after it accepted it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.home import APPROVAL_BOT
from bench.others.job import Job
from bench.others.loa import asked, open_loa
from bench.page import said_machine, write_between
from bench.platform import ROOT, Arrival, StubPlatform
from bench.punctual import DELAY
from bench.rows import ms

COUNT = 450
#: Seconds from planning to the second; from the second until a run is over; of quiet that end it before.
AHEAD, LONGEST, QUIET = 12.0, 45.0, 8.0
#: A run is killed when a third came, or so many seconds after the second.
THIRD, LATEST = COUNT // 3, 5.0
EVERY_TENTH = 10
#: Undisturbed, killed, lied to.
RUNS = 3
HEAD = (
    "| what | arrived | first, last after the second | killed in the middle: never, twice "
    "| 500 after accepting: twice |\n|---|---|---|---|---|"
)

Start = Callable[[], "subprocess.Popen[bytes]"]
#: Plans a job in a folder and returns what starts the program that does it.
Open = Callable[[Job, Path], Start]


@dataclass(frozen=True, slots=True)
class Other:
    """A program of `bench/others`, and the server that it needs."""

    module: str
    server: str = ""
    #: Seconds that it may take to notice that its worker was killed.
    mends: float = 0.0


OTHERS: Mapping[str, Other] = {
    "APScheduler, defaults": Other("apscheduler_plain"),
    "APScheduler, tuned": Other("apscheduler_tuned"),
    "Celery": Other("celery_eta", "redis"),
    "procrastinate": Other("procrastinate_at", "postgres", mends=100),
    "Apprise": Other("apprise_loop"),
}
PLANNED_BY_ITSELF = ("apscheduler_tuned", "apprise_loop")


def main() -> None:
    """Run all, print the table, and write it into a page if told to."""
    parser = argparse.ArgumentParser(prog="python -m bench.others", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of loa, {', '.join(OTHERS)}")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has them")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="put the table between the marks of a page"
    )
    options = parser.parse_args()
    machine = said_machine("python -m bench.others")
    lines = [HEAD]
    with StubPlatform() as stub, tempfile.TemporaryDirectory(prefix="loa-others-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has a user of its own
        for name in options.names or ["loa", *OTHERS]:
            lines.append(_row(name, stub, Path(folder), options.python))
            sys.stderr.write(f"{lines[-1]}\n")
    said = "\n".join([machine, "", *lines])
    sys.stdout.write(f"{said}\n")
    if options.write:
        write_between(options.write, "others", said)


def _row(name: str, stub: StubPlatform, folder: Path, python: str) -> str:
    if name == "loa":
        return _three(name, stub, folder, open_loa)
    other = OTHERS[name]
    with _server(other.server, folder, python) as addresses:
        return _three(name, stub, folder, _opener(other, python, addresses), mends=other.mends)


def _opener(other: Other, python: str, addresses: Iterator[str]) -> Open:
    module = f"bench.others.{other.module}"

    def plan(job: Job, folder: Path) -> Start:
        Job(job.url, job.due, job.count, next(addresses)).write(folder)
        if other.module not in PLANNED_BY_ITSELF:
            subprocess.run([python, "-m", module, "plan", str(folder)], cwd=ROOT, check=True, timeout=60)
        words = [python, "-m", module, "work", str(folder)]
        log = (folder / "log").open("ab")
        return lambda: subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log)

    return plan


@contextmanager
def _server(kind: str, folder: Path, python: str) -> Iterator[Iterator[str]]:
    """Serve what is needed; give an address for each run, with nothing there yet."""
    if not kind:
        yield iter([""] * RUNS)
        return
    home = folder / kind
    home.mkdir()
    words = [python, "-m", "bench.others.servers", kind, str(home)]
    child = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    addresses = [child.stdout.readline().decode().strip() for _run in range(RUNS)]
    try:
        yield iter(addresses)
    finally:
        child.communicate(timeout=30)


def _three(name: str, stub: StubPlatform, folder: Path, plan: Open, *, mends: float = 0.0) -> str:
    came = _run(stub, _new(folder, name, "plain"), plan)
    late = [each.at - came.due for each in came.arrivals]
    when = f"{ms(min(late))}, {ms(max(late))}" if late else "–"
    killed = _run(stub, _new(folder, name, "killed"), plan, Trouble(kills=True, mends=mends))
    lied = _run(stub, _new(folder, name, "lied"), plan, Trouble(lies=EVERY_TENTH))
    cells = (
        name,
        f"{COUNT - came.never()} of {COUNT}",
        when,
        f"{killed.never()}, {killed.twice()}" + asked(folder / _named(name, "killed")),
        f"{lied.twice()}"
        + (f", and {lied.never()} never" if lied.never() else "")
        + asked(folder / _named(name, "lied")),
    )
    return f"| {' | '.join(cells)} |"


def _new(folder: Path, name: str, run: str) -> Path:
    made = folder / _named(name, run)
    made.mkdir()
    return made


def _named(name: str, run: str) -> str:
    return f"{name} {run}".replace(", ", "-").replace(" ", "-").lower()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a run meets: killed when a third came, with seconds to notice it; lies of the platform."""

    kills: bool = False
    mends: float = 0.0
    lies: int = 0


QUIET_DAY = Trouble()


@dataclass(frozen=True, slots=True)
class Came:
    """What arrived of a run."""

    due: float
    arrivals: Sequence[Arrival]

    def never(self) -> int:
        """Return how many chats got nothing."""
        return COUNT - len({each.chat for each in self.arrivals})

    def twice(self) -> int:
        """Return how many chats got it more than once."""
        return sum(many > 1 for many in Counter(each.chat for each in self.arrivals).values())


def _run(stub: StubPlatform, folder: Path, plan: Open, trouble: Trouble = QUIET_DAY) -> Came:
    due = float(int(time.time() + AHEAD + 1))
    start = plan(Job(stub.url, due, COUNT), folder)
    stub.begin(DELAY, lies=trouble.lies)
    child = start()
    try:
        if trouble.kills:
            _wait(lambda: len(_arrivals(stub)) >= THIRD, due + LATEST)
            child.kill()
            child.wait(10)
            child = start()
            time.sleep(trouble.mends)
        _until_quiet(stub, due, len if trouble is QUIET_DAY else None)
        return Came(due, _arrivals(stub))
    finally:
        child.kill()
        child.wait(10)


def _until_quiet(stub: StubPlatform, due: float, whole: Callable[[Sequence[Arrival]], int] | None) -> None:
    """Wait until everything came (if `whole` counts it), or nothing more for a while, or it is too late."""
    before, since = -1, max(time.time(), due)
    end = since + LONGEST
    while time.time() < min(end, since + QUIET + LATEST):
        came = _arrivals(stub)
        if whole and whole(came) >= COUNT:
            return
        if len(came) != before:
            before, since = len(came), max(time.time(), due)
        time.sleep(0.25)


def _wait(done: Callable[[], bool], until: float) -> None:
    while not done() and time.time() < until:
        time.sleep(0.01)


def _arrivals(stub: StubPlatform) -> list[Arrival]:
    return [each for each in stub.arrivals() if each.bot != APPROVAL_BOT]


if __name__ == "__main__":
    main()
