"""Take messages of a channel back, and change their words.

A bot deletes a channel's post within 48 hours, with every right; its own posts it may edit for ever
(tdlib, `can_delete_channel_message` and `can_edit_message`). So an older post becomes a removal notice.
Of an album the words stand at the first message; what is in it can neither be added to nor taken away.
"""

from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.error import BadRequest

from content_queue.models import Payload
from content_queue.outcomes import RefusedError, Retraction
from content_queue.texts import _
from publishers.telegram.send import words_of

#: What the server says of a message that is not there, that is too old to delete, that says so already,
#: and that has a caption in the place of a text.
GONE, TOO_OLD, SAME, NO_TEXT = (
    ("message to delete not found", "message to edit not found"),
    "message can't be deleted",
    "message is not modified",
    "there is no text in the message",
)
Turn = Callable[[], Awaitable[object]]


async def withdraw(bot: Bot, chat: str, *, numbers: list[int], notice: str, turn: Turn) -> Retraction:
    """Delete messages; what is too old to be deleted gets `notice` in the place of its words.

    Raises:
        TelegramError: Telegram could not be asked, or refused.
    """
    staying = []
    for place, number in enumerate(numbers):
        if place:
            await turn()
        if not await _delete(bot, chat, number):
            staying.append(number)
    if not staying:
        return Retraction(removed=True)
    await turn()
    captioned = await _put_notice(bot, chat, staying[0], notice=notice, turn=turn)
    told = _(
        "Telegram không cho bot xóa bài này (quá 48 giờ hoặc bot thiếu quyền xóa): "
        "chữ của bài đã được thay bằng lời báo gỡ."
    )
    if captioned or len(numbers) > 1:
        told += " " + _(
            "Ảnh, video, tệp của bài vẫn còn trên kênh: quản trị viên kênh hãy tự xóa trong Telegram."
        )
    return Retraction(removed=False, told=told)


async def change_words(bot: Bot, chat: str, *, number: int, payload: Payload) -> None:
    """Put a payload's words in the place of a message's.

    Raises:
        RefusedError: the message is no longer there.
        TelegramError: Telegram could not be asked, or refused.
    """
    try:
        await _edit(bot, chat, number, payload)
    except BadRequest as error:
        if _says(error, SAME):
            return
        if _says(error, *GONE):
            told = _("Bài không còn trên kênh nên không sửa được.")
            raise RefusedError(told) from error
        raise


async def _edit(bot: Bot, chat: str, number: int, payload: Payload) -> None:
    words = words_of(payload)
    if payload.fields["method"] == "sendMessage":
        await bot.edit_message_text(
            words.text, chat, number, entities=words.entities, link_preview_options=words.preview
        )
    else:
        await bot.edit_message_caption(chat, number, caption=words.text, caption_entities=words.entities)


async def _delete(bot: Bot, chat: str, number: int) -> bool:
    """Delete a message; True if it is gone, False if it is too old for that."""
    try:
        await bot.delete_message(chat, number)
    except BadRequest as error:
        if _says(error, TOO_OLD):
            return False
        if not _says(error, *GONE):
            raise
    return True


async def _put_notice(bot: Bot, chat: str, number: int, *, notice: str, turn: Turn) -> bool:
    """Put the notice in the place of a text, or of a caption; True for a caption."""
    try:
        await bot.edit_message_text(notice, chat, number)
    except BadRequest as error:
        if not _says(error, NO_TEXT):
            _forgive_same(error)
            return False
    else:
        return False
    await turn()
    try:
        await bot.edit_message_caption(chat, number, caption=notice)
    except BadRequest as error:
        _forgive_same(error)
    return True


def _forgive_same(error: BadRequest) -> None:
    if not _says(error, SAME):
        raise error


def _says(error: BadRequest, *answers: str) -> bool:
    """Tell whether an answer is one of these; python-telegram-bot capitalizes it."""
    return any(answer in str(error).lower() for answer in answers)
