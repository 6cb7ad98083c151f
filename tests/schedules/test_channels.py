from pathlib import Path

import pytest

from content_queue.models import Channel, Problem
from schedules import agencies
from schedules.channels import read_channels
from tests.schedules.offices import PLATFORMS, write_book

KNOWN = agencies.load()
HEAD = "name,agency,platform,remote_id,languages,groups,mode,token"


def read(path: Path) -> tuple[tuple[Channel, ...], tuple[Problem, ...]]:
    return read_channels(path, KNOWN, PLATFORMS)


def write(folder: Path, *lines: str, head: str = HEAD, mark: str = "") -> Path:
    path = folder / "channels.csv"
    path.write_text(mark + "\r\n".join((head, *lines)), encoding="utf-8")
    return path


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("between", [",", ";"])
def test_channels_are_read_as_excel_saves_them(tmp_path: Path, mark: str, between: str) -> None:
    """With or without the mark of UTF-8, with commas or, under Vietnamese settings, semicolons."""
    cells = (
        "Trang Pleiku",
        "UBND phường Pleiku",
        "Facebook",
        "123",
        '"vi, en"',
        '"phường, tin"',
        "",
        "fb-pleiku",
    )
    line = between.join(cells)
    channels, problems = read(write(tmp_path, line, head=HEAD.replace(",", between), mark=mark))
    assert problems == ()
    assert channels == (
        Channel(
            "Trang Pleiku", "pleiku", "facebook", "123", ("vi", "en"), ("phường", "tin"), "api", "fb-pleiku"
        ),
    )


def test_channels_are_read_from_the_sheet_of_a_workbook(tmp_path: Path) -> None:
    """The sheet `Kênh` has Vietnamese titles; ids that Excel made numbers stay whole."""
    titles = [
        "Tên kênh",
        "Cơ quan",
        "Nền tảng",
        "Mã kênh",
        "Ngôn ngữ",
        "Nhóm",
        "Chế độ",
        "Khóa bí mật",
        "Thẻ",
    ]
    row = ["OA Sở Ngoại vụ", "sngv", "zalo", 4318657068771012, "", "", "tắt", "zalo-sngv", "GiaLai #DoiNgoai"]
    path = write_book(tmp_path / "a.xlsx", {"Lịch": [["x"]], "Kênh": [titles, row]})
    channels, problems = read(path)
    assert problems == ()
    assert channels == (
        Channel(
            "OA Sở Ngoại vụ",
            "sngv",
            "zalo",
            "4318657068771012",
            ("vi",),
            (),
            "off",
            "zalo-sngv",
            ("#GiaLai", "#DoiNgoai"),
        ),
    )


@pytest.mark.parametrize(
    ("line", "cell", "code"),
    [
        (",sngv,zalo,1,,,,", "A2", "name_missing"),
        ('"a, b",sngv,zalo,1,,,,', "A2", "name_unusable"),
        ("a,,zalo,1,,,,", "B2", "agency_missing"),
        ("a,Sở Ma,zalo,1,,,,", "B2", "agency_unknown"),
        ("a,sngv,tiktok,1,,,,", "C2", "platform_unknown"),
        ("a,sngv,zalo,1,xx,,,", "E2", "language_unknown"),
        ("a,sngv,zalo,1,,,robot,", "G2", "mode_unknown"),
        ("a,sngv,zalo,1,,,,123456:AAF-canary", "H2", "token_exposed"),
        ("a,sngv,zalo,1,,,123456:AAF-canary,", "G2", "token_exposed"),
        ("a,sngv,zalo,1,,,,khóa của tôi canary", "H2", "token_exposed"),
        ("a,sngv,zalo,1,,,,EAAGcanaryCANARY", "H2", "token_exposed"),
        ("a,sngv,zalo,1,,,,0123456789abcdef0123456789abcdef", "H2", "token_exposed"),
    ],
)
def test_a_wrong_channel_is_refused_alone_and_told(tmp_path: Path, line: str, cell: str, code: str) -> None:
    """The mistake stands at its cell, the other channels are read, and no secret is repeated."""
    channels, problems = read(write(tmp_path, line, "tốt,sngv,zalo,2,,,,"))
    assert [channel.name for channel in channels] == ["tốt"]
    assert [(p.file, p.cell, p.line, p.code) for p in problems] == [("channels.csv", cell, 2, code)]
    assert "canary" not in repr(problems).lower()


def test_channels_of_one_name_or_one_place_are_all_refused(tmp_path: Path) -> None:
    """Two channels of one place would post everything twice."""
    lines = (
        "A,sngv,zalo,1,,,,",
        "a,sngv,zalo,2,,,,",
        "B,sngv,zalo,3,,,,",
        "C,sngv,zalo,3,,,,",
        "D,sngv,zalo,4,,,,",
    )
    channels, problems = read(write(tmp_path, *lines))
    assert [channel.name for channel in channels] == ["D"]
    assert [(p.cell, p.code) for p in problems] == [
        ("A2", "name_twice"),
        ("A3", "name_twice"),
        ("D4", "remote_id_twice"),
        ("D5", "remote_id_twice"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"a,b\n1,2\n", "header_missing"), ("tên".encode("utf-16"), "file_encoding")],
)
def test_a_list_that_cannot_be_read_is_one_problem(tmp_path: Path, content: bytes, code: str) -> None:
    """The file as a whole is told, and no channel is made up."""
    (tmp_path / "channels.csv").write_bytes(content)
    channels, problems = read(tmp_path / "channels.csv")
    assert (channels, [problem.code for problem in problems]) == ((), [code])


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """Without it no row can be read."""
    channels, problems = read(write(tmp_path, "a,sngv,1", head="name,agency,remote_id"))
    assert (channels, [(p.field, p.code, p.cell) for p in problems]) == (
        (),
        [("platform", "column_missing", "A1")],
    )
