"""`loa queue`: deliveries as they are stored, in the order in which they go out."""

from collections.abc import Sequence
from typing import Any

import click

from bot.acts import post_called
from bot.counter import open_counter
from bot.desk import Desk
from bot.frame import Frame
from bot.holding.scopes import show_hold
from bot.moments import iso, show
from bot.printing import print_array, print_table
from bot.story import reason_words
from content_queue.states import DeliveryState
from content_queue.store.holds import active_holds
from content_queue.store.posts import Queued
from content_queue.store.posts import queue as queued_deliveries
from content_queue.texts import N_, _
from content_queue.words import delivery_state_name, platform_name, post_state_name

STATES = [str(state) for state in DeliveryState]


@click.command(help=N_("Xem các lượt đăng đã lưu và trạng thái của chúng."))
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    help=N_("Chỉ những lượt ở trạng thái này; ghi được nhiều lần."),
)
@click.option("--post", metavar=N_("MÃ_BÀI"), help=N_("Chỉ những lượt của một bài."))
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_obj
def command(frame: Frame, states: Sequence[str], post: str | None, *, as_json: bool) -> None:
    """Print stored deliveries."""
    wanted = tuple(DeliveryState(state) for state in states) or tuple(DeliveryState)
    with open_counter(frame) as counter:
        found = counter.ledger.read_now(
            lambda c: queued_deliveries(c, states=wanted, post=post and post_called(c, post).id)
        )
        stops = counter.ledger.read_now(active_holds)
    if as_json:
        print_array(as_object(queued, counter.desk) for queued in found)
        return
    print_table(_head(), [_cells(queued) for queued in found])
    click.echo(_("{count} lượt đăng.").format(count=len(found)))
    for stop in stops:
        click.echo(show_hold(stop, counter.desk))


def as_object(queued: Queued, desk: Desk) -> dict[str, Any]:
    """Return the stable contract of `loa queue --json`."""
    post, delivery = queued.post, queued.delivery
    return {
        "entry": post.entry,
        "post": post.id,
        "post_state": post.state,
        "occasion": desk.occasion_name(post.occasion) or None,
        "campaign": post.campaign or None,
        "agency": desk.agency_name(post.agency),
        "due": iso(delivery.due),
        "planned": iso(delivery.planned),
        "channel": delivery.channel,
        "platform": delivery.platform,
        "locale": delivery.locale,
        "state": delivery.state,
        "text": queued.text or None,
        "id": delivery.id,
        "attempts": delivery.attempts,
        "published_at": iso(delivery.published_at),
        "lateness_ms": delivery.lateness_ms,
        "remote_id": delivery.remote_id,
        "link": delivery.link,
        "reason": reason_words(delivery.reason) if delivery.reason else None,
    }


def _head() -> list[str]:
    what = [_("Số"), _("Giờ đăng"), _("Bài")]
    where = [_("Kênh"), _("Nền tảng"), _("Ngôn ngữ")]
    return [*what, *where, _("Trạng thái"), _("Ghi chú")]


def _cells(queued: Queued) -> list[str]:
    post, delivery = queued.post, queued.delivery
    state = delivery_state_name(delivery.state)
    if delivery.state == DeliveryState.SCHEDULED:
        state = f"{state} ({post_state_name(post.state)})"
    return [
        str(delivery.id),
        show(delivery.planned),
        post.id,
        delivery.channel,
        platform_name(delivery.platform),
        delivery.locale,
        state,
        reason_words(delivery.reason) if delivery.reason else delivery.link or "",
    ]
