"""`loa release`: end a hold, or give what was held or missed a new time, singly or together."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import click

from bot import acts
from bot.acts import By
from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.holding.together import (
    Done,
    Fate,
    carry_out,
    dropped,
    held_posts,
    shifted,
    show_done,
    show_fates,
    spread,
    stamp,
)
from bot.moments import read_moment, read_new_time
from bot.telegram.showing import moved, released
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError
from content_queue.texts import N_, _


@click.command(help=N_("Chấm dứt một lệnh tạm dừng, hoặc cho bài bị giữ, lỡ giờ một giờ đăng mới."))
@click.argument("hold", type=int, required=False, metavar=N_("[SỐ_LỆNH]"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai ra lệnh, theo settings.toml."))
@click.option("--post", metavar=N_("MÃ_BÀI"), help=N_("Bài được cho giờ mới."))
@click.option(
    "--at", metavar=N_("GIỜ"), help=N_("Giờ mới, như 2026-11-21 15:00 hoặc 21/11 15h; ghi ngay để đăng luôn.")
)
@click.option(
    "--shift-days",
    "days",
    type=click.IntRange(1, 366),
    metavar="N",
    help=N_("Mọi bài bị giữ: dời thêm N ngày."),
)
@click.option(
    "--from", "first", metavar=N_("GIỜ"), help=N_("Mọi bài bị giữ: rải ra từ giờ này, theo thứ tự.")
)
@click.option(
    "--every",
    type=click.IntRange(1, 10_080),
    default=30,
    metavar=N_("PHÚT"),
    help=N_("Khoảng cách khi rải; mặc định 30 phút."),
)
@click.option("--drop", is_flag=True, help=N_("Mọi bài bị giữ: bỏ, không đăng."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, hold: int | None, *, name: str, yes: bool, **told: Any) -> None:
    """End a hold by its number, move a post, or move all that was held."""
    together = [key for key in ("days", "first", "drop") if told[key]]
    single = told["post"] is not None or told["at"] is not None
    whole = (told["post"] is None) == (told["at"] is None)
    if not whole or len(together) + single + (hold is not None) > 1:
        raise click.UsageError(
            _("Ghi số lệnh tạm dừng; --post cùng với --at; hoặc một trong --shift-days, --from, --drop.")
        )
    with open_counter(frame) as counter:
        if together:
            _together(counter, counter.by(name), told, yes=yes)
        elif single:
            click.echo(_move(counter, counter.by(name), told["post"], told["at"]))
        else:
            click.echo(_end(counter, counter.by(name), hold))


def _end(counter: Counter, by: By, hold: int | None) -> str:
    return released(counter.ledger.run_now(lambda c: acts.release(c, hold, by, desk=counter.desk)))


def _move(counter: Counter, by: By, post: str, at: str) -> str:
    moment = read_new_time(at, counter.now)
    return moved(
        counter.ledger.run_now(lambda c: acts.give_new_time(c, post, by, at=moment, desk=counter.desk))
    )


def _together(counter: Counter, by: By, told: Mapping[str, Any], *, yes: bool) -> None:
    """List what becomes of each held post, ask, and do it."""
    fates = counter.ledger.read_now(lambda c: _fates(c, by, told))
    click.echo("\n".join(show_fates(fates, by.now)))
    if not yes:
        click.confirm(_("Làm như trên?"), abort=True)
    done = counter.ledger.run_now(lambda c: _carry_out(c, fates, counter, by=by, told=told))
    click.echo("\n".join(show_done(done)))


def _carry_out(
    connection: Connection, shown: Sequence[Fate], counter: Counter, *, by: By, told: Mapping[str, Any]
) -> Done:
    """Do what was listed, if it still is what would be listed."""
    if stamp(_fates(connection, by, told)) != stamp(shown):
        raise NotAllowedError(_("Trong lúc hỏi đã có thay đổi. Xin gõ lại lệnh để xem tình hình hiện nay."))
    return carry_out(connection, shown, by, desk=counter.desk)


def _fates(connection: Connection, by: By, told: Mapping[str, Any]) -> list[Fate]:
    posts = held_posts(connection, by)
    if told["drop"]:
        return dropped(posts)
    if told["days"]:
        return shifted(posts, told["days"])
    return spread(posts, read_moment(told["first"], by.now), timedelta(minutes=told["every"]))
