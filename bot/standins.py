"""The stand-in platforms of a rehearsal: one child process that outlives the daemon and is found again."""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from bot.errors import LoaError
from content_queue.ports import Clock
from content_queue.texts import _

#: Folder of a home in which the stand-ins keep what was posted.
FOLDER = "standin"
#: Times that a new child is asked for, a twentieth of a second apart.
PATIENCE = 400


async def standins(home: Path, clock: Clock) -> str:
    """Return the address of the home's stand-ins, starting them if they do not run.

    Raises:
        LoaError: they did not start.
    """
    folder = home / FOLDER
    address = found(folder)
    if address:
        return address
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / "standin.json").unlink(missing_ok=True)
    with (folder / "standin.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: ASYNC220, S603 - our own module, and it must outlive this loop
            [sys.executable, "-m", "publishers.standin", "--home", str(folder)],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    for _time in range(PATIENCE):
        await clock.sleep(0.05)
        address = found(folder)
        if address or child.poll() is not None:
            break
    if not address:
        raise LoaError(
            _("Không khởi động được nền tảng chạy thử; xem {log}.").format(log=folder / "standin.log")
        )
    return address


def found(folder: Path) -> str | None:
    """Return the address of stand-ins that answer, None if there are none."""
    with suppress(OSError, ValueError, KeyError):
        told = json.loads((folder / "standin.json").read_text("utf-8"))
        os.kill(told["pid"], 0)
        with socket.create_connection(("127.0.0.1", told["port"]), timeout=1):
            return f"http://127.0.0.1:{told['port']}"
    return None
