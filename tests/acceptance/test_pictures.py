"""A picture and a film of the office, from the folder of calendars to readers of Zalo."""

from typing import Any

import httpx

from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import Office, channels_of, row
from tests.acceptance.running import Running, until
from tests.publishers.contract import PNG
from tests.publishers.zalo_world import MP4


@in_time
def test_zalo_fetches_pictures_from_the_daemon_and_is_given_films(home_of: RunOffice) -> None:
    """`loa run` listens, Zalo fetches, readers see both; nobody is told of anything that could not be."""
    office = home_of(Office(channels_of("zalo", 2)))
    (office.home / "calendars" / "anh.png").write_bytes(PNG)
    (office.home / "calendars" / "phim.mp4").write_bytes(MP4)
    office.start()
    office.order("zalo", "_work", replies=1)
    due = office.soon(steps=6)
    year = due.astimezone(OFFICE_ZONE).year
    office.save(
        row("ANH", due, "Ngày hội\nMời bà con tới dự.", Ảnh="anh.png"),
        row("PHIM", due, "Phim ngày hội\nMời bà con xem.", Ảnh="phim.mp4"),
    )
    office.approve(f"ANH-{year}", f"PHIM-{year}")
    office.before(due)
    until(lambda: set(office.states().values()) == {"published"}, "the deliveries to end")

    assert len(office.shown()) == 4
    assert sorted(_seen(office)) == sorted([*["Ngày hội"] * 2, *["Phim ngày hội"] * 2])
    assert "không tải được ảnh" not in "".join(each["text"] for each in office.chat())


def _seen(office: Running) -> list[str]:
    """Return the titles of what readers see, after a look at its pictures and its page."""
    found: list[dict[str, Any]] = office.shown()
    for post in found:
        pictures = [
            httpx.get(f"{office.address}{path}", trust_env=False).content for path in post["pictures"]
        ]
        film = post["title"].startswith("Phim")
        assert pictures == [MP4 if film else PNG]
        link = f"{office.address}/zalo/detail/{post['channel']}/{post['remote_id']}"
        page = httpx.get(link, trust_env=False)
        assert (page.status_code, ("▶" in page.text)) == (200, film)
    return [str(post["title"]) for post in found]
