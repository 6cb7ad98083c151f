"""`loa retract`: take a post, or a whole campaign, back from every channel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.moments import read_past
from bot.undoing.demands import reason_of, say_done
from bot.undoing.takeback import Touched, show_touched, take_back, touched_by_campaign, touched_by_post
from content_queue.store import Connection
from content_queue.store.demands import Claim
from content_queue.texts import N_, _


@click.command(help=N_("Gỡ một bài, hoặc cả một đợt, khỏi mọi kênh đã đăng."))
@click.argument("post", metavar=N_("[MÃ_BÀI]"), required=False)
@click.option("--campaign", metavar=N_("TÊN"), help=N_("Gỡ mọi bài của đợt truyền thông này."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai gỡ, theo settings.toml."))
@click.option("--reason", default="", metavar=N_("LÝ_DO"), help=N_("Lý do gỡ."))
@click.option(
    "--by-order",
    "number",
    default="",
    metavar=N_("SỐ"),
    help=N_("Số văn bản của cơ quan yêu cầu gỡ; loa theo dõi hạn 24 giờ."),
)
@click.option("--from", "body", default="", metavar=N_("CƠ_QUAN"), help=N_("Cơ quan yêu cầu gỡ."))
@click.option(
    "--received", default="", metavar=N_("GIỜ"), help=N_("Nhận yêu cầu lúc nào; mặc định là bây giờ.")
)
@click.option("--done", is_flag=True, help=N_("Cùng với --by-order: báo yêu cầu ấy đã làm xong."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, post: str | None, campaign: str | None, *, yes: bool, **told: Any) -> None:
    """List what it touches, ask, and leave the doing to the daemon."""
    if told["done"] and told["number"] and post is None and campaign is None:
        _say_done(frame, told["name"], told["number"])
        return
    if (post is None) == (campaign is None) or told["done"]:
        raise click.UsageError(_("Ghi mã bài hoặc --campaign, một trong hai; --done chỉ đi cùng --by-order."))
    with open_counter(frame) as counter:
        by = counter.by(told["name"])
        claim = _claim(told, counter.now)
        reason = reason_of(claim, told["reason"])

        def look(connection: Connection) -> Touched:
            if campaign is not None:
                return touched_by_campaign(connection, campaign, by)
            return touched_by_post(connection, post or "", by)

        touched = counter.ledger.read_now(look)
        click.echo("\n".join(show_touched(touched)))
        if not touched.out and not touched.coming and claim is None:
            return
        if not yes:
            click.confirm(_("Gỡ những bài trên?"), abort=True)
        asked = counter.ledger.run_now(lambda c: take_back(c, look(c), by, reason=reason, claim=claim))
    click.echo(_("Đã ghi yêu cầu gỡ {count} lượt. Kết quả từng kênh: loa why MÃ_BÀI").format(count=asked))


def _claim(told: Mapping[str, str], now: datetime) -> Claim | None:
    """Return what an authority demands; it may have come before now."""
    if bool(told["number"]) != bool(told["body"]) or (told["received"] and not told["number"]):
        raise click.UsageError(_("Ghi cả --by-order SỐ và --from CƠ_QUAN."))
    received = read_past(told["received"], now) if told["received"] else now
    return Claim(told["number"], told["body"], received) if told["number"] else None


def _say_done(frame: Frame, name: str, number: str) -> None:
    with open_counter(frame) as counter:
        by = counter.by(name)
        demand = counter.ledger.run_now(lambda c: say_done(c, number, by))
    click.echo(_("Đã ghi: yêu cầu gỡ theo văn bản số {number} đã xong.").format(number=demand.number))
