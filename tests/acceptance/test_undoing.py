"""What is out is corrected, then taken back, on every platform, by the daemon as it runs."""

from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import AUTHOR, LEADER, Office, channels_of, row
from tests.acceptance.running import until

PLATFORMS = ("facebook", "telegram", "zalo")


def test_a_post_is_corrected_in_place_and_then_taken_back(home_of: RunOffice) -> None:
    """One post a channel all along; the correction needs another person; in the end nothing is left."""
    office = home_of(Office([channel for name in PLATFORMS for channel in channels_of(name, 1)]))
    office.start()
    office.order("zalo", "_work", replies=0)
    due = office.soon(steps=3)
    post = f"LU-{due.astimezone(OFFICE_ZONE).year}"
    office.save(row("LU", due, "Cảnh báo lũ trên sông Ba lúc 7 giờ"))
    office.approve_all_here(post)
    office.before(due)
    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the post to be out")
    first = {each["platform"]: each["remote_id"] for each in office.shown()}
    assert sorted(first) == sorted(PLATFORMS)

    text = office.home / "dinh-chinh.txt"
    text.write_text("Cảnh báo lũ trên sông Ba lúc 9 giờ", "utf-8")
    office.told("correct", post, "--text", str(text), "--as", AUTHOR, "--reason", "sai giờ", "--yes")
    office.told("approve", f"{post}-DC1", "--as", LEADER)
    until(
        lambda: sum("lúc 9 giờ" in each["text"] for each in office.shown()) == len(PLATFORMS),
        "the correction to be seen everywhere",
    )
    assert {each["platform"]: each["remote_id"] for each in office.shown()} == first
    assert all("ĐÍNH CHÍNH lần 1" in each["text"] for each in office.shown())

    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the correction to be recorded")
    office.told("retract", post, "--as", LEADER, "--reason", "không còn đúng", "--yes")
    until(lambda: set(office.states().values()) == {DeliveryState.RETRACTED}, "all to be taken back")
    assert office.shown() == []
    story = office.told("why", post)
    assert story.count("  Gỡ lúc ") == len(PLATFORMS)
    assert "Không còn gì để gỡ" in office.told("retract", post, "--as", LEADER, "--reason", "x", "--yes")
