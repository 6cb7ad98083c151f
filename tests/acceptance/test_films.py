"""A film, a Reel and a photo that is too large, from the folder of calendars to readers of Pages."""

import httpx

from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import LEADER, Office, channels_of, row
from tests.acceptance.running import until
from tests.publishers.films import LYING, UPRIGHT, film
from tests.publishers.test_facebook_pictures import LARGE

FILMS = {"ngang.mp4": film(LYING, size=2_500_000), "doc.mp4": film(UPRIGHT, seconds=30)}


@in_time
def test_pages_show_films_reels_and_large_photos(home_of: RunOffice) -> None:
    """Each as it was approved: the film in pieces, the Reel watched to its end, the photo made smaller."""
    office = home_of(Office(channels_of("facebook", 2)))
    for name, content in {**FILMS, "anh.png": LARGE["png"]}.items():
        (office.home / "calendars" / name).write_bytes(content)
    office.start()
    due = office.soon(steps=6)
    year = due.astimezone(OFFICE_ZONE).year
    office.save(
        row("PHIM", due, "Phim ngày hội", Ảnh="ngang.mp4"),
        row("REEL", due, "Reel ngày hội", Ảnh="doc.mp4", Dạng="reel"),
        row("ANH", due, "Ảnh ngày hội", Ảnh="anh.png"),
    )
    office.approve(f"PHIM-{year}", f"REEL-{year}", f"ANH-{year}")
    office.before(due)
    until(lambda: set(office.states().values()) == {"published"}, "the deliveries to end")

    shown = office.shown()
    seen = {
        str(post["text"]).splitlines()[0]: [
            httpx.get(f"{office.address}{path}", trust_env=False).content for path in post["pictures"]
        ]
        for post in shown
    }
    assert (len(shown), [post["visible"] for post in shown]) == (6, [True] * 6)
    assert [seen["Phim ngày hội"], seen["Reel ngày hội"]] == [[FILMS["ngang.mp4"]], [FILMS["doc.mp4"]]]
    [photo] = seen["Ảnh ngày hội"]
    assert (photo[:3], len(photo) < len(LARGE["png"])) == (b"\xff\xd8\xff", True)

    office.told("retract", f"REEL-{year}", "--as", LEADER, "--reason", "nhầm phim", "--yes")
    until(lambda: len(office.shown()) == 4, "the Reel to be taken back")
    assert not any(str(post["text"]).startswith("Reel") for post in office.shown())
