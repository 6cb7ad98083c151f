"""A home that runs for real: the command in child processes, people over HTTP, the ledger as it is."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from bot.house import LEDGER
from bot.standins import FOLDER, found
from content_queue.states import DeliveryState
from content_queue.store import posts
from content_queue.store.engine import open_ledger
from content_queue.store.posts import Queued
from content_queue.store.writer import InlineWriter
from tests.acceptance.offices import LEADER, LEADER_ID, WORKBOOK, Row, write_workbook

T = TypeVar("T")
#: Seconds within which anything that is waited for has come, on a busy machine too.
PATIENCE = 120.0
#: Seconds after which a saved file has been looked at twice, and so is read.
LOOKS = 6.0
LOA = (sys.executable, "-m", "bot")


def until(wanted: Callable[[], T], what: str) -> T:
    """Look until there is something, and return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if there := wanted():
            return there
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


class TooBusyError(Exception):
    """A due second was over before people had done what they do before it: nothing was tested."""


class Running:
    """One home with its daemon and its stand-ins; both are ended with it.

    People get `slack` times as long before a due second as they should need.
    """

    def __init__(self, home: Path, slack: int = 1) -> None:
        self.home = home
        self._slack = slack
        self._awaited: datetime | None = None
        self._daemons: list[subprocess.Popen[bytes]] = []
        self._took = 0.0
        self._ledger: InlineWriter | None = None
        self._http = httpx.Client(trust_env=False, timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        if self._ledger is not None:
            self._ledger.close()
        for daemon in self._daemons:
            self._end(daemon)
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(self.standin, signal.SIGCONT)
            os.kill(self.standin, signal.SIGTERM)

    @staticmethod
    def _end(daemon: subprocess.Popen[bytes]) -> None:
        daemon.terminate()
        with suppress(subprocess.TimeoutExpired):
            daemon.wait(timeout=PATIENCE)
        daemon.kill()
        daemon.wait()

    # --- the daemon -------------------------------------------------------------------------------

    def start(self) -> subprocess.Popen[bytes]:
        """Start the daemon, and return it once it has read the calendars."""
        read, begun = self.log.count("calendars_read"), time.monotonic()
        with (self.home / "loa.log").open("ab") as log:
            daemon = subprocess.Popen(
                [*LOA, "--home", str(self.home), "--debug", "run", "--log-json"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._daemons.append(daemon)
        until(lambda: self.log.count("calendars_read") > read or daemon.poll() is not None, "the daemon")
        assert daemon.poll() is None, self.log[-4000:]
        self._took = time.monotonic() - begun
        return daemon

    def soon(self, steps: int) -> datetime:
        """Return a second after which so many steps of people and of the daemon have surely been made.

        A step takes the longer, the longer this machine took to start the daemon. `before` ends the wait.
        """
        lead = timedelta(seconds=LOOKS + steps * max(self._took, 1.0)) * self._slack
        self._awaited = (datetime.now(UTC) + lead).replace(microsecond=0)
        return self._awaited

    @property
    def is_late(self) -> bool:
        """Tell whether the second of `soon` is over, and people were not seen to be ready `before` it."""
        return self._awaited is not None and datetime.now(UTC) >= self._awaited

    def before(self, due: datetime) -> None:
        """See that a due second is still to come, now that people have done what they do before it.

        Raises:
            TooBusyError: it is over.
        """
        self._awaited = due
        if self.is_late:
            raise TooBusyError(due)
        self._awaited = None

    def save(self, *rows: Row) -> None:
        """Save the workbook with these rows, as an editor does while the daemon runs."""
        write_workbook(self.home / "calendars" / WORKBOOK, rows)

    def loa(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of `loa` beside the daemon, to its end."""
        said = [*LOA, *words, "--home", str(self.home)]
        return subprocess.run(said, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def told(self, *words: str) -> str:
        """Return what a command that must succeed says."""
        done = self.loa(*words)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def json(self, *words: str) -> Any:
        """Return what a command tells other programs."""
        return json.loads(self.told(*words, "--json"))

    @property
    def log(self) -> str:
        """What the daemons of this home have logged so far."""
        with suppress(FileNotFoundError):
            return (self.home / "loa.log").read_text("utf-8")
        return ""

    # --- the stand-ins ----------------------------------------------------------------------------

    @property
    def standin(self) -> int:
        """The process of the stand-ins."""
        return int(json.loads((self.home / FOLDER / "standin.json").read_text("utf-8"))["pid"])

    @property
    def address(self) -> str:
        """Where the stand-ins are."""
        return until(lambda: found(self.home / FOLDER), "the stand-ins") or ""

    def shown(self) -> list[dict[str, Any]]:
        """Return what readers see on all platforms."""
        every = self._http.get(f"{self.address}/_shown.json").json()
        return [each for each in every if each["visible"]]

    def order(self, platform: str, path: str, **said: Any) -> None:
        """Order something of a stand-in that only tests ask for."""
        self._http.post(f"{self.address}/{platform}/{path}", json=said).raise_for_status()

    def _until(self, wanted: Callable[[], T], what: str) -> T:
        """Wait for what people need before the second of `soon`, while that is still to come."""

        def in_time() -> T:
            if not (there := wanted()) and self.is_late:
                raise TooBusyError(what)
            return there

        return until(in_time, what)

    # --- people -----------------------------------------------------------------------------------

    def chat(self, user: int = LEADER_ID) -> list[dict[str, Any]]:
        """Return the messages of a private chat with the approval bot, newest last."""
        found = self._http.get(f"{self.address}/telegram/_people/chats/{user}").json()["messages"]
        return list(found)

    def toasts(self, user: int = LEADER_ID) -> list[Any]:
        """Return the short words that taps were answered with."""
        return list(self._http.get(f"{self.address}/telegram/_people/chats/{user}").json()["toasts"])

    def bot_said(self, words: str, user: int = LEADER_ID) -> str:
        """Wait until the bot has said something with these words, and return the newest such message."""

        def newest() -> str:
            said = [each["text"] for each in self.chat(user) if each["from_bot"] and words in each["text"]]
            return said[-1] if said else ""

        return self._until(newest, f"“{words}” in the chat of {user}")

    def say(self, text: str, user: int, **where: Any) -> None:
        """Write to the bot, or elsewhere where it listens."""
        self.order("telegram", "_people/say", user_id=user, text=text, **where)

    def ask(self, text: str, user: int = LEADER_ID) -> str:
        """Write to the bot and return its answer: the first message after ours that has no buttons."""
        self.say(text, user)

        def answer() -> str:
            chat = self.chat(user)
            ours = max(place for place, each in enumerate(chat) if each["text"] == text)
            answers = [each["text"] for each in chat[ours + 1 :] if each["from_bot"] and not each["buttons"]]
            return answers[0] if answers else ""

        return self._until(answer, f"an answer to {text}")

    def card(self, post: str, user: int = LEADER_ID, *, words: str = "") -> dict[str, Any]:
        """Wait for a post's card with open buttons, whose text has these words, and return it."""

        def newest() -> dict[str, Any] | None:
            cards = [
                each
                for each in self.chat(user)
                if each["buttons"] and each["text"].startswith(f"Bài {post}\n") and words in each["text"]
            ]
            return cards[-1] if cards else None

        card = self._until(newest, f"a card of {post}")
        assert card is not None
        return card

    def tap(self, card: Mapping[str, Any], button: int = 0, *, by: int = LEADER_ID) -> None:
        """Tap a button of one of the leader's cards: 0 approves, 1 rejects. Anybody may forge a tap."""
        tapped = {"message_id": card["message_id"], "data": card["buttons"][0][button]["callback_data"]}
        self.order("telegram", "_people/tap", chat_id=LEADER_ID, user_id=by, **tapped)

    def stop(self, words: str) -> str:
        """Order a hold, confirm what it lists, and return what the bot says of it then."""
        self.say(f"/tam_dung {words}", LEADER_ID)
        self.tap(self.button_of("Tạm dừng ngay"))
        return self.bot_said("Chấm dứt: /tiep_tuc")

    def button_of(self, label: str, user: int = LEADER_ID) -> dict[str, Any]:
        """Wait for a message whose first button says this, and return the newest."""

        def newest() -> dict[str, Any] | None:
            return next(
                (
                    m
                    for m in reversed(self.chat(user))
                    if m["buttons"] and m["buttons"][0][0]["text"] == label
                ),
                None,
            )

        return self._until(newest, f"a button “{label}”") or {}

    # --- the ledger -------------------------------------------------------------------------------

    def queue(self) -> list[Queued]:
        """Return all deliveries as they stand."""
        if self._ledger is None:
            until((self.home / LEDGER).exists, "the ledger")
            self._ledger = InlineWriter(open_ledger(f"sqlite:///{self.home / LEDGER}"))
        return self._ledger.read_now(posts.queue)

    def states(self) -> dict[tuple[str, str], DeliveryState]:
        """Return (post, channel) -> where its delivery stands."""
        return {(each.delivery.post, each.delivery.channel): each.delivery.state for each in self.queue()}

    def post_states(self) -> dict[str, str]:
        """Return post -> where it stands."""
        return {each.post.id: str(each.post.state) for each in self.queue()}

    def becomes(self, post: str, state: str) -> None:
        """Wait until a post stands somewhere."""
        self._until(lambda: self.post_states().get(post) == state, f"{post} to be {state}")

    def approve(self, *wanted: str) -> None:
        """Approve posts by tapping their cards."""
        for post in wanted:
            self.tap(self.card(post))
            self.becomes(post, "approved")

    def approve_all_here(self, *posts: str) -> None:
        """Approve posts on the command line as soon as they are planned."""
        self._until(lambda: set(posts) <= set(self.post_states()), "the posts to be planned")
        for post in posts:
            self.approve_here(post)

    def approve_here(self, post: str) -> None:
        """Approve a post on the command line."""
        assert f"Đã duyệt bài {post}" in self.told("approve", post, "--as", LEADER)
