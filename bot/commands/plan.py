"""`loa plan`: what will go out, when and where, as the calendars stand now."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bot.frame import Frame
from bot.moments import DAY, local_day, show
from bot.office import OfficeHome, identify, read_calendars
from bot.planning.listing import as_json as standing_as_json
from bot.planning.listing import audience, lines_of_plan, standings
from bot.planning.plan_differences import DIFFERING, compared, print_differences
from bot.planning.plan_table import about, print_year
from bot.planning.remembered import open_remembered
from bot.platforms import Renderers
from bot.printing import print_array, warn_of_errors
from content_queue.models import PlannedPost
from content_queue.texts import N_, _
from content_queue.words import language_name, platform_name
from schedules.clock import OFFICE_ZONE
from schedules.planner import Plan, Span
from schedules.planner import plan as plan_entries
from schedules.translations import translated


@click.command(help=N_("Xem những bài sẽ đăng, theo ngày, kênh và ngôn ngữ."))
@click.option(
    "--from",
    "first",
    type=DAY,
    metavar=N_("NGÀY"),
    help=N_("Từ ngày 2026-11-20 hoặc 20/11/2026; mặc định hôm nay."),
)
@click.option(
    "--to",
    "last",
    type=DAY,
    metavar=N_("NGÀY"),
    help=N_("Đến hết ngày nào; mặc định theo horizon_days trong cài đặt."),
)
@click.option("--year", type=click.IntRange(1968, 2100), metavar=N_("NĂM"), help=N_("Cả năm, thành bảng."))
@click.option(
    "--diff",
    "other",
    metavar=N_("TỆP"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Tệp lịch này khác lịch đang dùng ở những bài nào."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_obj
def command(frame: Frame, /, *, other: Path | None, as_json: bool, **days: Any) -> None:
    """Read the calendars, plan them, print what comes out."""
    opened = frame.office()
    ahead = DIFFERING if other else opened.settings.calendar.horizon_days
    span = _span(ahead, now=frame.now(), **days)
    calendar = read_calendars(opened)
    with open_remembered(frame.home) as remembered:
        opened = opened.knowing(remembered.moved(calendar.campaigns))
        entries, kept = identify(calendar, remembered.entries()).entries, remembered.translations()
        if other:
            differing = compared(other, entries, opened=opened, kept=kept, span=span)
            print_differences(differing, as_json=as_json)
            return
        plan = plan_entries(translated(entries, kept), opened.planning(), span=span)
        if as_json:
            publishers = Renderers(frame.home, opened.settings)
            lines = lines_of_plan(plan, opened, publishers=publishers)
            found = standings(lines, remembered, publishers=publishers)
            print_array(standing_as_json(standing, opened) for standing in found)
        else:
            (print_year if days["year"] else _show)(plan, opened)
            _sum_up(plan, span)
    warn_of_errors((*opened.problems, *calendar.problems))


def _span(
    days: int, *, now: datetime, first: datetime | None, last: datetime | None, year: int | None
) -> Span:
    if year is None:
        return span_between(first, last, now=now, days=days)
    if first or last:
        raise click.UsageError(_("Ghi --year, hoặc --from và --to; không ghi cả hai."))
    ends = (datetime(year, 1, 1, tzinfo=OFFICE_ZONE), datetime(year, 12, 31, tzinfo=OFFICE_ZONE))
    return span_between(*ends, now=now, days=days)


def span_between(first: datetime | None, last: datetime | None, *, now: datetime, days: int) -> Span:
    """Return the asked-for local days. A first day in the past is looked at as from its own morning."""
    today = local_day(now)[0].date()
    begin = first.date() if first else today
    end = last.date() if last else begin + timedelta(days=days - 1)
    if end < begin:
        raise click.BadParameter(_("ngày cuối ở trước ngày đầu"), param_hint="--to")
    morning = local_day(now, (begin - today).days)[0]
    return Span(begin, end, min(now, morning) if first else now)


def _show(plan: Plan, opened: OfficeHome) -> None:
    for post in plan.posts:
        click.echo(_headline(post, opened))
        for (platform, locale), number in sorted(audience(plan, post).items()):
            click.echo(
                _("    {platform} ({locale}): {number} kênh").format(
                    platform=platform_name(platform), locale=locale, number=number
                )
            )


def _sum_up(plan: Plan, span: Span) -> None:
    click.echo(
        _("{posts} bài, {deliveries} lượt đăng, từ {first} đến {last}.").format(
            posts=len(plan.posts),
            deliveries=sum(1 for _delivery in plan.deliveries()),
            first=_day(span.first),
            last=_day(span.last),
        )
    )
    for line in _left_out(plan):
        click.echo(line)


def _headline(post: PlannedPost, opened: OfficeHome) -> str:
    agency = opened.office.agencies[post.entry.agency].names["vi"]
    return f"{show(post.due)}  {post.id}  {agency}: {about(post)[:60]}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _left_out(plan: Plan) -> Iterator[str]:
    """Say what is not planned, and why."""
    for post in plan.past:
        yield _("Đã qua, không đăng: {post} ({due})").format(post=post.id, due=show(post.due))
    for undated in plan.undated:
        yield _("Chưa có ngày trong năm {year}: {entry}").format(year=undated.year, entry=undated.entry.code)
    for skipped in plan.skipped:
        yield _("Bỏ qua vì thiếu bản {language}: {post}, {number} kênh").format(
            language=language_name(skipped.locale), post=skipped.post, number=len(skipped.channels)
        )
    for post in plan.unheard:
        yield _("Không có kênh nào nhận: {post}").format(post=post.id)
    for post in plan.uncertain:
        yield _("Ngày âm lịch xa, cần kiểm lại khi có lịch chính thức: {post}").format(post=post.id)
    for refused in plan.refused:
        yield _("Không lập được: {entry}. {message}").format(
            entry=refused.entry.code, message=refused.error.message
        )
