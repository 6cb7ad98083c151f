"""Telegram cannot be reached: planned, written of, opened in a browser, approved by PIN, published."""

import re

import pytest

from bot.pins import kept_as, secret_of
from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import AUTHOR, LEADER, LEADER_ID, SECRETS, SETTINGS, Office, channels_of, row
from tests.acceptance.running import Running, until
from tests.browser import chromium, found_by_axe, phone
from tests.canaries import CANARY_EMAIL, CANARY_MAIL, CANARY_PIN
from tests.post_office import PostOffice, post_office, text_of
from tests.publishers.serving import closed_port

#: The leader has an address, too; the approval bot's token is known by its number.
PEOPLE = SETTINGS.replace(
    f"telegram_id = {LEADER_ID}\n", f'telegram_id = {LEADER_ID}\nemail = "{CANARY_EMAIL}"\n'
)
BOT = SECRETS["telegram-approval-bot"].partition(":")[0]


def _office(home_of: RunOffice, mail: PostOffice) -> Running:
    """Lay out an office with a mail server and a page, whose approval bot never gets an answer."""
    page = f"127.0.0.1:{closed_port()}"
    more = f"""
[mail]
host = "127.0.0.1"
port = {mail.port}
tls = "none"
sender = "loa@tinh.example"

[page]
public_url = "http://{page}"
listen = "{page}"
"""
    secrets = {**SECRETS, "mail": CANARY_MAIL, secret_of(LEADER): kept_as(CANARY_PIN)}
    office = home_of(Office(channels_of("facebook", 1), people=PEOPLE, more_settings=more, secrets=secrets))
    office.start()
    office.order("telegram", "_fault", next="drop_before", count=1_000_000, on=f"/bot{BOT}")
    return office


@pytest.mark.needs("chromium")
@in_time
def test_without_telegram_a_post_is_approved_by_letter_and_page(home_of: RunOffice) -> None:
    """Every act has a second way, and it is the same decision."""
    with post_office() as mail:
        office = _office(home_of, mail)
        due = office.soon(steps=8)
        post = f"THU-{due.astimezone(OFFICE_ZONE).year}"
        office.save(row("THU", due, "Thông báo lịch tiếp công dân"))
        letter = text_of(mail.letter_to(CANARY_EMAIL, words=post))
        link = re.search(rf"http://\S+/{post}", letter)
        assert link is not None
        _approve_in_a_browser(link[0], post)
        office.becomes(post, "approved")
        office.before(due)

        until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the post to go out")
        [there] = office.shown()
        assert there["text"].startswith("Thông báo lịch tiếp công dân")
        assert f"{LEADER} duyệt." in office.told("why", post)
        assert [each for each in office.chat(LEADER_ID) if each["from_bot"]] == []
        assert len(mail.taken) == 1
        assert mail.letters_to(AUTHOR) == []


def _approve_in_a_browser(link: str, post: str) -> None:
    with chromium() as browser, phone(browser) as page:
        page.goto(link)
        assert page.get_by_role("heading", name="Thông báo lịch tiếp công dân").count() == 1
        assert found_by_axe(page) == []
        page.get_by_label("Mã PIN của anh/chị").first.fill(CANARY_PIN)
        page.get_by_role("button", name="Duyệt bài này").click()
        assert page.get_by_role("status").inner_text().startswith(f"Đã duyệt bài {post}, đăng lúc ")
