"""The stub as its starter sees it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message at the platform: wall second, the number of the bot that sent it, and its chat."""

    at: float
    bot: str
    chat: str


class StubPlatform:
    """A stub in a child process; ended with the `with`."""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "bench.stub"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._child.stdout is not None
        self._port = int(self._child.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate(timeout=10)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def begin(self, delay: float = 0.0, *, lies: int = 0) -> None:
        """Forget what was sent; from now on an answer takes `delay` seconds.

        Every `lies`-th message is accepted and answered with 500; with 0 none is.
        """
        self._get(f"/_anew/{delay}/{lies}")

    def arrivals(self) -> list[Arrival]:
        """Return what was sent since it began, in order."""
        return [Arrival(*each) for each in self._get("/_sent")]

    def _get(self, path: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()
