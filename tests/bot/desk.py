"""An office of a few people for the bot's tests, at a real ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.acts import By
from bot.desk import Desk
from content_queue.models import Agency, Channel, Person
from content_queue.store.posts import find_post
from tests.content_queue.world import NOW, WINDOW, World

LEADER = Person("Nguyễn Thị Lãnh", 7, frozenset({"leader"}), frozenset({"*"}))
APPROVER = Person("Lê Văn Duyệt", 8, frozenset({"approver"}), frozenset({"svhttdl"}))
OTHER = Person("Phạm Văn Khác", 9, frozenset({"approver"}), frozenset({"xa-an-hoa"}))
#: May decide, but wrote the posts of these tests.
AUTHOR = Person("Trần Văn Soạn", 10, frozenset({"approver", "editor"}), frozenset({"svhttdl"}))
EDITOR = Person("Hồ Thị Viết", 11, frozenset({"editor"}), frozenset({"svhttdl"}))
ADMIN = Person("Võ Văn Quản", 12, frozenset({"admin"}), frozenset({"*"}))
PEOPLE = (LEADER, APPROVER, OTHER, AUTHOR, EDITOR, ADMIN)

AGENCIES = {
    "svhttdl": Agency("svhttdl", {"vi": "Sở Văn hóa, Thể thao và Du lịch", "en": "Department of Culture"}),
    "xa-an-hoa": Agency("xa-an-hoa", {"vi": "UBND xã An Hòa", "en": "People's Committee of An Hoa"}),
}
CHANNELS = (
    Channel("k0", "svhttdl", "telegram", "-1000"),
    Channel("k1", "xa-an-hoa", "telegram", "@an_hoa"),
    Channel("Zalo An Hòa", "xa-an-hoa", "zalo", "77"),
)
DESK = Desk(PEOPLE, AGENCIES, CHANNELS, {"nha-giao": "Ngày Nhà giáo Việt Nam"}, WINDOW, timedelta(hours=48))


def by(person: Person, way: str = "telegram") -> By:
    return By(person, way, NOW)


def desk(**changes: Any) -> Desk:
    return replace(DESK, **changes)


def hash_of(world: World, post: str) -> str:
    found = world.look(find_post, post)
    return str(found.content_hash)
