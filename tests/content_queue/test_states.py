"""The arrows of posts and deliveries are data, and complete."""

import pytest

from content_queue.states import NEXT_DELIVERY, NEXT_POST, UNDELIVERED, DeliveryState, PostState

LEFT = {DeliveryState.PUBLISHED, DeliveryState.UNCONFIRMED, DeliveryState.RETRACTED}


def test_every_state_has_its_arrows() -> None:
    """A state without a row would be a dead end nobody decided on."""
    assert set(NEXT_DELIVERY) == set(DeliveryState)
    assert set(NEXT_POST) == set(PostState)


@pytest.mark.parametrize("state", sorted(LEFT))
def test_what_has_left_is_never_waiting_by_itself(state: DeliveryState) -> None:
    """Nothing that may be public goes back to where the calendar could change it."""
    assert state not in UNDELIVERED


def test_published_can_only_be_taken_back() -> None:
    """A published delivery is never sent again."""
    assert NEXT_DELIVERY[DeliveryState.PUBLISHED] == {DeliveryState.RETRACTED}


def test_a_hold_never_lets_go_by_itself() -> None:
    """Held goes on only to a new time given by a person, or out."""
    assert NEXT_DELIVERY[DeliveryState.HELD] == {DeliveryState.SCHEDULED, DeliveryState.CANCELLED}
