"""What becomes of the calendar while the daemon runs: wrong rows, broken files, repaired ones, lost ones."""

from datetime import UTC, datetime, timedelta

from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import WORKBOOK, Office, channels_of, row
from tests.acceptance.running import until


def test_a_wrong_row_or_file_is_told_and_everything_else_stands(home_of: RunOffice) -> None:
    """A row is refused alone, a file whole; repairing it plans anew; only a row that is gone cancels."""
    due = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    year = due.astimezone(OFFICE_ZONE).year
    good, lost = row("TOT", due, "Bài đúng"), row("MAT", due, "Bài sẽ bị xóa")
    wrong = row("SAI", due, "Bài sai", **{"Cơ quan": "Cơ quan không có"})
    office = home_of(Office(channels_of("telegram", 2), [good, lost, wrong]))
    workbook = office.home / "calendars" / WORKBOOK
    office.start()

    told = office.bot_said(f"Tệp {WORKBOOK}")
    assert "Lịch!D4" in told
    assert set(office.post_states()) == {f"TOT-{year}", f"MAT-{year}"}
    office.approve(f"TOT-{year}", f"MAT-{year}")

    whole = workbook.read_bytes()
    workbook.write_bytes(whole[: len(whole) // 2])
    office.bot_said(f"Không nhận tệp {WORKBOOK}; các mục đã nhận từ tệp này trước đó vẫn có hiệu lực.")
    until(lambda: office.log.count("calendars_read") == 2, "the broken file to be read")
    assert office.post_states() == {f"TOT-{year}": "approved", f"MAT-{year}": "approved"}

    office.save(row("SAI", due, "Bài đã sửa"), good, lost)
    office.becomes(f"SAI-{year}", "in_review")
    office.card(f"SAI-{year}", words="Bài đã sửa")
    assert office.post_states()[f"TOT-{year}"] == "approved"

    office.save(row("SAI", due, "Bài đã sửa"), good)
    office.becomes(f"MAT-{year}", "cancelled")
    office.bot_said(f"Bài MAT-{year} đã hủy")

    workbook.unlink()
    until(lambda: office.log.count("calendars_read") == 5, "the folder to be read without the file")
    assert office.post_states() == {
        f"TOT-{year}": "approved",
        f"SAI-{year}": "in_review",
        f"MAT-{year}": "cancelled",
    }
