"""Những cảnh có thật của tỉnh, như người soạn lịch kể lại: mỗi cảnh một bài kiểm tra.

The scenes of the office's own past and future, each told so that an editor can read it; the code below
the story is short and says the same.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.acts import Stop
from schedules import occasions
from schedules.working_days import working_day_before
from tests.acceptance.by_hand import ROW, an_office, at
from tests.bot.homes import home_with, loa


def planned(folder: Path, year: int, *rows: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return post, day and hour, and text of everything that a calendar plans for a year."""
    home = home_with(folder, *({**ROW, "text.en": "", "channels": "site", **row} for row in rows))
    words = ("plan", "--from", f"01/01/{year}", "--to", f"31/12/{year}", "--json")
    lines = json.loads(loa(home, *words).stdout)
    found = {(line["post"], line["due"][:16], line["text"]) for line in lines if line["locale"] == "vi"}
    return sorted((post, due, (text or "").partition("\n\n#")[0]) for post, due, text in found)


def days(found: Sequence[tuple[str, str, str]]) -> list[str]:
    return [due for _post, due, _text in found]


def problems(folder: Path, *rows: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what `loa check` says of a calendar."""
    home = home_with(folder, *({**ROW, "text.en": "", **row} for row in rows))
    found: list[dict[str, Any]] = json.loads(loa(home, "check", "--json").stdout)["problems"]
    return found


#: What the posts of the sunflower week are: an invitation, part of its three days, a warning of weather.
INVITATION, CORE, WARNING = "Mời dự lễ", "Chương trình lễ", "Cảnh báo mưa bão"


def sunflower_week() -> list[dict[str, str]]:
    """Return forty rows for 2 to 16 November 2025."""
    told = (
        *((f"MOI-{n:02}", 2 + n, INVITATION) for n in range(12)),
        *((f"LE-{n:02}", 14 + n % 3, CORE) for n in range(20)),
        *((f"BAO-{n:02}", 9 + n, WARNING) for n in range(8)),
    )
    return [
        {"code": code, "date": f"{day}/11/2025", "tags": tag, "text.vi": f"{tag}: bài {code}"}
        for code, day, tag in told
    ]


async def test_1_the_sunflower_week_of_2025(tmp_path: Path) -> None:
    """Tuần lễ hoa dã quỳ 2025: 40 bài đã duyệt cho ngày 2 đến 16/11. Bão số 13; chiều 13/11 tỉnh dừng lễ.

    Người soạn xóa 15 bài của ba ngày lễ, dời năm bài sang 17 đến 21/11, giữ mọi bài cảnh báo. loa hỏi
    trước; chưa ai đồng ý thì chưa gì đổi. Đồng ý rồi thì bài của lễ bị hủy, bài dời phải duyệt lại, bài
    cảnh báo vẫn lên đúng giờ.
    """
    rows = sunflower_week()
    cancelled, moved = [f"LE-{n:02}" for n in range(15)], [f"LE-{n:02}" for n in range(15, 20)]
    days_of = {code: f"{17 + number}/11/2025" for number, code in enumerate(moved)}
    async with an_office(tmp_path, "01/11/2025 08:00") as office:
        await office.save(*rows)
        await office.approve(*(f"{row['code']}-2025" for row in rows))
        await office.until(at("13/11/2025 14:00"))
        out = [post for post, state in (await office.deliveries()).items() if state == "published"]
        assert (len(rows), len(out)) == (40, 12 + 5)

        await office.save(
            *(
                {**row, "date": days_of.get(row["code"], row["date"])}
                for row in rows
                if row["code"] not in cancelled
            )
        )
        assert {(await office.posts())[f"{code}-2025"] for code in (*cancelled, *moved)} == {"approved"}
        asked = await office.say_yes()
        assert [sum(line.startswith(kind) for line in asked) for kind in ("• hủy", "• dời")] == [15, 5]
        states = await office.posts()
        assert {states[f"{code}-2025"] for code in cancelled} == {"cancelled"}
        assert {states[f"{code}-2025"] for code in moved} == {"in_review"}

        await office.until(at("16/11/2025 23:00"))
        await office.approve(*(f"{code}-2025" for code in moved))
        await office.until(at("23/11/2025 23:00"))
        ends = await office.deliveries()
        assert {ends[f"BAO-{n:02}-2025"] for n in range(8)} == {"published"}
        assert {ends[f"{code}-2025"] for code in moved} == {"published"}
        assert {ends[f"{code}-2025"] for code in cancelled} == {"cancelled"}
        assert "Chương trình lễ: bài LE-00" not in office.site()


async def test_2_national_mourning_of_2025(tmp_path: Path) -> None:
    """Quốc tang 24 và 25/5/2025, báo trước từ 22/5: thứ Bảy và Chủ nhật không bài vui nào lên.

    Lãnh đạo đặt lệnh tạm dừng từ 0 giờ 24/5; bài ngày 23 vẫn lên, bài ngày 24 và 25 bị giữ, tin buồn có
    thẻ “quốc tang” vẫn lên. Bài đã giữ không tự lên một loạt khi hết tang.
    """
    fun = [{"code": f"VUI-{day}", "date": f"{day}/5/2025", "tags": "du lịch"} for day in (23, 24, 25, 26)]
    async with an_office(tmp_path, "21/05/2025 08:00") as office:
        await office.save(*fun, {"code": "TANG", "date": "24/5/2025", "time": "7h", "tags": "quốc tang"})
        await office.approve("TANG-2025", *(f"{row['code']}-2025" for row in fun))
        await office.until(at("22/05/2025 16:00"))
        await office.hold(
            Stop(
                {},
                "Quốc tang",
                starts_at=at("24/05/2025 00:00"),
                until=at("26/05/2025 00:00"),
                spares=["quốc tang"],
            )
        )
        await office.until(at("25/05/2025 23:00"))
        assert await office.deliveries() == {
            "VUI-23-2025": "published",
            "TANG-2025": "published",
            "VUI-24-2025": "held",
            "VUI-25-2025": "held",
            "VUI-26-2025": "scheduled",
        }


def test_3_tet_of_2027(tmp_path: Path) -> None:
    """Tết Đinh Mùi: tháng Chạp chỉ có 29 ngày nên Giao thừa là 05/02/2027; đếm ngược lúc 0 giờ 06/02.

    Ghi “Giao thừa” hay “30 tháng Chạp” đều là đêm cuối năm ấy, không lọt sang mùng một.
    """
    found = planned(
        tmp_path,
        2027,
        {"code": "BA", "date": "30 tháng Chạp", "time": "21h"},
        {"code": "GT", "occasion": "Giao thừa", "date": "", "time": "22h"},
        {"code": "DN", "date": "mùng 1 tháng Giêng", "time": "0h", "text.vi": "Hai quảng trường, {ngày}"},
    )
    assert found == [
        ("BA-2027", "2027-02-05T21:00", "Bài viết"),
        ("DN-2027", "2027-02-06T00:00", "Hai quảng trường, 06/02/2027"),
        ("GT-2027", "2027-02-05T22:00", "Bài viết"),
    ]


def test_4_hung_kings_in_a_leap_year(tmp_path: Path) -> None:
    """Giỗ Tổ Hùng Vương 2031: năm ấy nhuận tháng ba, lễ vẫn chỉ một ngày, 01/4/2031."""
    found = planned(tmp_path, 2031, {"code": "GT", "occasion": "Giỗ Tổ Hùng Vương", "date": ""})
    assert days(found) == ["2031-04-01T08:00"]


def test_5_a_countdown_across_months(tmp_path: Path) -> None:
    """Trước 10/3 âm lịch 2027 (16/4) ba mươi, bảy và một ngày: 17/3, 9/4, 15/4."""
    rows = [
        {"code": f"D{n}", "occasion": "Giỗ Tổ Hùng Vương", "date": "", "offset": f"-{n}"} for n in (30, 7, 1)
    ]
    found = planned(tmp_path, 2027, *rows, {"code": "D0", "date": "10/3 âm lịch"})
    assert sorted(days(found)) == [
        "2027-03-17T08:00",
        "2027-04-09T08:00",
        "2027-04-15T08:00",
        "2027-04-16T08:00",
    ]


def test_6_eighty_years_and_eighty_one(tmp_path: Path) -> None:
    """Ngày Thương binh - Liệt sĩ 27/7: năm 2027 tròn 80 năm, có bài của lễ; năm 2028 là 81 năm thì không.

    Bài tri ân thì năm nào cũng đăng, đúng số năm của năm ấy. Ghi “lễ kỷ niệm” cho năm 2028 thì loa nhắc.
    """
    rows = [
        {"code": "LE", "years": "chỉ năm tròn", "text.vi": "Mời dự lễ kỷ niệm {số năm} năm"},
        {"code": "TA", "text.vi": "{số năm} năm tri ân"},
    ]
    rows = [{"date": "", "occasion": "Ngày Thương binh - Liệt sĩ", **row} for row in rows]
    assert planned(tmp_path / "1", 2027, *rows) == [
        ("LE-2027", "2027-07-27T08:00", "Mời dự lễ kỷ niệm 80 năm"),
        ("TA-2027", "2027-07-27T08:00", "80 năm tri ân"),
    ]
    assert planned(tmp_path / "2", 2028, *rows) == [("TA-2028", "2028-07-27T08:00", "81 năm tri ân")]
    wrong = {
        "code": "S",
        "date": "",
        "occasion": "Ngày Thương binh - Liệt sĩ",
        "text.vi": "Mời dự lễ kỷ niệm",
    }
    told = [[p["code"] for p in problems(tmp_path / y, {**wrong, "years": y})] for y in ("2027", "2028")]
    assert ["ceremony_year" in codes for codes in told] == [False, True]


def test_7_two_days_on_one_date(tmp_path: Path) -> None:
    """Ngày 03/3 có hai dịp: truyền thống Bộ đội Biên phòng (1959) và Biên phòng toàn dân (1989).

    Một bài nói cả hai, mỗi dịp đúng số năm của mình: năm 2027 là 68 năm và 38 năm.
    """
    text = "{số năm} năm {tên dịp}, {số năm 2} năm {tên dịp 2}"
    row = {"code": "BP", "date": "", "occasion": "Ngày truyền thống Bộ đội Biên phòng", "text.vi": text}
    ((post, due, told),) = planned(tmp_path, 2027, row)
    assert (post, due) == ("BP-2027", "2027-03-03T08:00")
    assert told == "68 năm Ngày truyền thống Bộ đội Biên phòng, 38 năm Ngày Biên phòng toàn dân"


def test_8_kitchen_gods_at_the_turn_of_the_year(tmp_path: Path) -> None:
    """23 tháng Chạp năm Bính Ngọ (2026) rơi vào 30/01/2027, nên nằm trong kế hoạch năm 2027.

    Kế hoạch năm 2026 có ngày 23 Chạp của năm Ất Tỵ: 10/02/2026. Mỗi năm dương lịch đúng một lần.
    """
    row = {"code": "OCT", "date": "23 tháng Chạp"}
    found = [planned(tmp_path / f"{year}", year, row) for year in (2026, 2027)]
    assert [(post, due[:10]) for each in found for post, due, _text in each] == [
        ("OCT-2026", "2026-02-10"),
        ("OCT-2027", "2027-01-30"),
    ]


def test_9_whether_work_rests_on_the_day_of_culture() -> None:
    """24/11/2026, Ngày Văn hóa Việt Nam: nghỉ hay không thì hạn tính bằng ngày làm việc khác nhau.

    Bài đăng thứ Năm 26/11, hạn trước hai ngày làm việc: bình thường là thứ Ba 24/11; nếu 24/11 nghỉ thì
    là thứ Hai 23/11. Khi có văn bản, chỉ đổi một chữ (day_off) của dịp ấy.
    """
    known = occasions.load()
    culture = known["van-hoa-viet-nam"]
    assert culture.day_off is False
    resting = occasions.Occasions({**known.by_key, culture.key: with_rest(culture)})
    assert working_day_before(date(2026, 11, 26), 2, known) == date(2026, 11, 24)
    assert working_day_before(date(2026, 11, 26), 2, resting) == date(2026, 11, 23)


def with_rest(occasion: occasions.Occasion) -> occasions.Occasion:
    return occasions.Occasion(
        **{name: getattr(occasion, name) for name in occasion.__slots__ if name != "day_off"}, day_off=True
    )


def test_10_names_from_before_the_merger(tmp_path: Path) -> None:
    """Kế hoạch cũ của năm 2024 còn ghi Sở TT&TT và huyện Đức Cơ: không tên nào lọt qua mà không ai biết.

    Cơ quan cũ bị từ chối, kèm tên hiện nay; tên cũ trong nội dung thì loa nhắc.
    """
    found = problems(
        tmp_path,
        {"code": "A", "agency": "Sở Thông tin và Truyền thông"},
        {"code": "B", "agency": "UBND huyện Đức Cơ"},
        {"code": "C", "text.vi": "Sở Thông tin và Truyền thông mời bà con huyện Đức Cơ."},
    )
    told = {(e["line"], e["severity"], e["field"]) for e in found if e["code"] != "language_missing"}
    assert {(field, severity) for _line, severity, field in told} == {
        ("agency", "error"),
        ("text.vi", "warning"),
    }
    assert sum(each["severity"] == "error" for each in found) == 2
    assert all(each["hint"] for each in found)


@pytest.mark.parametrize("typed", ["UBND xã An Hòa", "UBND xã An Hoà", "Xã An Hoà", "ubnd xa an hoa"])
def test_11_one_commune_however_its_name_is_marked(tmp_path: Path, typed: str) -> None:
    """“An Hoà” hay “An Hòa” là một xã: dấu đặt ở đâu cũng nhận ra, và bài đứng tên đúng như danh sách."""
    home = home_with(tmp_path, {**ROW, "code": "AH", "agency": typed, "date": "20/11", "channels": "site"})
    assert {line["agency"] for line in json.loads(loa(home, "plan", "--json").stdout)} == {"UBND xã An Hòa"}


async def test_12_five_languages_and_one_translation_missing(tmp_path: Path) -> None:
    """Bài bốn ngôn ngữ đã xong, bản tiếng Nhật chưa có khi đến giờ: bốn bản lên, bản Nhật không lên.

    Người soạn được báo trước, và được báo lần nữa khi đến giờ; không bản nào đi thay bản tiếng Nhật.
    """
    texts = {f"text.{locale}": f"Bản {locale}" for locale in ("vi", "en", "ko", "zh")}
    async with an_office(tmp_path, "19/11/2026 08:00", languages="vi, en, ko, zh, ja") as office:
        await office.save({"code": "NN", "date": "20/11/2026", **texts})
        await office.approve("NN-2026")
        assert "còn thiếu nội dung: ja (tiếng Nhật)" in await office.told()
        await office.until(at("20/11/2026 10:30"))
        assert await office.deliveries(by="locale") == {
            **dict.fromkeys(("vi", "en", "ko", "zh"), "published"),
            "ja": "missed",
        }
        assert "Đến giờ đăng mà chưa có bản ja" in await office.told()
        assert all(f"Bản {locale}" in office.site() for locale in ("vi", "en", "ko", "zh"))
