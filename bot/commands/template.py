"""`loa template`: a workbook to plan in."""

from pathlib import Path

import click

from bot.errors import LoaError
from bot.frame import Frame
from content_queue.texts import N_, _
from schedules.template import write_template


@click.command(help=N_("Ghi ra một tệp Excel mẫu để soạn lịch nội dung, có sẵn danh mục kênh và cơ quan."))
@click.argument("file", metavar=N_("TỆP.xlsx"), type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def command(frame: Frame, file: Path) -> None:
    """Write the workbook; what is there is never overwritten."""
    if file.suffix.lower() != ".xlsx":
        raise LoaError(_("Tệp mẫu phải có đuôi .xlsx."), next_step=f"loa template {file.stem or 'lich'}.xlsx")
    if file.exists():
        told = _("{file} đã có; loa không ghi đè tệp của bạn.").format(file=file)
        raise LoaError(told, next_step=_("Gõ lại với một tên tệp khác"))
    if not file.absolute().parent.is_dir():
        raise LoaError(_("Không thấy thư mục {folder}.").format(folder=file.absolute().parent))
    write_template(file, frame.office().office)
    click.echo(_("Đã ghi {file}. Soạn xong, lưu vào thư mục lịch rồi gõ: loa check").format(file=file))
