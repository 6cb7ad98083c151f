"""`loa init`: a new home that runs in rehearsal at once."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import click

from bot.errors import LoaError
from bot.frame import Frame
from bot.secrets import FOLDER
from bot.settings import FILE, Settings
from content_queue.texts import N_, _
from content_queue.words import platform_name
from publishers import PLATFORMS
from schedules import agencies, occasions
from schedules.channels import read_channels
from schedules.columns import CHANNEL_COLUMNS
from schedules.office import Office
from schedules.template import write_template

WORKBOOK = "lich-noi-dung.xlsx"
#: Provincial bodies that the first list of channels has, each on every platform: code -> short name.
BODIES: Mapping[str, str] = {
    "ubnd-tinh": N_("UBND tỉnh"),
    "svhttdl": N_("Sở Văn hóa - Thể thao - Du lịch"),
    "cong-ttdt": N_("Cổng thông tin điện tử tỉnh"),
}
#: Platform -> what the made-up ids of its channels begin with.
PLATFORM_PREFIXES: Mapping[str, str] = {
    "facebook": "1000000000",
    "zalo": "2000000000",
    "telegram": "-10010000000",
}
GROUP = "cap-tinh"


@click.command(
    help=N_("Tạo thư mục làm việc mới, chạy thử được ngay. Không nêu DIR thì dùng thư mục đang đứng.")
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def command(frame: Frame, folder: Path | None) -> None:
    """Lay out a home; what is there is never overwritten."""
    home = folder or frame.home
    if (home / FILE).exists():
        told = _("{file} đã có; loa không ghi đè cài đặt của bạn.").format(file=home / FILE)
        raise LoaError(told, next_step=f"loa --home {home} check")
    lay_out(home)
    for line in _next_steps(home):
        click.echo(line)


def lay_out(home: Path) -> None:
    """Write settings, channels, a workbook and the folder for secrets into `home`."""
    defaults, bodies = Settings(), agencies.load()
    home.mkdir(parents=True, exist_ok=True)
    (home / FOLDER).mkdir(mode=0o700, exist_ok=True)
    (home / defaults.calendar.folder).mkdir(exist_ok=True)
    channels = home / defaults.channels
    if not channels.exists():
        _write_channels(channels)
    workbook = home / defaults.calendar.folder / WORKBOOK
    if not workbook.exists():
        known, _problems = read_channels(channels, bodies, PLATFORMS)
        write_template(workbook, Office(bodies, known, occasions.load()))
    # Last, because its presence is what makes a folder a home.
    (home / FILE).write_text(files("bot.data").joinpath(FILE).read_text("utf-8"), "utf-8")


def _write_channels(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
        writer = csv.writer(file)
        writer.writerow(column.field for column in CHANNEL_COLUMNS)
        writer.writerows(_channel_rows())


def _channel_rows() -> Iterator[Sequence[str]]:
    """Yield the columns of `CHANNEL_COLUMNS`."""
    for number, (agency, name) in enumerate(BODIES.items()):
        for platform, prefix in PLATFORM_PREFIXES.items():
            called, account = f"{platform_name(platform)} {_(name)}", f"{prefix}{number:02}"
            token = f"zalo-{account}" if platform == "zalo" else f"{platform}-{agency}"
            yield called, agency, platform, account, "vi", GROUP, "api", token, ""
        yield f"{platform_name('site')} {_(name)}", agency, "site", agency, "vi;en", GROUP, "api", "", ""


def _next_steps(home: Path) -> Iterator[str]:
    yield _("Đã tạo thư mục làm việc {home} ở chế độ chạy thử.").format(home=home)
    yield ""
    yield _("Việc tiếp theo:")
    yield _("  1. Soạn lịch trong {workbook}").format(workbook=home / Settings().calendar.folder / WORKBOOK)
    yield _("  2. Kiểm tra:       loa --home {home} check").format(home=home)
    yield _("  3. Xem kế hoạch:   loa --home {home} plan").format(home=home)
    yield _("  4. Chạy:           loa --home {home} run").format(home=home)
    yield ""
    yield _(
        "Khi đăng thật: sửa channels.csv, cất khóa vào {secrets}, đổi rehearsal = false trong {file}."
    ).format(secrets=home / FOLDER, file=FILE)
