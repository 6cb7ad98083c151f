"""Names are compared as people read them."""

import pytest

from schedules.names import fold, nearest


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ngọc Hồi - Đống Đa", "ngoc hoi dong da"),
        ("NGỌC HỒI–ĐỐNG ĐA", "ngoc hoi dong da"),
        ("An Hoà", "an hoa"),
        ("An Hòa", "an hoa"),
        ("  Nội   dung\u00a0(en) ", "noi dung (en)"),
        ("Ngo\u0323c", "ngoc"),
        ("Chư Đăng Ya", "chu dang ya"),
    ],
)
def test_marks_case_blanks_and_dashes_do_not_count(typed: str, key: str) -> None:
    """Lists of one province write one name in several ways."""
    assert fold(typed) == key


def test_the_nearest_names_are_proposed_as_they_are_written() -> None:
    """A hint shows a name that can be copied, the best first."""
    known = ["Quốc khánh", "Tết Nguyên đán", "Giỗ Tổ Hùng Vương"]
    assert nearest("quoc kanh", known) == ["Quốc khánh"]
    assert nearest("xyz", known) == []


def test_a_name_that_was_cut_short_is_proposed_whole() -> None:
    """People write the beginning of a long name; two letters begin too many."""
    known = ["Sở Văn hóa, Thể thao và Du lịch", "Sở Tài chính"]
    assert [nearest(word, known) for word in ("Sở Văn hoá", "Sở")] == [
        ["Sở Văn hóa, Thể thao và Du lịch"],
        [],
    ]
