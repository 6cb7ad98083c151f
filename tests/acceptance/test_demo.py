"""`loa demo`: the whole day in a minute, by the command that a newcomer types first."""

import subprocess
from pathlib import Path

from tests.acceptance.running import LOA, PATIENCE


def test_the_demo_ends_by_itself_with_everything_out_once_and_in_time(tmp_path: Path) -> None:
    """Status 0 says that all that should go out did, once, within two seconds; nothing is left running."""
    done = subprocess.run(
        [*LOA, "demo", "--exit"],
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=1.7 * PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "\nKết quả: đạt.\n" in done.stdout
