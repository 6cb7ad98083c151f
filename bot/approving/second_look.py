"""Be the second eye on what a leader alone said yes to."""

from bot.acts import By, post_called
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.notices import Word, tell
from content_queue.store.second_eye import FINE, NOT_FINE, Hurried, look, unseen_of
from content_queue.texts import _


def look_again(connection: Connection, code: str, by: By, *, objection: str = "") -> Hurried:
    """Be the second eye on what a leader alone said yes to; an objection is told to all concerned."""
    post = post_called(connection, code)
    hurried = unseen_of(connection, post.id)
    if hurried is None:
        raise NotAllowedError(_("Bài {post} không có gì chờ xem lại.").format(post=post.id))
    detail = {"hash": hurried.content_hash, "reason": objection.strip()}
    act = Act(by.now, by.person.name, by.way, NOT_FINE if objection else FINE, post.id, detail)
    look(connection, hurried, act, person=by.person)
    if objection:
        tell(connection, _objection(hurried, by, objection.strip()), by.now)
    return hurried


def _objection(hurried: Hurried, by: By, why: str) -> Word:
    told = _(
        "{person} xem lại bài khẩn {post} do {leader} duyệt và không đồng ý: {why}\n"
        "Gỡ bài: /go_bai {post} lý do. Đính chính: /dinh_chinh {post}"
    )
    post = hurried.post
    text = told.format(person=by.person.name, post=post.id, leader=hurried.person, why=why)
    return Word(f"objected:{post.id}:{hurried.id}", post.agency, post.author, text)
