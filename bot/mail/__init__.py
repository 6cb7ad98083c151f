"""Letters to people: the way that needs no Telegram."""

from bot.mail.letter import Attachment, Letter
from bot.mail.postman import MailError, MailRefusedError, Postman

__all__ = ["Attachment", "Letter", "MailError", "MailRefusedError", "Postman"]
