"""Look an office over before anything leaves: channels, secrets, and each text on each platform."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot.moments import local_day
from bot.office import OfficeHome, identify
from bot.pins import secret_of
from bot.planning.listing import Line, lines_of
from bot.platforms import Renderers
from bot.secrets import FOLDER, MissingSecretError, SecretError
from bot.settings import FILE
from content_queue.localize import form_for
from content_queue.models import Entry, PlannedDelivery, Problem
from content_queue.ports import Secrets
from content_queue.store.approvals import DECIDING
from content_queue.texts import _
from content_queue.words import language_name, platform_name
from schedules.calendar import Calendar
from schedules.columns import CALENDAR_COLUMNS, MOMENT, find_header, language_columns
from schedules.office import Office
from schedules.planner import Plan, Span
from schedules.planner import plan as plan_entries
from schedules.readers import Sheet, file_problem, read_sheets
from schedules.refusals import ReadError

#: Far enough for whatever comes once a year, and for 29 February.
AHEAD = timedelta(days=4 * 366)


def secret_problems(opened: OfficeHome, secrets: Secrets) -> Iterator[Problem]:
    """Tell secrets that are named and cannot be had."""
    for name, file in sorted(_secret_names(opened).items()):
        try:
            secrets.get(name)
        except SecretError as error:
            code = "secret_missing" if isinstance(error, MissingSecretError) else "secret_unsafe"
            yield file_problem(file, ReadError(code, str(error), hint=""))


def _secret_names(opened: OfficeHome) -> dict[str, str]:
    """Return the names of all secrets in use -> the file that names them."""
    settings = opened.settings
    named = {settings.approval.bot_token: FILE, settings.facebook.app_secret: FILE}
    channels = (channel for channel in opened.office.channels if channel.mode == "api")
    named |= {channel.token: settings.channels for channel in channels}
    named |= {settings.mail.password: FILE} if settings.mail.host and settings.mail.user else {}
    named.pop("", None)
    return named


def tokenless(opened: OfficeHome) -> Iterator[Problem]:
    """Tell channels that need an account and name no secret."""
    for channel in opened.office.channels:
        if channel.mode == "api" and channel.platform != "site" and not channel.token:
            message = _("Kênh “{name}” chưa ghi tên khóa bí mật.").format(name=channel.name)
            hint = _("Điền cột token: tên một tệp trong thư mục secrets.")
            yield file_problem(opened.settings.channels, ReadError("token_missing", message, hint=hint))


def platform_problems(
    calendar: Calendar, opened: OfficeHome, *, now: datetime, folder: Path
) -> Iterator[Problem]:
    """Tell the texts that a platform would refuse, each at its cell in `folder`."""
    read = cache(lambda file: read_sheets(folder / file))
    entries = identify(calendar).entries
    for line, reason in refused_lines(entries, opened.knowing(calendar.campaigns), now=now, folder=folder):
        yield _at_cell(line, reason, read)


def refused_lines(
    entries: Iterable[Entry], opened: OfficeHome, *, now: datetime, folder: Path
) -> Iterator[tuple[Line, str]]:
    """Give what a platform would refuse, with the reason.

    The next occurrence of each entry is looked at, on the channel of each platform and language
    that puts the most hashtags under it.
    """
    publishers, plan = Renderers(opened.home, opened.settings), plan_ahead(entries, opened, now)
    first = {post.entry.code: post for post in reversed(plan.posts)}
    for post in sorted(first.values(), key=lambda post: astuple(post.entry.place)):
        deliveries = _longest(plan.deliveries_of(post))
        lines = lines_of(post, deliveries, office=opened.office, publishers=publishers, folder=folder)
        yield from _refusals(lines)


def _refusals(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """Give each reason once for a text: with the platform's name if it is only that platform's."""
    alike: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.payload is None:
            alike.setdefault((line.delivery.text_locale, line.refusal), []).append(line)
    for (_locale, reason), same in alike.items():
        platform = platform_name(same[0].delivery.channel.platform)
        told = reason if len(same) > 1 or platform in reason else f"{platform}: {reason}"
        yield same[0], told


def plan_ahead(entries: Iterable[Entry], opened: OfficeHome, now: datetime) -> Plan:
    """Plan far enough to see each entry once."""
    today = local_day(now)[0]
    span = Span(today.date(), today.date() + AHEAD, now)
    return plan_entries(entries, opened.planning(), span=span)


def _longest(deliveries: Iterable[PlannedDelivery]) -> list[PlannedDelivery]:
    """Return, of each platform and language that has a text, the delivery with the most hashtags."""
    found: dict[tuple[str, str], PlannedDelivery] = {}
    for delivery in deliveries:
        kind = delivery.channel.platform, delivery.text_locale
        held = found.get(kind)
        if delivery.text_locale and (held is None or _tags(held) < _tags(delivery)):
            found[kind] = delivery
    return list(found.values())


def _tags(delivery: PlannedDelivery) -> int:
    return sum(map(len, delivery.channel.hashtags))


def _at_cell(line: Line, reason: str, read: Callable[[str], Sequence[Sheet]]) -> Problem:
    """Tell a refusal where the text stands: the file is read again, as entries do not know their columns."""
    place, field = line.post.entry.place, f"text.{line.delivery.text_locale}"
    hint = _("Xem bài sẽ hiện ra thế nào: loa preview {entry}").format(entry=line.post.entry.code)
    error = ReadError("platform_refuses", reason, hint=hint)
    for sheet in read(place.file):
        header = find_header(sheet, (*CALENDAR_COLUMNS, MOMENT, *language_columns()))
        for row in sheet.rows if header and sheet.name == place.sheet else ():
            if place.row == (row.number if sheet.cells else row.line):
                column = header.fields.get(field, 0) if header else 0
                return sheet.problem(row, column, field=field, error=error)
    return file_problem(place.file, error)


def remarks(opened: OfficeHome) -> Iterator[str]:
    """Say what is no mistake, and good to know."""
    if not any(person.roles & DECIDING for person in opened.people):
        yield _(
            'Chưa có ai có quyền duyệt (roles = ["approver"] hoặc ["leader"]): sẽ không bài nào được đăng.'
        )
    if opened.settings.rehearsal:
        yield _("Đang chạy thử: bài chỉ lên các nền tảng mô phỏng trên máy này.")
    yield from _unsure_of_languages(opened.office)
    yield from _of_letters(opened)
    served = opened.settings.rehearsal or opened.settings.media.public_url
    if not served and any(channel.platform == "zalo" for channel in opened.office.channels):
        yield _(
            "Zalo: chưa đặt [media] public_url nên ảnh trên máy không lên Zalo; "
            "ảnh bìa lấy từ địa chỉ https trong lịch hoặc từ [zalo] default_cover."
        )


def _of_letters(opened: OfficeHome) -> Iterator[str]:
    """Say who is reached neither by Telegram nor by letter, and who could look but not decide."""
    mail, page = opened.settings.mail.host, opened.settings.page.public_url
    if bool(mail) != bool(page):
        yield _("Duyệt qua thư cần cả [mail] host và [page] public_url; mới có một nên loa chưa gửi thư.")
    unreached = [p.name for p in opened.people if p.telegram_id is None and not (p.email and mail and page)]
    if unreached:
        told = _("Không nhận được tin nào, vì không có telegram_id và cũng không nhận được thư: {names}.")
        yield told.format(names=", ".join(unreached))
    folder = opened.home / FOLDER
    unable = [p.name for p in opened.people if p.email and not (folder / secret_of(p.name)).exists()]
    if mail and page and unable:
        told = _("Nhận thư nhưng chưa có mã PIN để quyết định: {names}. Đặt mã: loa people pin “HỌ TÊN”")
        yield told.format(names=", ".join(unable))


def _unsure_of_languages(office: Office) -> Iterator[str]:
    """Say in which languages in use our words were not confirmed, or are Vietnamese for want of others."""
    parts = {
        "anniversary": _("lễ kỷ niệm"),
        "ordinals": _("số thứ tự"),
        "lunar": _("ngày âm lịch"),
    }
    for locale in sorted({locale for channel in office.channels for locale in channel.languages}):
        form = form_for(locale, office.forms)
        if form.language != locale and not (form.date and form.weekdays):
            told = _(
                "{language}: chưa có đủ tên ngày, thứ, tháng nên các chỗ điền hiện bằng tiếng Việt. "
                "Ghi các từ ấy vào tệp ngon-ngu.csv."
            )
            yield told.format(language=_begun(locale))
        elif not form.verified:
            told = _(
                "{language}: cách viết {parts} chưa có ai thạo tiếng xác nhận. "
                "Nhờ người đọc lại rồi ghi tên người ấy vào tệp ngon-ngu.csv (từ: xác nhận)."
            )
            unsure = ", ".join(word for part, word in parts.items() if part in form.unverified)
            yield told.format(language=_begun(locale), parts=unsure)


def _begun(locale: str) -> str:
    name = language_name(locale)
    return name[:1].upper() + name[1:]
