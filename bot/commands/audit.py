"""`loa audit`: who did what, whether what is written down is whole, and exports of it."""

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import click

from bot.acts import By
from bot.commands.audit_demands import demands
from bot.counter import Counter, open_counter
from bot.errors import LoaError
from bot.frame import Frame
from bot.moments import DAY, iso, show
from bot.printing import print_array, print_table
from bot.tables import write_table
from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.store import Connection
from content_queue.store import audit as ledger
from content_queue.store.audit import Act, Broken, Sealed
from content_queue.texts import N_, _

#: How the chain does not hold -> its sentence.
BROKEN: Mapping[str, str] = {
    "changed": N_("Dòng {row} của nhật ký đã bị sửa: nội dung không khớp với niêm của nó."),
    "cut": N_("Dòng {row} của nhật ký không nối với dòng trước nó: có dòng đã bị thay."),
    "missing": N_("Trước dòng {row} của nhật ký có dòng đã mất."),
}
HEAD = ("id", "at", "key", "name", "way", "verb", "subject", "detail", "previous", "seal")


@click.group(help=N_("Nhật ký ai đã quyết gì: kiểm tra, xem, xuất ra tệp."))
def command() -> None:
    """Look after the audit."""


command.add_command(demands)


@command.command(help=N_("Kiểm tra nhật ký còn nguyên vẹn, không dòng nào bị sửa hay mất."))
@click.option(
    "--seal",
    default="",
    metavar=N_("NIÊM"),
    help=N_("Một niêm đã ghi lại trước đây, để biết nhật ký không bị cắt bớt từ đó."),
)
@click.pass_obj
def verify(frame: Frame, seal: str) -> None:
    """Reckon every seal again."""
    with open_counter(frame) as counter:
        broken, end = counter.ledger.read_now(lambda c: (ledger.first_broken(c), ledger.head(c)))
        if broken is not None:
            raise _refusal(broken)
        if seal:
            _look_for(counter, seal)
    told = _("Nhật ký nguyên vẹn: {rows} dòng, dòng cuối số {last}, niêm {seal}.")
    click.echo(told.format(rows=end.rows, last=end.last, seal=end.seal))


@command.command("show", help=N_("Xem những dòng gần nhất của nhật ký."))
@click.option("--subject", default="", metavar=N_("MÃ"), help=N_("Chỉ những gì về một bài hay một lệnh."))
@click.option(
    "--last", default=50, type=click.IntRange(1, 100_000), metavar="N", help=N_("Bao nhiêu dòng cuối.")
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_obj
def show_last(frame: Frame, subject: str, last: int, *, as_json: bool) -> None:
    """Print the last rows."""
    with open_counter(frame) as counter:
        rows, names = counter.ledger.read_now(lambda c: _last_of(c, subject, last))
    if as_json:
        print_array(as_object(row, names) for row in rows)
        return
    head = [_("Số"), _("Lúc"), _("Ai"), _("Cách"), _("Việc"), _("Về"), _("Chi tiết")]
    print_table(head, [_cells(row, names) for row in rows])


@command.command(help=N_("Xuất nhật ký ra tệp .xlsx hoặc .csv; có thể lấy phần cũ ra khỏi sổ."))
@click.argument("file", metavar=N_("TỆP"), type=click.Path(dir_okay=False, path_type=Path))
@click.option("--until", type=DAY, metavar=N_("NGÀY"), help=N_("Chỉ những gì trước ngày này (2027-01-01)."))
@click.option("--take-out", is_flag=True, help=N_("Lấy phần đã xuất ra khỏi sổ, để lại một dòng làm chứng."))
@click.option("--as", "name", default="", metavar=N_("HỌ_TÊN"), help=N_("Ai lấy ra, theo settings.toml."))
@click.pass_obj
def export(frame: Frame, file: Path, until: datetime | None, *, take_out: bool, name: str) -> None:
    """Write rows into a file; what is there is never overwritten."""
    if take_out and not (until and name):
        raise click.UsageError(_("Lấy ra khỏi sổ thì cần cả --until và --as."))
    before = until.replace(tzinfo=OFFICE_ZONE) if until else None
    with open_counter(frame) as counter:
        broken = counter.ledger.read_now(ledger.first_broken)
        if broken is not None:
            raise _refusal(broken)
        if counter.ledger.read_now(lambda c: next(ledger.sealed_rows(c, until=before), None)) is None:
            raise LoaError(_("Không có dòng nào để xuất."))
        by = _keeper(counter, name) if take_out else None
        last = counter.ledger.read_now(lambda c: _write(c, file, before))
        click.echo(_("Đã xuất nhật ký đến dòng {last} vào {file}.").format(last=last.id, file=file))
        if by is not None:
            _take_out(counter, file, last, by)


@command.command(help=N_("Xóa họ tên một người khỏi nhật ký; việc đã làm vẫn còn, không mang tên ai."))
@click.argument("name", metavar=N_("HỌ_TÊN"))
@click.option("--as", "who", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai xóa, theo settings.toml."))
@click.pass_obj
def forget(frame: Frame, name: str, who: str) -> None:
    """Erase a name; that somebody did so stays written down."""
    with open_counter(frame) as counter:
        by = _keeper(counter, who)
        act = Act(by.now, by.person.name, by.way, "forget", "", {})
        if not counter.ledger.run_now(lambda c: ledger.erase_name(c, name, act)):
            raise LoaError(_("Nhật ký không có ai tên “{name}”.").format(name=name))
    click.echo(_("Đã xóa tên “{name}” khỏi nhật ký.").format(name=name))


def as_object(row: Sealed, names: Mapping[str, str]) -> dict[str, object]:
    """Return the stable contract of `loa audit show --json`."""
    act = row.act
    return {
        "id": row.id,
        "at": iso(act.at),
        "key": act.actor,
        "name": names.get(act.actor),
        "way": act.way,
        "verb": act.verb,
        "subject": act.subject,
        "detail": act.detail,
        "previous": row.previous,
        "seal": row.seal,
    }


def _keeper(counter: Counter, name: str) -> By:
    """Return who takes something out of the audit: an administrator or a leader."""
    by = counter.by(name)
    if not by.person.roles & {"admin", "leader"}:
        raise LoaError(_("Chỉ quản trị viên hoặc lãnh đạo được lấy bớt hay xóa tên trong nhật ký."))
    return by


def _refusal(broken: Broken) -> LoaError:
    return LoaError(
        _(BROKEN[broken.how]).format(row=broken.row),
        next_step=_("Đừng chạy tiếp trên sổ này; so với bản sao lưu gần nhất trong backups/ và báo lãnh đạo"),
    )


def _look_for(counter: Counter, seal: str) -> None:
    found = counter.ledger.read_now(
        lambda c: next((row.id for row in ledger.sealed_rows(c) if row.seal.startswith(seal)), None)
    )
    if found is None:
        told = _(
            "Không dòng nào mang niêm {seal}: nhật ký đã bị cắt bớt hoặc viết lại từ khi niêm ấy được ghi."
        )
        raise LoaError(told.format(seal=seal))
    click.echo(_("Niêm {seal} là của dòng {row}.").format(seal=seal, row=found))


def _last_of(connection: Connection, subject: str, last: int) -> tuple[list[Sealed], dict[str, str]]:
    rows = (row for row in ledger.sealed_rows(connection) if not subject or row.act.subject == subject)
    return list(deque(rows, last)), ledger.names_of(connection)


def _cells(row: Sealed, names: Mapping[str, str]) -> list[str]:
    act = row.act
    who = names.get(act.actor, act.actor)
    detail = json.dumps(act.detail, ensure_ascii=False) if act.detail else ""
    return [str(row.id), show(act.at), who, act.way, act.verb, act.subject, detail]


def _write(connection: Connection, file: Path, until: datetime | None) -> Sealed:
    """Write all rows that came before `until`, of which there is one at least; return the last of them."""
    names = ledger.names_of(connection)
    last: list[Sealed] = []

    def cells() -> Iterator[list[str]]:
        for row in ledger.sealed_rows(connection, until=until):
            last[:] = [row]
            told = as_object(row, names)
            yield [
                json.dumps(told[name], ensure_ascii=False) if name == "detail" else str(told[name] or "")
                for name in HEAD
            ]

    write_table(file, HEAD, cells())
    return last[0]


def _take_out(counter: Counter, file: Path, last: Sealed, by: By) -> None:
    told = {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    act = Act(by.now, by.person.name, by.way, ledger.CHECKPOINT, "audit", told)
    count = counter.ledger.run_now(lambda c: ledger.take_out(c, last, act))
    click.echo(_("Đã lấy {count} dòng ra khỏi sổ. Giữ tệp {file} cẩn thận.").format(count=count, file=file))
