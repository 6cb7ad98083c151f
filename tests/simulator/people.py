"""Approvers and leaders: they answer what the bot writes to them, slowly, wrongly, or not at all."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

from bot.telegram import seals
from publishers.standin.telegram import people as hands
from publishers.standin.telegram.wire import Refusal
from publishers.standin.telegram.world import World
from schedules.clock import OFFICE_ZONE
from tests.simulator.office import AUTHOR, CLERK, DEPUTY, LEADER, Outlet
from tests.simulator.record import Record
from tests.simulator.virtual import EPOCH, VirtualLoop

HOUR = 3600.0
#: From so many seconds on, an answer is a slow one.
SLOW = 6 * HOUR
_POST = re.compile(r"SK\d+-\d{4}(?:-DC\d+)?")
_NEW_TIME = re.compile(rf"/gio_moi ({_POST.pattern})")
_RELEASE = re.compile(r"/tiep_tuc (\d+)|Đang có lệnh số: (\d+)")
_ASKED = "lý do từ chối"
_ASKED_TIME = re.compile(rf"Xin cho giờ đăng mới của bài {_POST.pattern} ")
#: Of what is asked whether it is meant, the share that is.
MEANT = 0.9
#: What leaders stop -> how often.
SCOPES: Mapping[str, float] = {
    "": 1,
    "nền tảng Zalo ": 1,
    "nền tảng Facebook ": 1,
    "thẻ du lịch ": 1,
    "cơ quan Sở Ngoại vụ ": 1,
    "ngôn ngữ en ": 1,
    "kênh {channel} ": 2,
}


class People:
    """Everybody in the office who talks with the bot."""

    def __init__(
        self, world: World, channels: list[Outlet], *, loop: VirtualLoop, rng: Random, record: Record
    ) -> None:
        self._world = world
        self._channels = channels
        self._loop = loop
        self._rng = rng
        self._record = record
        self.resting = False
        self._held: set[str] = set()
        #: When the leader ordered stops whose numbers no answer has told yet.
        self._unnumbered: list[float] = []
        self._corrections = 0

    def hear(self, event: Mapping[str, Any]) -> None:
        """Notice what happened in Telegram, and answer it after a while."""
        if event["event"] != "sent":
            return
        message = event["messages"][0]
        if message["chat"]["id"] > 0 and message.get("from", {}).get("is_bot"):
            self._read(message["chat"]["id"], message)

    def order_a_stop(self) -> None:
        """Let the leader stop something; the bot's answer says how it is ended."""
        if not self.resting:
            scope = self._rng.choices(list(SCOPES), weights=list(SCOPES.values()))[0]
            channel = self._rng.choice(self._channels).name
            self._unnumbered.append(self._loop.time())
            words = scope.format(channel=channel) + self._spared(scope) + self._begins()
            self._say(LEADER, f"/tam_dung {words}vì có bão, số VB 12/UBND-VX")

    def _spared(self, scope: str) -> str:
        """Let some holds let a tag through."""
        if "thẻ" in scope or self._rng.random() > 0.3:
            return ""
        self._record.reach("hold spares a tag")
        return f"{'' if scope else 'tất cả '}trừ thẻ y tế "

    def _begins(self) -> str:
        """Let some holds begin hours later."""
        if self._rng.random() > 0.3:
            return ""
        self._record.reach("hold of a time to come")
        begins = EPOCH + timedelta(seconds=self._loop.time() + self._rng.uniform(1200, 5 * HOUR))
        return f"từ {begins.astimezone(OFFICE_ZONE):%d/%m/%Y %H:%M} "

    def call_off(self) -> None:
        """Let the leader, who never heard a number of a stop of yesterday, end it without one."""
        if self._unnumbered and self._unnumbered[0] < self._loop.time() - 12 * HOUR:
            del self._unnumbered[0]
            self._say(LEADER, "/tiep_tuc")

    def take_back(self, post: str) -> None:
        """Let somebody ask to take a post back; the bot's answer asks whether that is meant."""
        if not self.resting:
            person = self._rng.choice((LEADER, LEADER, LEADER, DEPUTY, CLERK))
            self._say(person, f"/go_bai {post} sai số liệu")

    def correct(self, post: str) -> None:
        """Let somebody word a post anew that is out: no two corrections read the same."""
        if not self.resting:
            self._corrections += 1
            text = f"Tin của tỉnh, nay nói lại cho đúng.\n({post.partition('-')[0]}/k{self._corrections}/vi)"
            self._say(self._rng.choice((AUTHOR, DEPUTY)), f"/dinh_chinh {post}\n{text}")

    def _read(self, chat: int, message: Mapping[str, Any]) -> None:
        buttons = message.get("reply_markup", {}).get("inline_keyboard")
        text = message["text"]
        if buttons:
            self._look_at(chat, message, [button["callback_data"] for row in buttons for button in row])
        elif _ASKED in text and "(" in text:
            self._later(30, 300, self._say, chat, "số liệu chưa đúng")
        elif _ASKED_TIME.match(text):
            self._later(30, 300, self._say, chat, self._some_time())
        elif chat in (LEADER, DEPUTY) and (number := _RELEASE.search(text)):
            self._end_stop(chat, number[1] or number[2])
        elif chat == LEADER:
            for found in dict.fromkeys(_NEW_TIME.findall(text)):
                self._answer_miss(found, text)
        elif chat == AUTHOR and (own := _POST.search(text)) and self._rng.random() < 0.1:
            self._record.reach("author refused")
            self._later(30, HOUR, self._say, AUTHOR, f"/duyet {own[0]}")

    def _look_at(self, chat: int, message: Mapping[str, Any], buttons: list[str]) -> None:
        """Answer an approval or a missed time; a channel that the bot cannot read, nobody here can either."""
        match buttons[0].partition(":")[0]:
            case seals.APPROVE:
                self._look_at_card(chat, message, buttons)
            case seals.HOLD:  # what it catches was read
                self._later(5, 60, self._tap, chat, message["message_id"], buttons[0])
            case seals.TAKE_BACK | seals.CORRECT if self._rng.random() < MEANT:
                self._later(5, HOUR, self._tap, chat, message["message_id"], buttons[0])
            case seals.NEW_TIME if not self.resting and self._rng.random() < 0.5:
                self._record.reach("asked for a time")
                answer = self._rng.choices(buttons, weights=(6, 2, 1))[0]
                self._later(600, 20 * HOUR, self._tap, chat, message["message_id"], answer)

    def _end_stop(self, chat: int, number: str) -> None:
        """End a stop after a while; of the daemon's own the deputy may have heard, and not the leader."""
        if chat == LEADER:
            del self._unnumbered[:1]
        self._later(HOUR, 20 * HOUR, self._say, chat, f"/tiep_tuc {number}")

    def _look_at_card(self, chat: int, message: Mapping[str, Any], buttons: list[str]) -> None:
        yes, no = buttons[0], buttons[1]
        drawn = self._rng.random()
        if drawn < 0.78:
            self._later(60, 9 * HOUR, self._tap, chat, message["message_id"], yes)
        elif drawn < 0.83:
            self._later(60, 9 * HOUR, self._tap, chat, message["message_id"], no)
        elif drawn < 0.88:  # twice, and at odd times: the second tap meets another state of things
            self._later(60, HOUR, self._tap, chat, message["message_id"], yes)
            self._later(HOUR, 60 * HOUR, self._tap, chat, message["message_id"], yes)

    def _answer_miss(self, post: str, text: str) -> None:
        """Give what missed its time, or was held, a new time; often, not always."""
        if self._rng.random() < 0.5:
            if "tạm dừng" in text:
                self._held.add(post)
            self._later(600, 20 * HOUR, self._give_time, post)

    def _give_time(self, post: str) -> None:
        if self.resting:
            return
        if post in self._held:
            self._held.discard(post)
            self._record.reach("new time after a hold")
        self._say(LEADER, f"/gio_moi {post} {self._some_time()}")

    def _some_time(self) -> str:
        at = EPOCH + timedelta(seconds=self._loop.time() + self._rng.uniform(1200, 20 * HOUR))
        return f"{at.astimezone(OFFICE_ZONE):%d/%m/%Y %H:%M}"

    def _later(self, least: float, most: float, deed: Any, *arguments: Any) -> None:
        """Do something later; short whiles are likelier than long ones."""
        wait = least * (most / least) ** self._rng.random()
        if deed == self._tap and wait > SLOW:
            self._record.reach("slow approver")
        self._loop.call_later(wait, deed, *arguments)

    def _tap(self, chat: int, message: int, data: str) -> None:
        with suppress(Refusal):
            sent = self._world.chats.find(chat, message, otherwise="gone")
            if not sent.message.get("reply_markup"):
                self._record.reach("stale tap")
            self._note(f"{chat} taps {data.rpartition(':')[0]}")
            hands.tap(self._world, {"chat_id": chat, "message_id": message, "data": data})

    def _say(self, user: int, text: str) -> None:
        self._note(f"{user} says {text}")
        with suppress(Refusal):
            hands.say(self._world, {"user_id": user, "text": text})

    def _note(self, what: str) -> None:
        self._record.note(self._loop.time(), what)
