"""The command `loa`: which commands there are, what is common to all, and how each may end."""

import copy
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.errors import FAILED, LoaError
from bot.frame import Frame
from content_queue.texts import LANGUAGES, _, lend_to_click, speaking

AnyCommand = TypeVar("AnyCommand", bound=click.Command)

#: command -> module with one `@click.command` called `command`; imported when it is asked for.
COMMANDS: Mapping[str, str] = {
    "init": "bot.commands.init",
    "check": "bot.commands.check",
    "plan": "bot.commands.plan",
    "preview": "bot.commands.preview",
    "run": "bot.commands.run",
    "demo": "bot.commands.demo",
    "queue": "bot.commands.queue",
    "approve": "bot.commands.approve",
    "reject": "bot.commands.reject",
    "review": "bot.commands.review",
    "delegate": "bot.commands.delegate",
    "edit": "bot.commands.edit",
    "import": "bot.commands.import_",
    "hold": "bot.commands.hold",
    "release": "bot.commands.release",
    "occasions": "bot.commands.occasions",
    "campaign": "bot.commands.campaign",
    "move": "bot.commands.move",
    "cancel": "bot.commands.cancel",
    "retract": "bot.commands.retract",
    "correct": "bot.commands.correct",
    "confirm": "bot.commands.confirm",
    "why": "bot.commands.why",
    "channels": "bot.commands.channels",
    "people": "bot.commands.people",
    "secrets": "bot.commands.secrets",
    "reach": "bot.commands.reach",
    "audit": "bot.commands.audit",
    "export": "bot.commands.export",
    "template": "bot.commands.template",
    "translate": "bot.commands.translate",
}


def summaries() -> Mapping[str, str]:
    """Say in a line what each command does."""
    return {
        "init": _("Tạo thư mục làm việc mới, chạy thử được ngay."),
        "check": _("Kiểm tra cài đặt, kênh và lịch nội dung; chỉ rõ từng chỗ cần sửa."),
        "plan": _("Xem những bài sẽ đăng, theo ngày, kênh và ngôn ngữ."),
        "preview": _("Xem một mục lịch sẽ hiện ra thế nào trên từng nền tảng."),
        "run": _("Chạy chương trình đăng bài."),
        "demo": _("Chạy thử trọn một ngày với dữ liệu mẫu, không cần tài khoản hay mạng."),
        "queue": _("Xem các lượt đăng đã lưu và trạng thái của chúng."),
        "approve": _("Duyệt một bài đăng."),
        "reject": _("Từ chối một bài đăng, kèm lý do."),
        "review": _("Xem lại bài khẩn mà một lãnh đạo đã duyệt một mình."),
        "delegate": _("Ủy quyền duyệt bài khi vắng."),
        "edit": _("Sửa chữ hoặc giờ của bài chưa đăng."),
        "import": _("Xem và đồng ý với thay đổi của lịch ở bài đã duyệt hoặc sắp đăng."),
        "hold": _("Tạm dừng đăng bài trong một phạm vi."),
        "release": _("Chấm dứt một lệnh tạm dừng."),
        "occasions": _("Xem các dịp kỷ niệm, nhận danh sách hướng dẫn hằng năm."),
        "campaign": _("Xem các đợt truyền thông, và cơ quan nào đã đăng bài của đợt."),
        "move": _("Dời cả một sự kiện sang ngày khác."),
        "cancel": _("Hủy một bài đăng, hoặc cả một đợt; những gì đã đăng vẫn còn."),
        "retract": _("Gỡ một bài, hoặc cả một đợt, khỏi mọi kênh đã đăng."),
        "correct": _("Đính chính một bài đã đăng."),
        "confirm": _("Cho biết một lượt đăng chưa rõ kết quả đã lên kênh hay chưa."),
        "why": _("Cho biết vì sao một lượt đăng đang ở trạng thái này."),
        "channels": _("Xem, kết nối và kiểm tra các kênh."),
        "people": _("Đặt mã PIN cho người duyệt bài qua trang web."),
        "secrets": _("Đổi khóa mở kho khóa của các kênh."),
        "reach": _("Xem số liệu tiếp cận đã đọc về."),
        "audit": _("Nhật ký ai đã quyết gì: kiểm tra, xem, xuất ra tệp."),
        "export": _("Ghi kế hoạch ra lịch điện thoại hoặc bảng tính."),
        "template": _("Ghi ra một tệp Excel mẫu để soạn lịch nội dung."),
        "translate": _("Giao bài cho người dịch, nhận lại bản dịch, xem đã dịch đến đâu."),
    }


class Shown(click.ClickException):
    """One of our errors, as Click shows it: the sentence, then what to do next."""

    def __init__(self, error: LoaError) -> None:
        super().__init__(str(error))
        # Click reads it from the instance, where it is declared for the class only.
        self.exit_code = error.exit_code  # type: ignore[misc]
        self.next_step = error.next_step

    def show(self, file: Any = None) -> None:
        """Print to stderr."""
        super().show(file)
        if self.next_step:
            click.echo(_("Tiếp theo: {step}").format(step=self.next_step), file=file, err=file is None)


class LoaGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- Click's signature
        """Name the commands in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command and put it into the language of this run."""
        if cmd_name not in COMMANDS:
            return None
        with speaking("vi"):  # a module's texts are message ids until `_spoken` translates them
            module = import_module(COMMANDS[cmd_name])
        command: click.Command = _spoken(module.command)
        command.params += common_options()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section(_("Các lệnh")):
            formatter.write_dl(list(summaries().items()))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language of this run."""
        click.Group.format_help(_spoken(self), ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- Click's signature
        """Say what stands after `loa`."""
        return [_("[TÙY CHỌN]"), _("LỆNH"), "..."]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Make the option anew: Click keeps the first one, in the language it was made in."""
        self._help_option = None
        return super().get_help_option(ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong ends in one clear sentence."""
        try:
            return super().invoke(ctx)
        except LoaError as error:
            raise Shown(error) from error

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        """Settle the language before the first sentence, then run."""
        words = list(sys.argv[1:] if args is None else args)
        language = asked_language(words)
        lend_to_click(language)
        with speaking(language):
            return super().main(words, *rest, **settings)


def asked_language(words: Sequence[str]) -> str:
    """Return the language that the command line asks for, wherever it asks; Vietnamese if it does not."""
    pairs = zip(words, [*words[1:], ""], strict=True)
    for word, following in pairs:
        name, equals, value = word.partition("=")
        if name == "--lang" and (value if equals else following) in LANGUAGES:
            return value if equals else following
    return "vi"


def _spoken(command: AnyCommand) -> AnyCommand:
    """Return a copy of the command with its help in the language of this run."""
    spoken = copy.copy(command)
    spoken.help = _(command.help) if command.help else None
    spoken.options_metavar = _("[TÙY CHỌN]")
    spoken.params = [_spoken_parameter(parameter) for parameter in command.params]
    if isinstance(spoken, click.Group) and not isinstance(spoken, LoaGroup):
        spoken.subcommand_metavar = _("[LỆNH]") if spoken.invoke_without_command else _("LỆNH")
        spoken.commands = {name: _sub(under) for name, under in spoken.commands.items()}
    return spoken


def _sub(command: click.Command) -> click.Command:
    spoken = _spoken(command)
    spoken.params += common_options()
    return spoken


def _spoken_parameter(parameter: click.Parameter) -> click.Parameter:
    spoken = copy.copy(parameter)
    spoken.metavar = _(parameter.metavar) if parameter.metavar else None
    if isinstance(spoken, click.Option) and spoken.help:
        spoken.help = _(spoken.help)
    return spoken


def _set_home(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:  # noqa: ARG001 -- Click's
    if value is not None:
        ctx.ensure_object(Frame).home = value


def _set_language(ctx: click.Context, param: click.Parameter, value: str | None) -> None:  # noqa: ARG001
    if value is not None:
        ctx.ensure_object(Frame).language = value


def _set_debug(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001
    ctx.ensure_object(Frame).debug |= value


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001
    if value and not ctx.resilient_parsing:
        click.echo(f"loa {_version()}")
        ctx.exit()


def _version() -> str:
    try:
        return version("loa")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0+checkout"


def common_options(*, variable: str | None = None) -> list[click.Parameter]:
    """Return the options that may stand before or after a command's name; `variable` names the home, too."""
    home = click.Option(
        ["--home"],
        type=click.Path(path_type=Path),
        envvar=variable,
        metavar="DIR",
        expose_value=False,
        callback=_set_home,
        help=_("Thư mục làm việc, nơi có settings.toml (hoặc đặt biến LOA_HOME)."),
    )
    language = click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        callback=_set_language,
        help=_("Ngôn ngữ hiển thị."),
    )
    debug = click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_set_debug,
        help=_("Khi có lỗi ngoài dự kiến, in cả chi tiết kỹ thuật."),
    )
    return [home, language, debug]


def _version_option() -> click.Option:
    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help=_("In phiên bản rồi thoát."),
    )


cli = LoaGroup(
    "loa",
    params=[*common_options(variable="LOA_HOME"), _version_option()],
    help=_(
        "loa lên lịch, xin duyệt, đăng và đo bài của các kênh chính thức trong tỉnh, bằng nhiều ngôn ngữ."
        "\n\nMới dùng lần đầu, hãy gõ: loa demo"
    ),
)


def main() -> None:
    """Run the command `loa`."""
    try:
        cli.main(prog_name="loa")
    except Exception as error:  # the last door: people get a sentence, not a traceback
        if "--debug" in sys.argv:
            raise
        click.echo(_unexpected(error), err=True)
        sys.exit(FAILED)


def _unexpected(error: Exception) -> str:
    """Say that something went wrong that nobody foresaw; its text may hold anything and is not printed."""
    return _("Lỗi ngoài dự kiến ({kind}). Gõ lại lệnh kèm --debug để xem chi tiết kỹ thuật.").format(
        kind=type(error).__name__
    )
