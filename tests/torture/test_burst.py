"""Kill -9 at random moments in a burst; `make torture` does it twenty times to 10,000 deliveries."""

from pathlib import Path

from tests.torture.burst import burst


def test_a_killed_burst_doubles_and_loses_nothing(tmp_path: Path) -> None:
    """What a platform lists is found there; a kill leaves no more to ask about than the intents allow."""
    done = burst(tmp_path / "tinh", deliveries=400, kills=2, seed=20)

    assert done.sound, done.told()
    assert done.judged.published + done.judged.asked == 400
    assert len(done.kills) == 2
