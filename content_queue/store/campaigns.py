"""Campaigns as last read, moves of their events, and the posts that belong to them."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, select

from content_queue.models import Campaign, Delivery, Move, Post
from content_queue.store.calendar import IS_PLANNED
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.posts import deliveries_of
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import entries, posts

_CAMPAIGNS, _MOVES = "campaigns", "moves of events"


def keep_campaigns(connection: Connection, campaigns: Mapping[str, Campaign]) -> None:
    """Keep campaigns by folded name, if they are others than those that are kept."""
    told = {name: campaign.as_json() for name, campaign in campaigns.items()}
    if read_mark(connection, _CAMPAIGNS, {}) != told:
        keep_mark(connection, _CAMPAIGNS, told)


def kept_campaigns(connection: Connection) -> dict[str, Campaign]:
    """Return the campaigns as last read, by folded name."""
    kept = read_mark(connection, _CAMPAIGNS, {})
    return {name: Campaign.from_json(told) for name, told in kept.items()}


def keep_move(connection: Connection, key: str, move: Move) -> None:
    """Keep where a person moved an event to, instead of any earlier word on it."""
    keep_mark(connection, _MOVES, read_mark(connection, _MOVES, {}) | {key: asdict(move)})


def kept_moves(connection: Connection) -> dict[str, Move]:
    """Return the moves of events by the folded name of their campaigns."""
    return {key: Move(**told) for key, told in read_mark(connection, _MOVES, {}).items()}


def posts_of_campaign(connection: Connection, campaign: str) -> list[Post]:
    """Return all posts of a campaign, corrections among them, the earliest first; case does not matter."""
    names = [row.campaign for row in connection.execute(select(posts.c.campaign).distinct())]
    same = [name for name in names if name.casefold() == campaign.strip().casefold()]
    query = select(*POST).where(posts.c.campaign.in_(same)).order_by(posts.c.due, posts.c.id)
    return [a_post(row) for row in connection.execute(query)]


def standing_of_campaign(connection: Connection, campaign: str) -> list[tuple[Post, list[Delivery]]]:
    """Return the posts of a campaign with their deliveries."""
    return [(post, deliveries_of(connection, post.id)) for post in posts_of_campaign(connection, campaign)]


def following_event(connection: Connection, campaign: str) -> frozenset[str]:
    """Return the codes of the posts whose rows count from the event of their campaign."""
    found = [post.id for post in posts_of_campaign(connection, campaign)]
    query = select(posts.c.id, entries.c.content).join(entries, entries.c.code == posts.c.entry)
    rows = connection.execute(query.where(posts.c.id.in_(found), IS_PLANNED))
    return frozenset(row.id for row in rows if row.content.get("series") and not row.content["date_words"])
