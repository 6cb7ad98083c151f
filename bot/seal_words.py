"""How the audit ended on a day, in words for whoever keeps it. Pure."""

from content_queue.store.audit import Head
from content_queue.texts import _


def seal_text(end: Head) -> str:
    """Say how the audit ends, and how that is held against it later."""
    told = _(
        "Nhật ký của loa: {rows} dòng, dòng cuối số {last}, niêm {seal}.\n"
        "Xin giữ tin này. Muốn đối chiếu, trên máy chủ gõ: loa audit verify --seal {short}"
    )
    return told.format(rows=end.rows, last=end.last, seal=end.seal, short=end.seal[:16])
