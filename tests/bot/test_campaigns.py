"""A whole event is moved, or cancelled, at once; what is out already is told with what to do."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.acts import By
from bot.house import House, open_house
from bot.office import open_office
from bot.planning.calendars import Calendars
from bot.settings import load_settings
from bot.undoing.takeback import touched_by_campaign
from content_queue.delivery.tokens import Tokens
from content_queue.models import Campaign
from content_queue.states import DeliveryState, PostState
from content_queue.store.differences import asked
from content_queue.store.notices import untold
from content_queue.store.tables import deliveries, posts
from schedules.template import write_template
from tests.bot.homes import ROW, home_with, loa
from tests.bot.test_calendars import Secrets, nothing
from tests.bot.test_differences import LEADER
from tests.content_queue.world import HandClock

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
FESTIVAL = Campaign(
    "Đợt HOA DÃ QUỲ", "Mời du khách", date(2026, 10, 15), date(2026, 11, 30), "14-16/11/2026", ("#GiaLai",)
)
SERIES = {"code": "HOA", "date": "D-3, D-1, D", "campaign": "đợt hoa dã quỳ", "channels": "telegram"}
SERIES |= {"text.vi": "{tên dịp}: {ngày dịp}", "text.en": "Festival on {occasion date}"}
FIXED = {"code": "TIN", "date": "15/11/2026", "campaign": "Đợt HOA DÃ QUỲ", "channels": "telegram"}
WHO = ("--as", "Người duyệt thử", "--reason", "văn bản 6370")


def save(home: Path, campaign: Campaign) -> None:
    opened = open_office(home, load_settings(home))
    path = next((home / "calendars").glob("*.xlsx"))
    path.unlink()
    rows = [{**ROW, **SERIES}, {**ROW, **FIXED}]
    write_template(path, opened.office, rows, campaigns=[campaign])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    home = home_with(tmp_path)
    save(home, FESTIVAL)
    opened = open_house(home, load_settings(home), clock=HandClock(NOW), secrets=Tokens(Secrets()))
    await Calendars(opened).plan_again(nothing)
    await opened.ledger.run(lambda c: c.execute(update(posts).values(state=PostState.APPROVED)))
    out = update(deliveries).where(deliveries.c.post == "HOA-2026-D-3")
    await opened.ledger.run(lambda c: c.execute(out.values(state=DeliveryState.PUBLISHED, published_at=NOW)))
    yield opened
    await opened.close()


async def stand(house: House) -> Mapping[str, tuple[str, str, str]]:
    rows = await house.ledger.read(lambda c: c.execute(posts.select().order_by(posts.c.id)).all())
    return {row.id: (row.state, f"{row.due:%d/%m}", row.summary) for row in rows}


MOVED = {
    "HOA-2026-D-3": ("approved", "11/11", "Đợt HOA DÃ QUỲ: 14/11/2026"),
    "HOA-2026-D-1": ("in_review", "22/11", "Đợt HOA DÃ QUỲ: 23/11/2026"),
    "HOA-2026-D": ("in_review", "23/11", "Đợt HOA DÃ QUỲ: 23/11/2026"),
}


async def told(house: House) -> list[str]:
    return [word.message for word in await house.ledger.read(untold) if "đã dời" in word.message]


async def test_one_command_moves_an_event(house: House) -> None:
    """Its posts follow and are approved anew; nobody is asked twice; what is out is listed."""
    assert {name: each[:2] for name, each in (await stand(house)).items()} == {
        "HOA-2026-D-3": ("approved", "11/11"),
        "HOA-2026-D-1": ("approved", "13/11"),
        "HOA-2026-D": ("approved", "14/11"),
        "TIN-2026": ("approved", "15/11"),
    }
    calendars = Calendars(house)
    await calendars.read_if_changed(nothing)
    result = loa(house.home, "move", "đợt hoa dã quỳ", "--to", "23/11/2026", *WHO, "--yes")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "Dời “Đợt HOA DÃ QUỲ” từ 14-16/11/2026 sang 23/11/2026."
    assert [line.split(":")[0] for line in lines if line.startswith("• ")] == [
        "• HOA-2026-D-1",
        "• HOA-2026-D",
        "• TIN-2026",
        "• HOA-2026-D-3",
    ]
    assert "loa correct HOA-2026-D-3" in result.output
    await calendars.read_if_changed(nothing)
    found = await stand(house)
    assert {name: found[name] for name in ("HOA-2026-D-1", "HOA-2026-D")} == {
        name: MOVED[name] for name in ("HOA-2026-D-1", "HOA-2026-D")
    }
    assert (found["HOA-2026-D-3"][0], found["TIN-2026"][:2]) == ("approved", ("approved", "15/11"))
    assert await house.ledger.read(asked) is None
    assert [("loa correct HOA-2026-D-3" in text) for text in await told(house)] == [True]


async def test_one_changed_cell_moves_an_event_after_a_yes(house: House) -> None:
    """What people count on is asked for, as every change; what is out is told at once."""
    save(house.home, replace(FESTIVAL, event="23/11/2026"))
    await Calendars(house).plan_again(nothing)
    found = await house.ledger.read(asked)
    assert found is not None
    assert sorted(line.split(",")[0] for line in found.lines) == [
        "• dời: HOA-2026-D",
        "• dời: HOA-2026-D-1",
    ]
    assert len(await told(house)) == 1


async def test_a_cell_that_changed_after_a_move_wins(house: House) -> None:
    """A move is a word on what the calendar said then."""
    assert loa(house.home, "move", "Đợt HOA DÃ QUỲ", "--to", "23/11/2026", *WHO, "--yes").exit_code == 0
    save(house.home, replace(FESTIVAL, event="21/11/2026"))
    await Calendars(house).plan_again(nothing)
    found = await house.ledger.read(asked)
    assert found is not None
    assert next(line for line in found.lines if "HOA-2026-D," in line).count("21/11/2026") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Hoa", "--to", "23/11/2026"), "Không có đợt nào tên “Hoa”"),
        (("Đợt HOA DÃ QUỲ", "--to", "31/11/2026"), "Không có ngày “31/11/2026”"),
        (("Đợt HOA DÃ QUỲ", "--to", "23/11"), "chưa phải một ngày của một năm"),
    ],
)
async def test_a_move_that_makes_no_sense_is_refused(
    house: House, words: tuple[str, ...], sentence: str
) -> None:
    """In a sentence, and nothing is moved."""
    result = loa(house.home, "move", *words, *WHO, "--yes")
    assert (result.exit_code, sentence in result.output) == (1, True), result.output


async def test_who_is_not_in_charge_moves_nothing(house: House) -> None:
    """Only people of the agencies whose posts are moved."""
    who = ("--as", "Người soạn thử", "--reason", "x", "--yes")
    result = loa(house.home, "move", "Đợt HOA DÃ QUỲ", "--to", "23/11/2026", *who)
    assert result.exit_code == 1, result.output


async def test_a_whole_campaign_is_cancelled(house: House) -> None:
    """What is still to come; what is out is listed."""
    result = loa(house.home, "cancel", "--campaign", "ĐỢT hoa dã quỳ", *WHO, "--yes")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "Đợt “ĐỢT hoa dã quỳ”: 3 bài chưa đăng sẽ hủy."
    assert "loa retract HOA-2026-D-3" in result.output
    states = {name: each[0] for name, each in (await stand(house)).items()}
    assert states == {
        "HOA-2026-D-3": "approved",
        "HOA-2026-D-1": "cancelled",
        "HOA-2026-D": "cancelled",
        "TIN-2026": "cancelled",
    }


async def test_who_has_carried_a_campaign_is_shown(house: House) -> None:
    """Of each post: which agencies have, which have not."""
    listed = json.loads(loa(house.home, "campaign", "--json").output)
    assert [(each["name"], each["event"], len(each["posts"])) for each in listed] == [
        ("Đợt HOA DÃ QUỲ", "14-16/11/2026", 4)
    ]
    first = listed[0]["posts"][0]
    assert (first["post"], bool(first["carried"]), first["not_carried"]) == ("HOA-2026-D-3", True, [])
    assert all(not each["carried"] and each["not_carried"] for each in listed[0]["posts"][1:])
    one = loa(house.home, "campaign", "đợt hoa dã quỳ").output
    assert ("Mục tiêu: Mời du khách" in one, "đã đăng 3/3 cơ quan" in one) == (True, True), one
    assert "Đợt HOA DÃ QUỲ" in loa(house.home, "campaign").output


async def test_a_campaign_is_found_in_any_case_of_its_letters(house: House) -> None:
    """SQLite knows no case of Vietnamese letters."""
    by = By(LEADER, "cli", NOW)
    touched = await house.ledger.read(lambda c: touched_by_campaign(c, "đợt hoa dã quỳ", by))
    assert len(touched.posts) == 4


async def test_a_yearly_list_is_taken_after_its_difference_was_shown(house: House, tmp_path: Path) -> None:
    """What it adds and changes; kept beside the list of channels, over what stood there."""
    file = tmp_path / "huong-dan.csv"
    rows = ("Quốc khánh,,,45-HD,Trần Bình", "Ngày mới,10/3 âm lịch,1947,45-HD,")
    file.write_text("\n".join(("Dịp,Ngày,Năm gốc,Nguồn,Người xác nhận", *rows)), "utf-8")
    shown = loa(house.home, "occasions", "import", str(file), "--yes").output.splitlines()
    assert shown[:3] == ["* Quốc khánh: source, verified_by", "+ Ngày mới", "Thêm 1, sửa 1."]
    listed = {each["key"]: each for each in json.loads(loa(house.home, "occasions", "--json").output)}
    assert (listed["quoc-khanh"]["verified_by"], listed["ngay-moi"]["next"]) == ("Trần Bình", "2027-04-16")
    again = loa(house.home, "occasions", "import", str(file), "--yes").output.splitlines()
    assert again == ["Thêm 0, sửa 0."]
    assert "chưa có ngày" in loa(house.home, "occasions").output


async def test_a_yearly_list_with_a_mistake_ends_with_three(house: House, tmp_path: Path) -> None:
    """It is told at its place, as of every table; the rows without one are taken."""
    file = tmp_path / "huong-dan.csv"
    file.write_text("Dịp,Ngày,Năm gốc\nNgày mới,10/3 âm lịch,1947\nNgày sai,31/2,1950\n", "utf-8")
    done = loa(house.home, "occasions", "import", str(file), "--yes")
    first, *_hints, last = done.output.splitlines()
    assert (done.exit_code, last) == (3, "Đã ghi vào dip.csv.")
    assert first.startswith("Lỗi · huong-dan.csv · B3: ")
    assert "+ Ngày mới" in done.output
