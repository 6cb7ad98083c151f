"""What readers are told where a post was taken back or corrected, in each language that posts are in.

These sentences stand in public in the office's name, so they say no more than what happened.
"""

from collections.abc import Mapping

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
