"""Rows of the ledger as the nouns of the house."""

from collections.abc import Sequence
from typing import Any

from content_queue.models import Delivery, Hold, Post
from content_queue.states import DeliveryState, PostState
from content_queue.store.tables import deliveries, holds, posts

#: Columns of `Delivery` and `Post`, in the order of their fields.
DELIVERY = tuple(deliveries.c[name] for name in Delivery.__slots__)
POST = tuple(posts.c[name] for name in Post.__slots__)
HOLD = tuple(holds.c[name] for name in Hold.__slots__)


def a_delivery(row: Sequence[Any]) -> Delivery:
    """Make a delivery of a row that begins with `DELIVERY`."""
    fields = dict(zip(Delivery.__slots__, row, strict=False))
    return Delivery(**{**fields, "state": DeliveryState(fields["state"])})


def a_post(row: Sequence[Any]) -> Post:
    """Make a post of a row that begins with `POST`."""
    fields = dict(zip(Post.__slots__, row, strict=False))
    return Post(**{**fields, "state": PostState(fields["state"]), "tags": tuple(fields["tags"])})


def a_hold(row: Sequence[Any]) -> Hold:
    """Make a hold of a row of `HOLD`."""
    return Hold(*row)
