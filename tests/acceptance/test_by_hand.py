"""A channel without an API, an officer without Telegram: a letter, a page, a link, and it is published."""

import re
from dataclasses import replace

import httpx

from bot.pins import kept_as, secret_of
from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import LEADER, SECRETS, SETTINGS, Office, channels_of, row
from tests.acceptance.running import until
from tests.bot.page_house import hidden
from tests.canaries import CANARY_EMAIL, CANARY_MAIL, CANARY_PIN
from tests.post_office import post_office, text_of
from tests.publishers.serving import closed_port

OFFICER = "Rơ Châm H'Lan"
LINK = "https://www.facebook.com/an-hoa/posts/1"


@in_time
def test_an_officer_without_telegram_posts_by_hand(home_of: RunOffice) -> None:
    """The text as it was approved by letter at the due time; the link and a PIN end it."""
    with post_office() as mail:
        page = f"127.0.0.1:{closed_port()}"
        more = f"""
[[people]]
name = "{OFFICER}"
email = "{CANARY_EMAIL}"
roles = ["editor"]
agencies = ["UBND tỉnh"]

[mail]
host = "127.0.0.1"
port = {mail.port}
tls = "none"
sender = "loa@tinh.example"

[page]
public_url = "http://{page}"
listen = "{page}"
"""
        channels = [replace(each, mode="assisted", token="") for each in channels_of("facebook", 1)]
        secrets = {**SECRETS, "mail": CANARY_MAIL, secret_of(OFFICER): kept_as(CANARY_PIN)}
        office = home_of(Office(channels, people=SETTINGS, more_settings=more, secrets=secrets))
        office.start()
        due = office.soon(steps=4)
        post = f"TAY-{due.astimezone(OFFICE_ZONE).year}"
        office.save(row("TAY", due, "Thông báo lịch tiếp công dân"))
        office.approve_all_here(post)
        office.before(due)
        letter = text_of(mail.letter_to(CANARY_EMAIL, words="Nhờ đăng tay"))
        assert "Thông báo lịch tiếp công dân" in letter
        link = re.search(rf"http://\S+/{post}", letter)
        assert link is not None
        _say_posted(link[0], f"http://{page}")

        until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the link to be kept")
        assert LINK in office.told("why", post)
        assert f"{OFFICER}" in office.told("why", post)
        assert len(mail.taken) == 1
        assert office.shown() == []
        assert LEADER not in letter


def _say_posted(link: str, origin: str) -> None:
    with httpx.Client(base_url=origin, trust_env=False, follow_redirects=True) as guest:
        shown = guest.get(link).text
        kept = {name: hidden(shown, name) for name in ("csrf", "post", "seen", "delivery")}
        sent = {**kept, "act": "posted", "link": LINK, "pin": CANARY_PIN}
        said = guest.post("/lam", data=sent, headers={"origin": origin})
        assert "Đã ghi nhận: bài đã lên kênh" in said.text
