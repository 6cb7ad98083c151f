"""Commands as people type them."""

import re

import pytest

from bot.telegram.commands import ALIASES, MENU, Command, read_command

TYPED = [
    ("/duyet GV-2026", Command("duyet", "GV-2026")),
    ("/duyệt GV-2026", Command("duyet", "GV-2026")),
    ("/DUYỆT gv-2026", Command("duyet", "gv-2026")),
    ("/duyet@loa_bot GV-2026", Command("duyet", "GV-2026")),
    ("/duyệt@loa_bot   GV-2026 ", Command("duyet", "GV-2026")),
    ("/duye\u0302\u0323t GV-2026", Command("duyet", "GV-2026")),
    ("/duyet A_B-2026", Command("duyet", "A_B-2026")),
    ("/approve GV-2026", Command("duyet", "GV-2026")),
    ("/cho_duyet", Command("cho_duyet")),
    ("/chờ duyệt", Command("cho_duyet")),
    ("/chờ_duyệt", Command("cho_duyet")),
    ("/cho_duyet@loa_bot", Command("cho_duyet")),
    ("/tu_choi GV-2026 sai  ngày\ntháng", Command("tu_choi", "GV-2026 sai ngày tháng")),
    ("/từ chối GV-2026 sai ngày", Command("tu_choi", "GV-2026 sai ngày")),
    ("/reject GV-2026 wrong day", Command("tu_choi", "GV-2026 wrong day")),
    ("/Tạm Dừng có bão", Command("tam_dung", "có bão")),
    ("/tam_dung", Command("tam_dung")),
    ("/pause", Command("tam_dung")),
    ("/tiếp_tục 3", Command("tiep_tuc", "3")),
    ("/resume 3", Command("tiep_tuc", "3")),
    ("/gio_moi GV-2026 20/11 15:00", Command("gio_moi", "GV-2026 20/11 15:00")),
    ("/hôm nay", Command("hom_nay")),
    ("/today", Command("hom_nay")),
    ("/trạng thái", Command("trang_thai")),
    ("/status", Command("trang_thai")),
    ("/start", Command("tro_giup")),
    ("/help", Command("tro_giup")),
    ("  /tro_giup  ", Command("tro_giup")),
    ("/vi_sao GV-2026", Command("vi_sao", "GV-2026")),
    ("/bài GV-2026", Command("bai", "GV-2026")),
    ("/xoa_het", Command("", "xoa_het")),
    ("/", Command("", "")),
    ("/duyetGV-2026", Command("", "duyetGV-2026")),
    ("duyet GV-2026", None),
    ("sai ngày tháng", None),
    ("", None),
]


@pytest.mark.parametrize(("typed", "read"), TYPED, ids=[typed for typed, _read in TYPED])
def test_commands_are_read_as_people_type_them(typed: str, read: Command | None) -> None:
    """Marks, case, `_` or a blank, the bot's name: all the same command; words after it stay as typed."""
    actual = read_command(typed)
    assert actual == read


def test_registered_commands_are_of_the_letters_that_telegram_allows() -> None:
    """Telegram refuses the whole menu for one wrong letter."""
    wrong = [verb for verb in (*MENU, *ALIASES) if not re.fullmatch("[a-z0-9_]{1,32}", verb)]
    assert wrong == []


def test_a_post_is_told_from_its_reason() -> None:
    """The first word is the code, the rest the reason."""
    actual = Command("tu_choi", "GV-2026 sai ngày").split()
    assert actual == ("GV-2026", "sai ngày")
