"""`loa preview`: one entry as it will appear on each platform, in each language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.checkup import plan_ahead
from bot.errors import LoaError
from bot.frame import Frame
from bot.moments import iso, show
from bot.office import entry_named, identify, read_calendars
from bot.planning.listing import Line, lines_of
from bot.planning.remembered import open_remembered
from bot.platforms import Renderers
from bot.printing import print_array
from content_queue.kinds import kind_name
from content_queue.models import PlannedPost
from content_queue.texts import N_, _
from content_queue.words import platform_name
from schedules.translations import translated


@dataclass(frozen=True, slots=True)
class View:
    """One way the entry will look, and the channels that will show it so."""

    line: Line
    channels: tuple[str, ...]


@click.command(help=N_("Xem một mục lịch (theo Mã bài) sẽ hiện ra thế nào trên từng nền tảng và ngôn ngữ."))
@click.argument("entry", metavar=N_("MÃ_BÀI"))
@click.option(
    "--html",
    "page",
    metavar=N_("TỆP.html"),
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("Ghi thành một trang, mỗi ngôn ngữ một phần, để mở bằng trình duyệt hay gửi đi."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_obj
def command(frame: Frame, entry: str, *, page: Path | None, as_json: bool) -> None:
    """Show the next occurrence of the entry."""
    opened = frame.office()
    with open_remembered(frame.home) as remembered:
        calendar = read_calendars(opened)
        opened = opened.knowing(remembered.moved(calendar.campaigns))
        entries = identify(calendar, remembered.entries()).entries
        found = entry_named(translated(entries, remembered.translations()), entry)
    if found is None:
        told = _("Không có mục nào mang mã “{code}”.").format(code=entry)
        raise LoaError(told, next_step=_("Xem các mã: loa plan; xem dòng bị lỗi: loa check"))
    plan = plan_ahead([found], opened, frame.now())
    if not plan.posts:
        told = _("Mục “{code}” không còn ngày nào phía trước, hoặc không có kênh nào nhận.")
        raise LoaError(
            told.format(code=found.code), next_step=_("Sửa ngày, năm hoặc kênh của mục trong lịch")
        )
    post, publishers = plan.posts[0], Renderers(frame.home, opened.settings)
    lines = lines_of(
        post, plan.deliveries_of(post), office=opened.office, publishers=publishers, folder=opened.calendars
    )
    if page:
        _write(page, post, lines)
        return
    views = list(views_of(lines))
    if as_json:
        print_array(_as_json(view) for view in views)
    else:
        _show(post, views)


def _write(page: Path, post: PlannedPost, lines: Iterable[Line]) -> None:
    from bot.planning.preview_page import write_page  # noqa: PLC0415 -- words in a terminal need no templates

    if page.exists():
        told = _("{file} đã có; loa không ghi đè tệp của bạn.").format(file=page)
        raise LoaError(told, next_step=_("Gõ lại với một tên tệp khác"))
    write_page(page, post, lines)
    click.echo(_("Đã ghi {file}. Mở bằng trình duyệt để xem.").format(file=page))


def views_of(lines: Iterable[Line]) -> Iterator[View]:
    """Gather the deliveries that look the same on the same platform."""
    alike: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        text = line.payload.text if line.payload else line.refusal
        alike.setdefault((line.delivery.channel.platform, line.delivery.locale, text), []).append(line)
    for same in alike.values():
        yield View(same[0], tuple(line.delivery.channel.name for line in same))


def _show(post: PlannedPost, views: Iterable[View]) -> None:
    click.echo(f"{post.id}  {show(post.due)}")
    for view in views:
        line = view.line
        click.echo()
        click.echo(
            f"── {platform_name(line.delivery.channel.platform)} ({line.delivery.locale}) · {_names(view)}"
        )
        if line.payload is None:
            click.echo(_("Chưa đăng được: {reason}").format(reason=line.refusal))
            continue
        click.echo(line.payload.text)
        if "broadcast" in line.payload.fields:
            click.echo(_("[gửi thẳng tới mọi người quan tâm của kênh]"))
        for picture in line.payload.media:
            click.echo(f"[{kind_name(picture.kind)}: {picture.name}]")


def _names(view: View) -> str:
    if len(view.channels) == 1:
        return view.channels[0]
    return _("{first} và {number} kênh khác").format(first=view.channels[0], number=len(view.channels) - 1)


def _as_json(view: View) -> Mapping[str, Any]:
    line = view.line
    return {
        "entry": line.post.entry.code,
        "post": line.post.id,
        "due": iso(line.post.due),
        "platform": line.delivery.channel.platform,
        "locale": line.delivery.locale,
        "channels": view.channels,
        "text": line.payload.text if line.payload else None,
        "pictures": [picture.name for picture in line.payload.media] if line.payload else [],
        "reason": line.refusal or None,
    }
