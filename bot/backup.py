"""The nightly copy of the ledger; the last few are kept."""

from bot.house import House
from content_queue.store.engine import back_up
from schedules.clock import OFFICE_ZONE

FOLDER = "backups"


def back_up_nightly(house: House) -> None:
    """Write `backups/loa-YYYY-MM-DD.db` and remove copies beyond those that are kept."""
    folder = house.home / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    today = house.clock.now().astimezone(OFFICE_ZONE).date()
    back_up(house.engine, folder / f"loa-{today.isoformat()}.db")
    for old in sorted(folder.glob("loa-????-??-??.db"))[: -house.settings.backup.keep]:
        old.unlink()
