"""`loa audit`: whole or not, said with the row; exports without formulas."""

import csv
import hashlib
from pathlib import Path

import pytest
from python_calamine import load_workbook
from sqlalchemy import Connection, text

from bot import tables
from bot.errors import LoaError
from bot.tables import harmless, write_table
from content_queue.store import audit
from tests.bot.test_ledger_commands import Loa, loa, world  # noqa: F401 # fixtures
from tests.content_queue.world import World

POST = "B0001-2026"


def test_an_untouched_audit_is_said_to_be_whole(loa: Loa, world: World) -> None:  # noqa: F811
    """With the seal that can be noted elsewhere, and found again by it."""
    assert loa("reject", POST, "--as", "Nguyễn Thị Lãnh", "--reason", "thiếu ảnh")[0] == 0
    end = world.look(audit.head)
    code, lines = loa("audit", "verify", "--seal", end.seal[:16])

    assert code == 0
    assert lines == [
        f"Niêm {end.seal[:16]} là của dòng {end.last}.",
        f"Nhật ký nguyên vẹn: {end.rows} dòng, dòng cuối số {end.last}, niêm {end.seal}.",
    ]


def test_a_changed_row_is_named(loa: Loa, world: World) -> None:  # noqa: F811
    """One letter; the command fails, and nothing is exported from such a ledger."""
    world.do(_change)
    code, lines = loa("audit", "verify")
    exported, _lines = loa("audit", "export", "x.csv")

    assert (code, exported) == (1, 1)
    assert "Dòng 1 của nhật ký đã bị sửa: nội dung không khớp với niêm của nó." in lines[0]


def _change(connection: Connection) -> None:
    with audit.unguarded(connection):
        connection.execute(text("UPDATE audit SET subject = 'B0002-2026' WHERE id = 1"))


def test_a_seal_that_is_nowhere_tells_that_something_was_cut_off(loa: Loa) -> None:  # noqa: F811
    """The chain alone would not."""
    code, lines = loa("audit", "verify", "--seal", "feed" * 4)
    assert (code, "đã bị cắt bớt hoặc viết lại" in lines[0]) == (1, True)


def test_rows_are_shown_with_names_and_as_json(loa: Loa) -> None:  # noqa: F811
    """For people by name, for programs with key and name."""
    loa("reject", POST, "--as", "Nguyễn Thị Lãnh", "--reason", "thiếu ảnh")
    _code, lines = loa("audit", "show", "--subject", POST, "--last", "1")
    [row] = loa.json("audit", "show", "--last", "1")

    assert "Nguyễn Thị Lãnh" in lines[1]
    assert "rejected" in lines[1]
    assert (row["key"], row["name"], row["verb"], row["detail"]["reason"]) == (
        "p1", "Nguyễn Thị Lãnh", "rejected", "thiếu ảnh"
    )  # fmt: skip


def test_a_name_can_be_taken_out(loa: Loa) -> None:  # noqa: F811
    """What was done stays, by a key."""
    loa("reject", POST, "--as", "Nguyễn Thị Lãnh", "--reason", "thiếu ảnh")
    refused, _lines = loa("audit", "forget", "Nguyễn Thị Lãnh", "--as", "Trần Văn Soạn")
    code, _lines = loa("audit", "forget", "Nguyễn Thị Lãnh", "--as", "Nguyễn Thị Lãnh")
    [done, row] = loa.json("audit", "show", "--last", "2")
    again, lines = loa("audit", "forget", "Ai Đó", "--as", "Nguyễn Thị Lãnh")

    assert (refused, code, done["key"], done["name"], done["verb"]) == (1, 0, "p1", None, "rejected")
    assert (row["verb"], row["subject"]) == ("forget", "p1")
    assert (again, "không có ai tên" in lines[0]) == (1, True)


def test_where_there_is_nothing_to_export_no_file_is_left(loa: Loa, tmp_path: Path) -> None:  # noqa: F811
    """Before the first act."""
    code, lines = loa("audit", "export", str(tmp_path / "x.csv"), "--until", "2020-01-01")
    assert (code, "Không có dòng nào để xuất." in lines[0]) == (1, True)
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_export_holds_every_row_and_no_formula(loa: Loa, tmp_path: Path, suffix: str) -> None:  # noqa: F811
    """Also where somebody wrote one as a reason."""
    loa("reject", POST, "--as", "Nguyễn Thị Lãnh", "--reason", "=1+1")
    file = tmp_path / f"nhat-ky{suffix}"
    code, lines = loa("audit", "export", str(file))
    if suffix == ".csv":
        rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    else:
        rows = [[str(cell) for cell in row] for row in load_workbook(file).get_sheet_by_index(0).to_python()]

    assert (code, lines) == (0, [f"Đã xuất nhật ký đến dòng {len(rows) - 1} vào {file}."])
    assert (rows[0][0], rows[-1][3], rows[-1][5]) == ("id", "Nguyễn Thị Lãnh", "rejected")
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert loa("audit", "export", str(file))[0] == 1


@pytest.mark.parametrize("cell", ["=1", "+84", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    """CSV has no types: Excel goes by the first letter."""
    assert harmless(cell) == f"'{cell}"


def test_what_a_workbook_does_not_hold_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    """Excel's cell ends at 32,767 characters: what is taken out of the ledger may not be lost there."""
    file = tmp_path / "dai.xlsx"
    with pytest.raises(LoaError, match="không chứa hết bảng"):
        write_table(file, ["id"], [["x" * 32_768]])
    assert not file.exists()
    write_table(file, ["id"], [["x" * 32_767]])
    [[_head], [cell]] = load_workbook(file).get_sheet_by_index(0).to_python()
    assert len(str(cell)) == 32_767


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_is_on_the_disk_before_anything_is_taken_out(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law: nothing is lost when the power goes: the whole file is synced, not its beginning."""
    synced = list[bytes]()
    file = tmp_path / f"cu{suffix}"
    monkeypatch.setattr(tables, "fsync", lambda _number: synced.append(file.read_bytes()))
    write_table(file, ["id"], [["1"], ["2"]])
    assert synced == [file.read_bytes()]


def test_old_rows_leave_as_a_file(loa: Loa, world: World, tmp_path: Path) -> None:  # noqa: F811
    """A checkpoint with the file's hash stands for them, and the rest is whole."""
    loa("reject", POST, "--as", "Nguyễn Thị Lãnh", "--reason", "x")
    file = tmp_path / "cu.csv"
    refused, _lines = loa("audit", "export", str(file), "--take-out")
    code, lines = loa(
        "audit", "export", str(file), "--until", "2027-01-01", "--take-out", "--as", "Nguyễn Thị Lãnh"
    )
    [row] = loa.json("audit", "show")

    assert (refused, code, row["verb"]) == (2, 0, "checkpoint"), lines
    assert row["detail"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert world.look(audit.first_broken) is None
