"""What people are told after calendars were read: mistakes, what changed, what waits for a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from content_queue.models import ComposedPost, Problem, digest
from content_queue.store.approvals import PROVINCE
from content_queue.store.calendar import Change
from content_queue.store.notices import Word
from content_queue.texts import _
from content_queue.words import language_name
from schedules.annotated import copy_of
from schedules.translations import Wanted

if TYPE_CHECKING:
    from bot.planning.reading import Reading

#: Mistakes told in one message; `loa check` tells all.
MOST = 10


def tidings(reading: Reading, changes: Sequence[Change], today: date) -> Iterator[Word]:
    """Give everything that is to be told; the key of each makes sure it is told once."""
    yield from _mistakes(reading.problems)
    yield from _replaced(reading)
    yield from _past(reading)
    yield from _undated(reading)
    yield from _skipped(reading)
    yield from (word for each in reading.wanted if (word := _translation(each, today)))
    yield from (word for item in reading.composed for word in _awaited(item))
    yield from (word for change in changes if (word := _changed(change)))


def _mistakes(problems: Sequence[Problem]) -> Iterator[Word]:
    """Tell the mistakes of each file, those of each author apart: everybody hears of their own rows."""
    wrong = [problem for problem in problems if problem.severity == "error"]
    for file, author in sorted({(problem.file, problem.author) for problem in wrong}):
        here = [problem for problem in wrong if (problem.file, problem.author) == (file, author)]
        lines = [f"• {where(p)}: {p.message} {p.hint}".strip() for p in here[:MOST]]
        if len(here) > MOST:
            lines.append(_("… và {count} chỗ nữa. Gõ loa check để xem đủ.").format(count=len(here) - MOST))
        copy = copy_of(Path(file))
        if any(p.cell for p in here):
            lines.append(_("Bản có đánh dấu từng ô: {copy}").format(copy=f"{copy.parent}/{copy.name}"))
        text = "\n".join([_headline(here).format(file=file, count=len(here)), *lines])
        yield Word(f"mistakes:{file}:{digest([author, *lines])}", PROVINCE, author, text)


def _headline(problems: Sequence[Problem]) -> str:
    """Say what stands: the other rows, or, where the file was refused whole, what was read before."""
    if any(problem.code.startswith("file_") for problem in problems):
        return _("Không nhận tệp {file}; các mục đã nhận từ tệp này trước đó vẫn có hiệu lực.")
    return _("Tệp {file} có {count} chỗ cần sửa; các mục khác vẫn có hiệu lực.")


def where(problem: Problem) -> str:
    """Say where a mistake stands: sheet and cell, or the line."""
    if problem.cell:
        return f"{problem.sheet}!{problem.cell}" if problem.sheet else problem.cell
    return _("dòng {line}").format(line=problem.line) if problem.line else problem.file


def _replaced(reading: Reading) -> Iterator[Word]:
    entries = {entry.code: entry for entry in reading.matching.entries}
    for old, new in reading.matching.replaced:
        entry = entries[new]
        text = _(
            "Mục {old} đã hủy và mục {new} là mục mới, vì dòng đó đổi quá nhiều để nhận ra. "
            "Muốn giữ một mục khi sửa lớn, xin điền cột Mã bài."
        ).format(old=old, new=new)
        yield Word(f"replaced:{old}:{new}", entry.agency, entry.author, text)


def _undated(reading: Reading) -> Iterator[Word]:
    """Remind of occasions that nobody has announced a day for."""
    for each in reading.plan.undated:
        entry = each.entry
        text = _(
            "Mục {entry}: {words} năm {year} chưa có ngày nên chưa lên kế hoạch. "
            "Khi có ngày, xin ghi vào tệp dip.csv hoặc vào cột Ngày."
        ).format(entry=entry.code, words=entry.date_words, year=each.year)
        yield Word(f"undated:{entry.code}:{each.year}", entry.agency, entry.author, text)


def _past(reading: Reading) -> Iterator[Word]:
    ids = [post.id for post in reading.plan.past]
    if ids:
        text = _("Những bài sau đã qua giờ đăng khi lịch được đọc lần đầu nên không lên kế hoạch: {posts}")
        listed = ", ".join(ids[:MOST]) + (" …" if len(ids) > MOST else "")
        yield Word(f"past:{digest(ids)}", PROVINCE, "", text.format(posts=listed))


def _skipped(reading: Reading) -> Iterator[Word]:
    posts = {post.id: post for post in reading.plan.posts}
    for skipped in reading.plan.skipped:
        if skipped.post in posts:
            entry = posts[skipped.post].entry
            text = _(
                "Bài {post} không đăng bản {locale} vì chưa có nội dung {language} ({count} kênh)."
            ).format(
                post=skipped.post,
                locale=skipped.locale,
                language=language_name(skipped.locale),
                count=len(skipped.channels),
            )
            yield Word(f"skipped:{skipped.post}:{skipped.locale}", entry.agency, entry.author, text)


def _translation(wanted: Wanted, today: date) -> Word | None:
    """Tell a translation that became stale, or is not there though its deadline went by; once each."""
    entry, kept, language = wanted.entry, wanted.kept, language_name(wanted.locale)
    if kept is not None and wanted.stale:
        text = _(
            "Bài {entry} đã sửa sau khi dịch, nên bản {language} đã cũ và không được đăng. "
            "Xuất lại tệp cho người dịch: loa translate export"
        )
        key = f"stale:{entry.code}:{wanted.locale}:{digest([kept.source, wanted.source])[:16]}"
    elif kept is not None and wanted.late(today):
        text = _("Bài {entry} quá hạn bản {language} (hạn {day}), chưa có bản đã kiểm.")
        key = f"late:{entry.code}:{wanted.locale}:{kept.deadline}"
    else:
        return None
    day = f"{kept.deadline:%d/%m/%Y}" if kept.deadline else ""
    said = text.format(entry=entry.code, language=language, day=day)
    return Word(key, entry.agency, entry.author, said)


def _awaited(item: ComposedPost) -> Iterator[Word]:
    missing = sorted({d.locale for d in item.deliveries if d.payload is None})
    if missing and not item.problems:
        entry = item.post.entry
        text = _("Bài {post} còn thiếu nội dung: {languages}. Đến giờ mà chưa có thì các bản đó không đăng.")
        said = text.format(post=item.post.id, languages=", ".join(map(_coded, missing)))
        yield Word(f"awaited:{item.post.id}:{'-'.join(missing)}", entry.agency, entry.author, said)


def _coded(locale: str) -> str:
    """Return `en (tiếng Anh)`: columns and settings go by the code."""
    return f"{locale} ({language_name(locale)})"


def _changed(change: Change) -> Word | None:
    texts = {
        "drafted": _("Bài {post} trở về bản nháp: {reasons}"),
        "cancelled": _("Bài {post} đã hủy: {reasons}"),
    }
    if change.kind not in texts and not change.reasons:
        return None
    reasons = "; ".join(_reason(reason) for reason in change.reasons) or _("lịch đã đổi")
    text = texts.get(change.kind, _("Bài {post} còn là bản nháp: {reasons}")).format(
        post=change.post, reasons=reasons
    )
    return Word(
        f"{change.kind}:{change.post}:{digest([change.due, reasons])}", change.agency, change.author, text
    )


def _reason(reason: str) -> str:
    return {
        "gone": _("dòng của bài không còn trong lịch"),
        "moved": _("bài không còn trong kế hoạch những ngày tới"),
        "row_wrong": _("dòng của bài có chỗ sai, xin sửa trong lịch"),
    }.get(reason, reason)
