"""Look whether a bot can do its work in a channel."""

from telegram import Bot, ChatMember

from content_queue.models import Channel
from content_queue.outcomes import ChannelHealth
from content_queue.texts import N_, _

#: Rights that the bot needs in a channel -> how an officer calls them.
RIGHTS = {
    "can_post_messages": N_("đăng bài"),
    "can_edit_messages": N_("sửa bài"),
    "can_delete_messages": N_("xóa bài"),
}


async def look_at(bot: Bot, chat: str, *, channel: Channel) -> ChannelHealth:
    """Return what a bot finds in a channel: its name, the rights that it lacks, and whether it has moved.

    Raises:
        TelegramError: the token is wrong, or the channel is not there.
    """
    me = await bot.get_me()
    found = await bot.get_chat(chat)
    missing = missing_rights(await bot.get_chat_member(chat, me.id))
    problems = [_("Bot chưa có quyền {right} trong kênh.").format(right=_(RIGHTS[r])) for r in missing]
    if channel.remote_id.lstrip("-").isdecimal() and str(found.id) != channel.remote_id:
        told = _("Nhóm đã chuyển; bài vẫn lên. Hãy đổi remote_id trong danh sách kênh thành {chat}.")
        problems.append(told.format(chat=found.id))
    return ChannelHealth("can_post_messages" not in missing, found.title or channel.name, problems)


def missing_rights(member: ChatMember) -> list[str]:
    """Return which of `RIGHTS` a member lacks; the owner lacks none."""
    if member.status == ChatMember.OWNER:
        return []
    return [right for right in RIGHTS if not getattr(member, right, False)]
