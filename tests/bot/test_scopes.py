"""What a hold covers, as people say it, and who may order it."""

from typing import Any

import pytest

from bot.holding.scopes import Names, Scope, allowed_scope, names_of, read_stop, show_scope
from content_queue.models import Person, Post
from content_queue.states import PostState
from content_queue.store.approvals import NotAllowedError
from tests.bot.desk import APPROVER, DESK, EDITOR, LEADER, OTHER
from tests.content_queue.world import DUE


def a_post(**changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": "A-2026", "entry": "A", "year": 2026, "due": DUE, "agency": "svhttdl", "author": "X",
        "campaign": "Tết Đinh Mùi", "occasion": "", "tags": ("#DuLich", "lễ hội"), "summary": "",
        "state": PostState.IN_REVIEW, "content_hash": "0", "revision": 1, "reason": None,
    }  # fmt: skip
    return Post(**{**fields, **changes})


@pytest.fixture
def names() -> Names:
    return names_of(DESK, [a_post()])


SAID: list[tuple[str, Scope, str, str]] = [
    ("có bão", {}, "có bão", ""),
    ("tất cả vì có bão", {}, "có bão", ""),
    ("all: storm", {}, "storm", ""),
    ("toàn bộ, lý do: quốc tang", {}, "quốc tang", ""),
    ("zalo lỗi hiển thị", {"platforms": ["zalo"]}, "lỗi hiển thị", ""),
    ("Facebook, Zalo vì rà soát", {"platforms": ["facebook", "zalo"]}, "rà soát", ""),
    ("nền tảng Telegram vì bảo trì", {"platforms": ["telegram"]}, "bảo trì", ""),
    ("nen tang telegram bảo trì", {"platforms": ["telegram"]}, "bảo trì", ""),
    ("kênh k0 sai chữ", {"channels": ["k0"]}, "sai chữ", ""),
    ("kenh zalo an hoa sai chữ", {"channels": ["Zalo An Hòa"]}, "sai chữ", ""),
    ("kênh “Zalo An Hòa” và kênh k1: sai chữ", {"channels": ["Zalo An Hòa", "k1"]}, "sai chữ", ""),
    ("cơ quan UBND xã An Hòa vì lũ", {"agencies": ["xa-an-hoa"]}, "lũ", ""),
    ("cơ quan xã An Hoà, zalo sai", {"agencies": ["xa-an-hoa"], "platforms": ["zalo"]}, "sai", ""),
    ("ngôn ngữ tiếng Anh dịch sai", {"languages": ["en"]}, "dịch sai", ""),
    ("ngôn ngữ ja dịch sai", {"languages": ["ja"]}, "dịch sai", ""),
    ("#DuLich vì mưa lũ", {"tags": ["#DuLich"]}, "mưa lũ", ""),
    ("thẻ dulich vì mưa lũ", {"tags": ["#DuLich"]}, "mưa lũ", ""),
    ("thẻ lễ hội: hoãn", {"tags": ["lễ hội"]}, "hoãn", ""),
    ("đợt Tết Đinh Mùi vì đổi chủ đề", {"campaigns": ["Tết Đinh Mùi"]}, "đổi chủ đề", ""),
    ("có bão, số VB 123/UBND-VX", {}, "có bão", "123/UBND-VX"),
    ("zalo, số văn bản: 5/CV-VP. Rà soát", {"platforms": ["zalo"]}, "Rà soát", "5/CV-VP"),
    ("thể hiện chưa đúng", {}, "thể hiện chưa đúng", ""),
    ("allô", {}, "allô", ""),
]  # fmt: skip


@pytest.mark.parametrize(("said", "scope", "reason", "document"), SAID, ids=[row[0] for row in SAID])
def test_a_scope_is_read_as_people_say_it(
    names: Names, said: str, scope: Scope, reason: str, document: str
) -> None:
    """Scope first, reason after, the document's number anywhere; without a scope everything is meant."""
    actual = read_stop(said, names)
    assert actual == (scope, reason, document)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("kênh Zalo An Hoa Hoa sai", None),
        ("kênh Zalo An Ha", "Không có kênh “Zalo An Ha”. Có phải “Zalo An Hòa”?"),
        ("nền tảng Tiktok vì lỗi", "Không có nền tảng “Tiktok vì lỗi”."),
        ("#khongco vì lỗi", "Không có thẻ “#khongco”."),
    ],
)
def test_a_name_nobody_knows_stops_nothing_by_mistake(names: Names, said: str, told: str | None) -> None:
    """It is refused with the nearest names; the longest name that is known counts."""
    if told is None:
        assert read_stop(said, names)[0] == {"channels": ["Zalo An Hòa"]}
        return
    with pytest.raises(NotAllowedError) as refusal:
        read_stop(said, names)
    assert str(refusal.value) == told


@pytest.mark.parametrize(
    ("person", "scope", "allowed"),
    [
        (LEADER, {}, {}),
        (LEADER, {"channels": ["k1"]}, {"channels": ["k1"]}),
        (APPROVER, {}, {"agencies": ["svhttdl"]}),
        (APPROVER, {"channels": ["k0"]}, {"channels": ["k0"], "agencies": ["svhttdl"]}),
        (APPROVER, {"platforms": ["zalo"]}, {"platforms": ["zalo"], "agencies": ["svhttdl"]}),
        (OTHER, {"agencies": ["xa-an-hoa"]}, {"agencies": ["xa-an-hoa"]}),
    ],
)
def test_people_stop_what_they_answer_for(person: Person, scope: Scope, allowed: Scope) -> None:
    """The province anything; an agency's approver that agency's posts only."""
    actual = allowed_scope(person, scope, DESK)
    assert actual == allowed


@pytest.mark.parametrize(
    ("person", "scope", "told"),
    [
        (EDITOR, {}, "Hồ Thị Viết không có quyền tạm dừng đăng bài."),
        (APPROVER, {"agencies": ["xa-an-hoa"]}, "Lê Văn Duyệt không phụ trách UBND xã An Hòa."),
        (APPROVER, {"channels": ["k1"]}, "Lê Văn Duyệt không phụ trách UBND xã An Hòa."),
    ],
)
def test_people_do_not_stop_others(person: Person, scope: Scope, told: str) -> None:
    """Neither without a role nor beyond the own agencies."""
    with pytest.raises(NotAllowedError) as refusal:
        allowed_scope(person, scope, DESK)
    assert str(refusal.value) == told


def test_a_scope_is_shown_in_words() -> None:
    """Names, not codes."""
    actual = show_scope({"platforms": ["zalo"], "agencies": ["xa-an-hoa"]}, DESK)
    assert (actual, show_scope({}, DESK)) == ("cơ quan UBND xã An Hòa; nền tảng Zalo", "tất cả các kênh")
