"""Read commands as people type them: with marks or without, `_` or a blank, Vietnamese or English."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from content_queue.texts import N_
from schedules.names import fold

#: Registered command -> what it does. Telegram takes only `[a-z0-9_]` here; what is typed may have marks.
MENU: Mapping[str, str] = {
    "cho_duyet": N_("Các bài đang chờ duyệt"),
    "duyet": N_("Duyệt một bài: /duyet MÃ; mọi bài đã xem: /duyet hết"),
    "duyet_khan": N_("Lãnh đạo duyệt ngay bài khẩn: /duyet_khan MÃ lý do"),
    "tu_choi": N_("Từ chối một bài: /tu_choi MÃ lý do"),
    "sua": N_("Sửa bài chưa đăng: /sua MÃ 20/11 15:00, hoặc /sua MÃ rồi xuống dòng ghi toàn văn mới"),
    "uy_quyen": N_("Ủy quyền duyệt khi vắng: /uy_quyen HỌ TÊN đến 20/11 17:00; thôi: /uy_quyen thôi"),
    "hom_nay": N_("Các bài đăng hôm nay"),
    "lich": N_("Các bài sắp đăng: /lich [ngày]"),
    "bai": N_("Xem đủ nội dung một bài: /bai MÃ"),
    "gio_moi": N_("Cho bài giờ đăng mới: /gio_moi MÃ 20/11 15:00"),
    "tam_dung": N_("Tạm dừng đăng: /tam_dung [phạm vi] lý do"),
    "tiep_tuc": N_("Chấm dứt lệnh tạm dừng: /tiep_tuc [số]"),
    "go_bai": N_("Gỡ bài khỏi mọi kênh: /go_bai MÃ lý do"),
    "dinh_chinh": N_("Đính chính bài đã đăng: /dinh_chinh MÃ [toàn văn mới]"),
    "da_len": N_("Bài chưa rõ kết quả đã lên kênh: /da_len SỐ"),
    "chua_len": N_("Bài chưa rõ kết quả chưa lên, đăng lại: /chua_len SỐ"),
    "nhan_lich": N_("Đồng ý với thay đổi của lịch: /nhan_lich MÃ"),
    "vi_sao": N_("Diễn biến của một bài: /vi_sao MÃ"),
    "so_lieu": N_("Số liệu tiếp cận: /so_lieu [MÃ]"),
    "kenh": N_("Tình trạng các kênh: /kenh [tên]"),
    "trang_thai": N_("Tình hình chung"),
    "tro_giup": N_("Cách dùng"),
}
#: Other words for the same.
ALIASES: Mapping[str, str] = {
    "pending": "cho_duyet",
    "approve": "duyet",
    "approve_now": "duyet_khan",
    "reject": "tu_choi",
    "delegate": "uy_quyen",
    "edit": "sua",
    "today": "hom_nay",
    "schedule": "lich",
    "calendar": "lich",
    "reach": "so_lieu",
    "numbers": "so_lieu",
    "channels": "kenh",
    "post": "bai",
    "new_time": "gio_moi",
    "pause": "tam_dung",
    "hold": "tam_dung",
    "resume": "tiep_tuc",
    "release": "tiep_tuc",
    "retract": "go_bai",
    "correct": "dinh_chinh",
    "published": "da_len",
    "absent": "chua_len",
    "import": "nhan_lich",
    "why": "vi_sao",
    "status": "trang_thai",
    "help": "tro_giup",
    "start": "tro_giup",
}
_YES, _ANSWER = frozenset({"approver", "leader", "spokesperson"}), frozenset({"approver", "leader", "admin"})
_OFFICE = _ANSWER | {"editor"}
#: Verb -> the roles whose menu has it; what is not here is in everybody's who has a role.
ROLES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("cho_duyet", "duyet", "tu_choi", "uy_quyen"), _YES),
    "duyet_khan": frozenset({"leader"}),
    **dict.fromkeys(("go_bai", "dinh_chinh", "da_len", "chua_len"), _YES - {"spokesperson"}),
    **dict.fromkeys(("tam_dung", "tiep_tuc"), _ANSWER),
    **dict.fromkeys(("gio_moi", "nhan_lich", "sua"), _OFFICE),
}
#: What a person without any role sees.
STRANGERS = frozenset({"tro_giup"})
#: A verb's words -> the verb.
_VERBS: Mapping[tuple[str, ...], str] = {tuple(verb.split("_")): verb for verb in MENU} | {
    tuple(alias.split("_")): verb for alias, verb in ALIASES.items()
}
_LONGEST = max(len(words) for words in _VERBS)
_WORD = re.compile(r"[^\s_@]+(?:@\S*)?")


def menu_of(roles: Collection[str]) -> dict[str, str]:
    """Return the commands of these roles, with their meanings, in the order of the menu."""
    able = (
        {verb for verb in MENU if not ROLES.get(verb, frozenset(roles)).isdisjoint(roles)}
        if roles
        else STRANGERS
    )
    return {verb: meaning for verb, meaning in MENU.items() if verb in able}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the registered verb, empty where nobody knows it, and the words after it.

    `text` is what follows the verb as it was typed, with its lines.
    """

    verb: str
    words: str = ""
    text: str = field(default="", compare=False)

    def split(self) -> tuple[str, str]:
        """Return the first word, a post's code, and the rest."""
        head, _blank, rest = self.words.partition(" ")
        return head, rest.strip()

    def split_text(self) -> tuple[str, str]:
        """Return the first word, a post's code, and the text after it with its lines."""
        head, _blank, _rest = self.words.partition(" ")
        return head, self.text.strip().removeprefix(head).strip()


def read_command(text: str) -> Command | None:
    """Read a command; None where the text is none. `/duyệt@loa_bot GV-2026` is `duyet` of `GV-2026`."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text.startswith("/"):
        return None
    text = text[1:].lstrip()
    words = list(_WORD.finditer(text))
    for count in range(min(_LONGEST, len(words)), 0, -1):
        verb = _VERBS.get(tuple(fold(word[0].partition("@")[0]) for word in words[:count]))
        if verb:
            rest = text[words[count - 1].end() :]
            return Command(verb, " ".join(rest.split()), rest)
    return Command("", text)
