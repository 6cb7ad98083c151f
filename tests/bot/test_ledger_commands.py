"""The commands that work at the ledger, on a real home."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.frame import Frame
from content_queue.outcomes import Reading
from content_queue.states import DeliveryState
from content_queue.store import attempts, deliveries, figures, holds, reach
from tests.content_queue.world import DUE, NOW, World, a_post, a_world

POST, LEADER = "B0001-2026", "Nguyễn Thị Lãnh"
SETTINGS = """
[[people]]
name = "Nguyễn Thị Lãnh"
telegram_id = 7
roles = ["leader"]
agencies = ["*"]

[[people]]
name = "Trần Văn Soạn"
roles = ["approver", "editor"]
agencies = ["Sở Văn hóa, Thể thao và Du lịch"]
"""
CHANNELS = """name,agency,platform,remote_id,languages
k0,"Sở Văn hóa, Thể thao và Du lịch",telegram,@k0,vi
k1,"Sở Văn hóa, Thể thao và Du lịch",telegram,@k1,vi
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "settings.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "channels.csv").write_text(CHANNELS, "utf-8")
    made = a_world(tmp_path)
    made.plan(a_post(channels=("k0", "k1"), campaign="Tri ân"))
    yield made
    made.ledger.close()


@pytest.fixture
def loa(tmp_path: Path, world: World) -> "Loa":
    return Loa(tmp_path, world)


class Loa:
    """The command line at the home of a test, at the time of its world."""

    def __init__(self, home: Path, world: World) -> None:
        self._home, self._world = home, world

    def __call__(self, *words: str) -> tuple[int, list[str]]:
        """Return exit code and lines, stderr after stdout."""
        frame = Frame(clock=self._world.clock)
        done = CliRunner().invoke(cli, ["--home", str(self._home), *words], prog_name="loa", obj=frame)
        return done.exit_code, (done.stdout + done.stderr).splitlines()

    def json(self, *words: str) -> Any:
        code, lines = self(*words, "--json")
        assert code == 0, lines
        return json.loads("\n".join(lines))


def test_the_queue_is_a_contract(loa: Loa, world: World) -> None:
    """Every key, in the form that other programs rely on."""
    [first, second] = loa.json("queue")
    assert first == {
        "entry": "B0001",
        "post": POST,
        "post_state": "in_review",
        "occasion": None,
        "campaign": "Tri ân",
        "agency": "Sở Văn hóa, Thể thao và Du lịch",
        "due": "2026-11-20T08:00:00+07:00",
        "planned": "2026-11-20T08:00:00+07:00",
        "channel": "k0",
        "platform": "telegram",
        "locale": "vi",
        "state": "scheduled",
        "text": "Chào mừng Ngày Nhà giáo Việt Nam",
        "id": 1,
        "attempts": 0,
        "published_at": None,
        "lateness_ms": None,
        "remote_id": None,
        "link": None,
        "reason": None,
    }
    assert second["channel"] == "k1"


def publish(world: World) -> None:
    world.approve(POST)
    world.do(deliveries.move, [deliveries.Move(1, DeliveryState.PUBLISHING)])
    standings = world.look(deliveries.standing_of, [1])
    world.do(attempts.intend, standings, DUE)
    at = DUE + timedelta(milliseconds=120)
    ended = attempts.Ended(
        1, 1, "sent", at, DeliveryState.PUBLISHED, at,
        remote_id="5", link="https://t.me/k0/5", published_at=at, lateness_ms=120,
    )  # fmt: skip
    world.do(attempts.record, [ended])


def test_what_is_out_says_where_and_how_late(loa: Loa, world: World) -> None:
    """Chosen by state."""
    publish(world)
    [found] = loa.json("queue", "--state", "published")
    names = ("id", "state", "attempts", "published_at", "lateness_ms", "remote_id", "link")
    assert [found[name] for name in names] == [
        1, "published", 1, "2026-11-20T08:00:00.120000+07:00", 120, "5", "https://t.me/k0/5",
    ]  # fmt: skip


def test_reach_is_a_contract(loa: Loa, world: World) -> None:
    """A number that is not to be had is null with its reason, never zero."""
    publish(world)
    read = [Reading("subscribers", 12, "bot_api"), Reading("views", None, "bot_api", "không có")]
    world.do(reach.keep_readings, 1, read, NOW)
    shared = {"delivery": 1, "channel": "k0", "platform": "telegram"}
    known = {"read_at": "2026-11-20T07:00:00+07:00", "source": "bot_api"}
    assert loa.json("reach", "--post", POST) == [
        {**shared, "metric": "subscribers", "value": 12, "reason": None, **known},
        {**shared, "metric": "views", "value": None, "reason": "không có", **known},
    ]
    assert loa("reach")[1][-1] == "2 số liệu."


def test_the_channels_own_numbers_stand_below(loa: Loa, world: World) -> None:
    """The newest of each, without a post; of one channel every day's."""
    publish(world)
    world.do(reach.keep_readings, 1, [Reading("views", 3, "test")], NOW)
    for days, channel in ((0, "k0"), (1, "k0"), (1, "k1")):
        found = [Reading("subscribers", days + 7, "bot_api")]
        at = NOW + timedelta(days=days)
        world.do(figures.keep_figures, world.works.channels[channel], found, now=at)
    assert [(n["delivery"], n["channel"], n["metric"], n["value"]) for n in loa.json("reach")] == [
        (1, "k0", "views", 3),
        (None, "k0", "subscribers", 8),
        (None, "k1", "subscribers", 8),
    ]
    of_one = loa.json("reach", "--channel", "k0")
    assert [(n["metric"], n["value"], n["read_at"]) for n in of_one] == [
        ("views", 3, "2026-11-20T07:00:00+07:00"),
        ("subscribers", 7, "2026-11-20T07:00:00+07:00"),
        ("subscribers", 8, "2026-11-21T07:00:00+07:00"),
    ]
    assert [n["delivery"] for n in loa.json("reach", "--post", POST)] == [1]
    assert loa("reach")[1][-1] == "3 số liệu."


def test_a_number_is_entered_by_hand_with_its_source(loa: Loa, world: World) -> None:
    """Telegram tells views to people only; who read them, where and when stands beside the number."""
    publish(world)
    words = ("reach", "set", "1", "views", "1520", "--as", "Nguyễn Thị Lãnh")
    code, lines = loa(*words, "--source", "ứng dụng Telegram")
    assert (code, lines) == (0, ["Đã ghi views = 1520 cho lượt đăng 1 trên kênh k0."])
    [kept] = loa.json("reach")
    assert (kept["metric"], kept["value"], kept["read_at"]) == ("views", 1520, "2026-11-20T07:00:00+07:00")
    assert kept["source"] == "Nguyễn Thị Lãnh ghi tay: ứng dụng Telegram"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2", "views", "5", "--source", "x"), 1),
        (("9", "views", "5", "--source", "x"), 1),
        (("1", "Lượt xem", "5", "--source", "x"), 1),
        (("1", "views", "5", "--source", " "), 1),
        (("1", "views", "-5", "--source", "x"), 2),
        (("1", "views", "5"), 2),
    ],
)
def test_a_number_without_ground_is_refused(
    loa: Loa, world: World, words: tuple[str, ...], code: int
) -> None:
    """Nothing out, no such delivery, no name of a metric, no source, no number."""
    publish(world)
    assert loa("reach", "set", *words, "--as", "Nguyễn Thị Lãnh")[0] == code
    assert loa.json("reach") == []


def test_a_leader_approves(loa: Loa) -> None:
    """What is approved is printed, then approved as printed."""
    code, lines = loa("approve", POST.lower(), "--as", "nguyen thi lanh")
    assert (code, lines[0], lines[-1]) == (
        0,
        f"Bài {POST}",
        f"Đã duyệt bài {POST}, đăng lúc 08:00 thứ Sáu 20/11/2026.",
    )
    assert {queued["post_state"] for queued in loa.json("queue")} == {"approved"}


REFUSED = [
    (
        ("approve", POST, "--as", "Trần Văn Soạn"),
        "Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt.",
    ),
    (("approve", POST, "--as", "Ai Đó"), "Không có ai tên “Ai Đó” trong settings.toml."),
    (("approve", "X-1", "--as", "Nguyễn Thị Lãnh"), "Không có bài mang mã X-1."),
    (("why", "X-1"), "Không có bài mang mã X-1."),
    (("queue", "--post", "X-1"), "Không có bài mang mã X-1."),
    (("release", "4", "--as", "Nguyễn Thị Lãnh"), "Hiện không có lệnh tạm dừng nào."),
    (
        ("release", "--post", POST, "--at", "19/11 8h", "--as", "Nguyễn Thị Lãnh"),
        "08:00 thứ Năm 19/11/2026 đã qua. Xin cho một giờ trong tương lai.",
    ),
    (
        ("hold", "--ready", "lễ tang", "--as", "Nguyễn Thị Lãnh"),
        "Không có lệnh làm sẵn “lễ tang”. Đang có: quốc tang, thiên tai, sự cố.",
    ),
    (
        ("hold", "--channel", "k9", "--reason", "x", "--as", "Nguyễn Thị Lãnh"),
        "Không có kênh “k9”.",
    ),
]


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=[" ".join(words) for words, _told in REFUSED])
def test_a_refusal_is_one_sentence_and_status_1(loa: Loa, words: tuple[str, ...], told: str) -> None:
    """By the rules of the cards in Telegram; nothing is written."""
    code, lines = loa(*words)
    assert (code, any(told in line for line in lines)) == (1, True), lines
    assert {queued["post_state"] for queued in loa.json("queue")} == {"in_review"}


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "--reason", "x", "--as", "Nguyễn Thị Lãnh"),
        ("hold", "--all", "--channel", "k0", "--reason", "x", "--as", "Nguyễn Thị Lãnh"),
        ("release", "--post", POST, "--as", "Nguyễn Thị Lãnh"),
        ("release", "1", "--post", POST, "--at", "21/11 8h", "--as", "Nguyễn Thị Lãnh"),
        ("release", "--drop", "--shift-days", "2", "--as", "Nguyễn Thị Lãnh"),
        ("hold", "--ready", "quốc tang", "--all", "--as", "Nguyễn Thị Lãnh"),
        ("hold", "--all", "--as", "Nguyễn Thị Lãnh"),
        ("queue", "--state", "lost"),
    ],
)
def test_half_an_order_is_a_usage_error(loa: Loa, words: tuple[str, ...]) -> None:
    """Status 2, as everywhere."""
    assert loa(*words)[0] == 2


def test_a_rejection_keeps_its_reason(loa: Loa) -> None:
    """And `loa why` tells it."""
    code, _lines = loa("reject", POST, "--as", "Nguyễn Thị Lãnh", "--reason", "sai ngày")
    told = loa("why", POST)[1]
    assert (code, told[1]) == (0, "Lý do: sai ngày")
    assert "07:00 thứ Sáu 20/11/2026: Nguyễn Thị Lãnh từ chối. Lý do: sai ngày" in told


def test_a_hold_a_release_and_a_new_time(loa: Loa, world: World) -> None:
    """The way of an interrupted day: stop, end the stop, give what it caught a new time."""
    held = loa(
        "hold",
        "--platform",
        "telegram",
        "--reason",
        "bão",
        "--document",
        "1/CT",
        "--as",
        LEADER,
        "--yes",
    )
    world.do(deliveries.move, [deliveries.Move(1, DeliveryState.HELD, "bão")])
    ended = loa("release", "1", "--as", "Nguyễn Thị Lãnh")
    moved = loa("release", "--post", POST, "--at", "2026-11-21 15:00", "--as", "Nguyễn Thị Lãnh")
    assert held[1][-2:] == [
        f"Lệnh tạm dừng số 1: nền tảng Telegram. Lý do: bão (văn bản số 1/CT). Người ra lệnh: {LEADER}.",
        "2 lượt đăng đang chờ thuộc phạm vi này.",
    ]
    assert ended[1][-1] == f"• {POST}: 1 lượt đăng. Cho giờ mới, ví dụ: /gio_moi {POST} 21/11 08:00"
    assert moved[1] == [
        f"Bài {POST} có giờ đăng mới: 15:00 thứ Bảy 21/11/2026 (2 lượt đăng).",
        "Bài đã được duyệt với giờ mới.",
    ]


def test_a_hold_is_asked_for_with_what_it_catches(loa: Loa, world: World) -> None:
    """Without a yes nothing is stopped; a ready one brings its scope, reason and exemptions."""
    order = ("hold", "--ready", "quốc tang", "--from", "21/11", "--until", "22/11", "--as", LEADER)
    asked = loa(*order)
    before = world.look(holds.active_holds)
    done = loa(*order, "--yes")
    [stop] = world.look(holds.active_holds)
    assert (asked[0], before, done[0]) == (1, [], 0)
    assert asked[1][1] == "Hiện chưa có bài nào bị giữ lại."
    assert (stop.scope, stop.spares) == ({}, ["chia buồn", "cảnh báo", "khẩn"])
    assert [each.isoformat() for each in (stop.starts_at, stop.until)] == [
        "2026-11-20T17:00:00+00:00",
        "2026-11-22T17:00:00+00:00",
    ]


def test_all_that_was_held_is_moved_together(loa: Loa, world: World) -> None:
    """Listed first; each post by its days."""
    world.do(deliveries.move, [deliveries.Move(each, DeliveryState.HELD, "bão") for each in (1, 2)])
    order = ("release", "--shift-days", "7", "--as", LEADER)
    asked, done = loa(*order), loa(*order, "--yes")
    assert asked[1][1] == f"• {POST} · Chào mừng Ngày Nhà giáo Việt Nam · 08:00 thứ Sáu 27/11/2026"
    assert (asked[0], done[1][-1]) == (1, "Đã cho 1 bài giờ đăng mới.")
    assert {row["due"][:10] for row in loa.json("queue")} == {"2026-11-27"}


def test_a_cancelled_post_does_not_go_out(loa: Loa) -> None:
    """All its waiting deliveries are cancelled, with the reason."""
    code, lines = loa("cancel", POST, "--as", "Trần Văn Soạn", "--reason", "hoãn lễ")
    found = [(queued["state"], queued["reason"]) for queued in loa.json("queue")]
    assert (code, lines) == (0, [f"Đã hủy bài {POST}: 2 lượt đăng sẽ không đăng."])
    assert found == [("cancelled", "hoãn lễ")] * 2


def test_people_read_a_table(loa: Loa) -> None:
    """A head, a line a delivery, a count."""
    lines = loa("queue")[1]
    assert (lines[0].split()[0], lines[1].split()[:2], lines[-1]) == ("Số", ["1", "08:00"], "2 lượt đăng.")
