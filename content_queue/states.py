"""Where posts and deliveries stand, and which way they may go. The arrows are data."""

from collections.abc import Mapping
from enum import StrEnum


class PostState(StrEnum):
    """Where a post stands; people move it."""

    DRAFT = "draft"  #: Planned, but its row became wrong or a text is still missing.
    IN_REVIEW = "in_review"  #: Waits for a person's decision.
    APPROVED = "approved"  #: A person said yes to exactly this content.
    REJECTED = "rejected"  #: A person said no, with a reason.
    CANCELLED = "cancelled"  #: Taken out of the plan.


class DeliveryState(StrEnum):
    """Where a delivery stands; the daemon moves it."""

    SCHEDULED = "scheduled"  #: Waits for its second.
    PUBLISHING = "publishing"  #: Claimed; only with an intent may a request be under way.
    RETRYING = "retrying"  #: Certainly not sent; will be tried again.
    UNCONFIRMED = "unconfirmed"  #: It left and no trustworthy answer came; never resent blindly.
    PUBLISHED = "published"  #: The platform gave a receipt.
    FAILED = "failed"  #: Refused; a person must mend something.
    MISSED = "missed"  #: Its window closed before it could go out.
    HELD = "held"  #: Caught by a hold; released only by a person, with a new time.
    CANCELLED = "cancelled"  #: Taken out of the plan.
    RETRACTED = "retracted"  #: Was published and has been taken back.


_P, _D = PostState, DeliveryState

#: Post state -> states that people may move it to.
NEXT_POST: Mapping[PostState, frozenset[PostState]] = {
    _P.DRAFT: frozenset({_P.IN_REVIEW, _P.CANCELLED}),
    _P.IN_REVIEW: frozenset({_P.APPROVED, _P.REJECTED, _P.DRAFT, _P.CANCELLED}),
    _P.APPROVED: frozenset({_P.IN_REVIEW, _P.DRAFT, _P.REJECTED, _P.CANCELLED}),
    _P.REJECTED: frozenset({_P.IN_REVIEW, _P.DRAFT, _P.CANCELLED}),
    _P.CANCELLED: frozenset({_P.IN_REVIEW, _P.DRAFT}),
}

#: Delivery state -> states it may move to.
NEXT_DELIVERY: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    _D.SCHEDULED: frozenset({_D.PUBLISHING, _D.HELD, _D.MISSED, _D.CANCELLED}),
    _D.PUBLISHING: frozenset(
        {_D.PUBLISHED, _D.RETRYING, _D.UNCONFIRMED, _D.FAILED, _D.MISSED, _D.SCHEDULED, _D.HELD}
    ),
    # an edit or a new time lets it begin anew
    _D.RETRYING: frozenset({_D.PUBLISHING, _D.SCHEDULED, _D.HELD, _D.MISSED, _D.FAILED, _D.CANCELLED}),
    _D.UNCONFIRMED: frozenset({_D.PUBLISHED, _D.FAILED, _D.RETRYING, _D.SCHEDULED}),
    _D.PUBLISHED: frozenset({_D.RETRACTED}),
    _D.FAILED: frozenset({_D.SCHEDULED, _D.CANCELLED}),
    _D.MISSED: frozenset({_D.SCHEDULED, _D.CANCELLED}),
    _D.HELD: frozenset({_D.SCHEDULED, _D.CANCELLED}),
    _D.CANCELLED: frozenset({_D.SCHEDULED}),
    _D.RETRACTED: frozenset(),
}

#: Deliveries that have not left the house and may still change with the calendar.
UNDELIVERED = frozenset({_D.SCHEDULED, _D.RETRYING, _D.HELD, _D.MISSED, _D.FAILED})

#: Deliveries of which a request left, or may have.
IN_FLIGHT = frozenset({_D.PUBLISHING, _D.UNCONFIRMED})

#: Deliveries that no edit of the calendar reaches any more.
SETTLED = frozenset({_D.PUBLISHED, _D.RETRACTED, _D.CANCELLED})
