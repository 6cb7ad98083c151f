"""What every program here is told: where the platform is, when to post, and to how many chats."""

import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

TEXT = "Sở Văn hóa, Thể thao và Du lịch mời bà con xem chương trình cồng chiêng tối nay. " * 5


@dataclass(frozen=True, slots=True)
class Job:
    """One post to so many chats at one second; `server` is the address of a broker or a database."""

    url: str
    due: float
    count: int
    server: str = ""

    @property
    def at(self) -> datetime:
        """Return the second as a time."""
        return datetime.fromtimestamp(self.due, UTC)

    def chats(self) -> list[str]:
        """Return where to post."""
        return [f"-1001000000{number:03}" for number in range(self.count)]

    def wait(self) -> None:
        """Sleep until the second."""
        time.sleep(max(0.0, self.due - time.time()))

    def write(self, folder: Path) -> None:
        """Tell a program that is started with this folder."""
        (folder / "job.json").write_text(json.dumps(asdict(self)), "utf-8")


def told() -> tuple[str, Job, Path]:
    """Return what the command line says: what to do, the job, and the folder to keep things in."""
    word, folder = sys.argv[1], Path(sys.argv[2])
    return word, Job(**json.loads((folder / "job.json").read_text("utf-8"))), folder


def address(url: str) -> str:
    """Return where messages are posted."""
    return f"{url}/bot1:bench/sendMessage"


def send(url: str, chat: str) -> None:
    """Post to one chat, as the first page of the manual of requests says."""
    requests.post(address(url), data={"chat_id": chat, "text": TEXT}, timeout=60).raise_for_status()
