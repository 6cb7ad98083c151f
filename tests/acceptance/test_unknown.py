"""A platform took a post and said that it failed: what readers, the ledger and people are told then."""

from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import LEADER, Office, channels_of, row
from tests.acceptance.running import until

SETTINGS = "\n[publish]\nsettle_seconds = 1\n"


def test_a_500_after_accepting_is_found_shown_once_and_told_in_plain_sentences(home_of: RunOffice) -> None:
    """The page has the post once, `loa queue` calls it published, `loa why` says how that is known."""
    [page] = channels_of("facebook", 1)
    office = home_of(Office([page], more_settings=SETTINGS))
    office.start()
    office.order("facebook", "_fault", next="500_after", on="/feed")
    due = office.soon(steps=3)
    post = f"LU-{due.astimezone(OFFICE_ZONE).year}"
    office.save(row("LU", due, "Cảnh báo lũ trên sông Ba"))
    office.approve_all_here(post)
    office.before(due)
    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the post to be found")

    [there] = [each for each in office.shown() if each["text"].startswith("Cảnh báo lũ")]
    [queued] = office.json("queue")
    assert (queued["state"], queued["attempts"], queued["remote_id"]) == ("published", 1, there["remote_id"])
    assert queued["link"].startswith("https://www.facebook.com/")
    _reads_plainly(office.told("why", post).splitlines(), post)
    assert office.told("why", str(queued["id"])) == office.told("why", post)


def _reads_plainly(story: list[str], post: str) -> None:
    """One sentence a line: planned, approved, sent, not known, looked, there."""
    head, planned, approved, delivery, tried, found = story
    assert head.startswith(f"Bài {post}, giờ đăng ")
    assert head.endswith(": đã duyệt.")
    assert planned.endswith(": Được đưa vào kế hoạch theo lịch nội dung.")
    assert approved.endswith(f": {LEADER} duyệt.")
    assert delivery.startswith("Lượt đăng số 1, kênh Facebook 000 (Facebook, vi): đã đăng. Đăng lúc ")
    assert tried.startswith("  Lần thử 1, ")
    assert "đã gửi, chưa rõ kết quả (" in tried
    assert found == "  Đọc lại kênh thì thấy bài đã lên, nên không gửi lại."
