"""A delivery as the ledger would tell of it, for tests of deciders."""

from datetime import datetime, timedelta
from typing import Any

from content_queue.models import Delivery
from content_queue.states import DeliveryState


def a_delivery(platform: str, due: datetime, **told: Any) -> Delivery:
    """Return one that is due now, within a window of two hours, with what is told otherwise."""
    usual: dict[str, Any] = {
        "id": 1,
        "post": "B1-2026",
        "channel": "Trang Sở",
        "locale": "vi",
        "state": DeliveryState.PUBLISHING,
        "planned": due,
        "window_end": due + timedelta(hours=2),
        "variant": "v",
        "attempts": 0,
        "staged": None,
        "remote_id": None,
        "link": None,
        "published_at": None,
        "lateness_ms": None,
        "reason": None,
    }
    return Delivery(platform=platform, due=due, **{**usual, **told})
