"""Sweep by hand: `python -m tests.torture KILL|EIO|ENOSPC [--every N]`, with the table as it goes."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.torture.sweep import FAULTS, HEAD, Row, points, strikes, sweep, table


def main() -> int:
    """Run one sweep; return 1 if anything was doubled, lost or broken."""
    asked = _parser().parse_args()
    folder = Path(tempfile.mkdtemp(prefix="loa-torture-"))
    counted = points(folder)
    rows = {at: Row(f"{asked.fault} {' '.join(at)}") for at in counted}
    _say(f"{folder}\n{HEAD}")
    for trial in sweep(folder, strikes(counted, FAULTS[asked.fault], every=asked.every)):
        row = rows[trial.strike.call, trial.strike.file]
        row.add(trial)
        if row.points % 10 == 0 or not trial.judged.sound:
            _say(row.told())
    unsound = [each for row in rows.values() for each in row.unsound]
    _say("\n".join(["", table(list(rows.values())), *unsound]))
    return bool(unsound)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    parser.add_argument("fault", choices=FAULTS)
    parser.add_argument("--every", type=int, default=1, help="strike only every so many-th call")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
