"""What an authority wants taken back is registered with a clock of 24 hours, and watched until it is done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.digest import reminders
from bot.remind_options import RemindOptions
from bot.undoing.demands import read_claim
from content_queue.delivery.retract import retract
from content_queue.outcomes import RefusedError
from content_queue.store.audit import first_broken
from content_queue.store.demands import Claim, all_demands, open_demands
from tests.bot.conversation import POST, Office
from tests.bot.test_ledger_commands import CHANNELS, Loa
from tests.bot.test_undoing import LEADER, SETTINGS, out
from tests.content_queue.world import DUE, NOW, World, a_post, a_world

NUMBER = "45/QĐ-STTTT"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "claim", "reason"),
    [
        ("sai số liệu", None, "sai số liệu"),
        (
            f"sai số liệu, số VB {NUMBER} của Sở KH&CN tỉnh",
            Claim(NUMBER, "Sở KH&CN tỉnh", NOW),
            "sai số liệu",
        ),
        (f"theo số văn bản: {NUMBER} của Thanh tra, nhầm ảnh", Claim(NUMBER, "Thanh tra", NOW), "nhầm ảnh"),
        (f"số VB {NUMBER}", Claim(NUMBER, "", NOW), ""),
    ],
)  # fmt: skip
def test_a_demand_is_read_from_its_document(words: str, claim: Claim | None, reason: str) -> None:
    """Without a document it is the office's own doing; whose it is stands after it."""
    assert read_claim(words, NOW) == (claim, reason)


async def test_a_demand_from_the_chat_is_done_when_the_platforms_are(office: Office) -> None:
    """Registered with the tap that confirms it, closed by the daemon; each is written down."""
    await out(office)
    await office.say(7, f"/go_bai {POST} số VB {NUMBER} của Sở KH&CN")
    assert office.world.look(all_demands) == []
    await office.tap(7, "Gỡ khỏi mọi kênh")
    [registered] = office.world.look(open_demands)
    await retract(office.world.works)
    [done] = office.world.look(all_demands)
    assert (registered.posts, registered.reason) == ((POST,), f"theo văn bản số {NUMBER} của Sở KH&CN")
    assert (registered.received_at, registered.due_at) == (DUE, DUE + 24 * HOUR)
    assert (done.done_at, office.world.look(first_broken)) == (DUE, None)


async def test_what_is_left_on_a_channel_is_a_persons_to_end(office: Office) -> None:
    """Before the clock runs out people hear which channels; whoever removed it there says so, once."""
    office.world.platform.retractions = [RefusedError("Xin tự gỡ.")]
    await out(office)
    await office.say(7, f"/go_bai {POST} số VB {NUMBER} của Sở KH&CN")
    await office.tap(7, "Gỡ khỏi mọi kênh")
    await retract(office.world.works)
    told = [word.message for word in office.world.look(reminders, RemindOptions(), DUE + 18 * HOUR)]
    status = (await office.say(8, "/trang_thai"))[0].splitlines()[-1]
    refused = await office.say(9, f"/go_bai xong {NUMBER}")
    said = await office.say(8, f"/gỡ bài xong {NUMBER.lower()}")
    again = await office.say(8, f"/go_bai xong {NUMBER}")
    assert told == [
        (
            f"Yêu cầu gỡ theo văn bản số {NUMBER} có hạn 08:00 thứ Bảy 21/11/2026 mà còn 1 kênh "
            f"chưa gỡ xong: k0. Xin tự gỡ trên kênh rồi báo: /go_bai xong {NUMBER}"
        )
    ]
    assert status == (
        f"Yêu cầu gỡ theo văn bản số {NUMBER} của Sở KH&CN: {POST}; nhận lúc 08:00 thứ Sáu 20/11/2026, "
        "hạn 08:00 thứ Bảy 21/11/2026, chưa xong."
    )
    assert refused == ["Phạm Văn Khác không phụ trách cơ quan svhttdl."]
    assert said[0] == f"Đã ghi: yêu cầu gỡ theo văn bản số {NUMBER} đã xong."
    assert again == [f"Không có yêu cầu gỡ nào đang mở mang số {NUMBER}."]


@pytest.mark.parametrize(
    ("hours", "stage"), [(17, []), (18, ["21600"]), (23, ["3600"]), (24, ["0"]), (30, ["0"])]
)
async def test_people_are_reminded_before_the_clock_runs_out(
    office: Office, hours: int, stage: list[str]
) -> None:
    """Six hours before, one hour before, and when it has: each told once, by its key."""
    office.world.platform.retractions = [RefusedError("Xin tự gỡ.")]
    await out(office)
    await office.say(7, f"/go_bai {POST} số VB {NUMBER} của Sở KH&CN")
    await office.tap(7, "Gỡ khỏi mọi kênh")
    await retract(office.world.works)
    words = office.world.look(reminders, RemindOptions(), DUE + hours * HOUR)
    assert [word.key.rpartition(":")[2] for word in words] == stage


# --- on the server ------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "settings.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "channels.csv").write_text(CHANNELS, "utf-8")
    made = a_world(tmp_path)
    made.plan(a_post(channels=("k0",)))
    yield made
    made.ledger.close()


def test_a_demand_is_registered_once_with_the_time_it_came(home: World, tmp_path: Path) -> None:
    """Its clock began before it was typed in; nothing was out, so it is done; no cell is a formula."""
    loa = Loa(tmp_path, home)
    order = (
        "retract",
        POST,
        *LEADER,
        "--by-order",
        "=45/QĐ",
        "--from",
        "Sở KH&CN",
        "--received",
        "19/11 16h",
    )
    assert [loa(*order, "--yes")[0] for _ in range(2)] == [0, 0]
    [told] = loa.json("audit", "demands")
    assert (told["number"], told["posts"], told["person"]) == ("=45/QĐ", [POST], "Nguyễn Thị Lãnh")
    assert [told[key] for key in ("received_at", "due_at", "done_at")] == [
        "2026-11-19T16:00:00+07:00",
        "2026-11-20T16:00:00+07:00",
        datetime.fromisoformat("2026-11-20T07:00:00+07:00").isoformat(),
    ]
    loa("audit", "demands", str(tmp_path / "so.csv"))
    assert (tmp_path / "so.csv").read_text("utf-8-sig").splitlines()[1].startswith("'=45/QĐ,Sở KH&CN,")


@pytest.mark.parametrize(
    "words",
    [
        ("retract", POST, "--by-order", "4/QĐ"),
        ("retract", POST, "--received", "19/11 16h", "--reason", "x"),
        ("retract", POST, "--by-order", "4/QĐ", "--done"),
        ("retract", "--done"),
    ],
)
def test_half_a_demand_is_a_usage_error(home: World, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A document and whose it is; done is said of a document."""
    assert Loa(tmp_path, home)(*words, *LEADER, "--yes")[0] == 2
    assert home.look(all_demands) == []


def test_nothing_comes_from_the_future(home: World, tmp_path: Path) -> None:
    """Else its clock would be longer than the law's."""
    order = (
        "retract",
        POST,
        *LEADER,
        "--by-order",
        "4/QĐ",
        "--from",
        "Sở",
        "--received",
        "21/11 16h",
        "--yes",
    )
    code, lines = Loa(tmp_path, home)(*order)
    assert (code, home.look(all_demands)) == (1, [])
    assert any("chưa đến" in line for line in lines)
