"""Approve all that was shown: the titles are listed, and a button approves exactly those contents."""

from bot import acts
from bot.digest import to_approve
from bot.moments import show
from bot.telegram import seals
from bot.telegram.replies import Answer, Talk
from bot.telegram.seals import Button
from content_queue.models import digest
from content_queue.states import PostState
from content_queue.store.approvals import NotAllowedError
from content_queue.store.marks import keep_mark, read_mark
from content_queue.texts import _

#: Posts approved at once: what one message can list.
MOST = 40


def ask_all(talk: Talk, _button: Button | None = None) -> Answer:
    """List what would be approved: only what this person may, and was shown in this chat as it is now."""
    seen, unseen = to_approve(talk.connection, talk.by.person, talk.desk, talk.by.now)
    seen, later = seen[:MOST], seen[MOST:]
    left = _("{count} bài khác chưa có thẻ trong khung chat này; xin xem thẻ rồi duyệt từng bài: /cho_duyet")
    next_time = _("{count} bài nữa đã có thẻ; duyệt xong các bài trên, xin gõ lại: /duyet hết")
    more = [told.format(count=len(found)) for told, found in ((next_time, later), (left, unseen)) if found]
    if not seen:
        told = _("Không có bài nào chờ anh/chị duyệt đến hết ngày mai.")
        return Answer((told, *more), toast=told)
    shown = [[post.id, post.content_hash] for post in seen]
    keep_mark(talk.connection, _key(talk), {"posts": shown, "stamp": digest(shown)})
    head = _("Sẽ duyệt {count} bài, đúng như trên thẻ đã gửi:").format(count=len(seen))
    lines = [head, *(f"• {post.id} · {show(post.due)} · {post.summary}" for post in seen), *more]
    data = seals.seal(seals.APPROVE_ALL, "", digest(shown), talk.sealing)
    yes = (_("Duyệt {count} bài trên").format(count=len(seen)), data)
    return Answer(("\n".join(lines),), toast=_("Xin xem lại rồi xác nhận."), buttons=(yes,))


def approve_all(talk: Talk, button: Button) -> Answer:
    """Approve what was listed; what changed or was decided meanwhile is left out and told."""
    asked = read_mark(talk.connection, _key(talk))
    if asked is None or not button.shows(asked["stamp"]):
        told = _("Danh sách này đã duyệt rồi, hoặc đã có danh sách mới. Xin gõ /duyet hết để xem lại.")
        raise NotAllowedError(told)
    keep_mark(talk.connection, _key(talk), None)
    done, left = 0, []
    for code, seen in asked["posts"]:
        try:
            post = acts.approve(talk.connection, talk.by.yes(code, seen=seen), talk.by.now, desk=talk.desk)
        except NotAllowedError as refusal:
            left.append(f"• {code}: {refusal}")
        else:
            done += post.state == PostState.APPROVED
            if post.state != PostState.APPROVED:
                left.append(f"• {acts.standing_words(talk.connection, post, talk.desk, talk.by.now)}")
    told = _("Đã duyệt {count} bài.").format(count=done)
    return Answer(("\n".join([told, *left]),), toast=told, changed=True)


def _key(talk: Talk) -> str:
    return f"to approve:{talk.chat}"
