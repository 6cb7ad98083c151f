"""What readers are told where a post was taken back or corrected, in each language that posts are in.

These sentences stand in public in the office's name, so they say no more than what happened.
"""

from collections.abc import Mapping
from datetime import date

from content_queue.localize.forms import form_for
from content_queue.localize.words import date_words

#: Locale -> what stands in the place of a post that cannot be removed.
REMOVED: Mapping[str, str] = {
    "vi": "Bài viết này đã được gỡ.",
    "en": "This post has been removed.",
    "ja": "この投稿は削除されました。",
    "ko": "이 게시물은 삭제되었습니다.",
    "zh": "此帖已撤下。",
    "fr": "Cette publication a été retirée.",
    "lo": "ໂພສນີ້ຖືກຖອນອອກແລ້ວ.",
    "km": "ការបង្ហោះនេះត្រូវបានដកចេញហើយ។",
}


def removal_notice(locale: str) -> str:
    """Return what stands in the place of a post that was taken back; Vietnamese where nothing is known."""
    return REMOVED.get(locale.partition("-")[0], REMOVED["vi"])


#: Locale -> what a correction begins with: its number, and the day of the post that it corrects.
CORRECTION: Mapping[str, str] = {
    "vi": "ĐÍNH CHÍNH lần {number} (bài đăng ngày {day}):",
    "en": "CORRECTION no. {number} (post of {day}):",
    "ja": "【訂正 第{number}回】（{day}の投稿）",
    "ko": "[정정 {number}차] ({day} 게시물)",
    "zh": "【更正 第{number}次】（{day}的帖子）",
    "fr": "RECTIFICATIF n° {number} (publication du {day}) :",
    "lo": "ແກ້ໄຂຄັ້ງທີ {number} (ໂພສວັນທີ {day}):",
    "km": "ការកែតម្រូវលើកទី {number} (ការបង្ហោះថ្ងៃទី {day}):",
}


def correction_heading(locale: str, number: int, day: date) -> str:
    """Return what a correction begins with, so that readers see what it is, edited or followed."""
    known = locale.partition("-")[0]
    pattern = CORRECTION.get(known, CORRECTION["vi"])
    form = form_for(known if known in CORRECTION else "vi")
    return pattern.format(number=number, day=date_words(day, form))
