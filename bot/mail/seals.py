"""The audit's newest seal by letter: somebody outside of the house keeps how it ended on a day."""

import logging

from bot.house import House
from bot.mail.letter import Letter
from bot.mail.postman import MailError, Postman
from bot.seal_words import seal_text
from content_queue.store.audit import Head
from content_queue.texts import _

log = logging.getLogger(__name__)


async def post_seal(house: House, end: Head) -> None:
    """Write how the audit ends to the address that keeps it; the next day tells more than a second try."""
    settings = house.settings
    postman = Postman(settings.mail, house.secrets, house.clock, settings.office.name)
    subject = _("[{office}] Niêm của nhật ký loa, dòng cuối số {last}")
    said = subject.format(office=settings.office.name, last=end.last)
    try:
        await postman.post(Letter(settings.audit.witness_mail, said, seal_text(end) + "\n"))
    except MailError as error:
        log.warning("The audit's seal was not sent", extra={"action": "seal_not_sent", "why": str(error)})
