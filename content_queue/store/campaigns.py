"""The campaigns of the calendars as they were last read: what corrects a post later plans by them."""

from collections.abc import Mapping

from sqlalchemy import Connection

from content_queue.models import Campaign
from content_queue.store.marks import keep_mark, read_mark

_MARK = "campaigns"


def keep_campaigns(connection: Connection, campaigns: Mapping[str, Campaign]) -> None:
    """Keep campaigns by folded name, if they are others than those that are kept."""
    told = {name: campaign.as_json() for name, campaign in campaigns.items()}
    if read_mark(connection, _MARK, {}) != told:
        keep_mark(connection, _MARK, told)


def kept_campaigns(connection: Connection) -> dict[str, Campaign]:
    """Return the campaigns as last read, by folded name."""
    return {name: Campaign.from_json(told) for name, told in read_mark(connection, _MARK, {}).items()}
