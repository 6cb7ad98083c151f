"""Connect Pages: one person's token, lengthened, opens all Pages that this person ticked."""

from collections.abc import Mapping

from bot.connecting.visit import Joined, Visit
from bot.errors import SettingsError
from content_queue.models import Channel
from content_queue.outcomes import PublishError
from content_queue.texts import _
from publishers.facebook.login import FacebookLogin, PageRow, judge, missing_options, problems


async def join(visit: Visit) -> list[Joined]:
    """Ask for a person's token and keep those of the Pages that the list of channels names.

    Raises:
        SettingsError: the office's app is not set.
        PublishError: the token opens nothing.
    """
    login = login_of(visit)
    user = visit.ask_hidden(_("Dán khóa người dùng Facebook (không hiện chữ), rồi Enter"))
    visit.house.secrets.learn(user)
    rows = {row.id: row for row in await login.pages(await login.lengthen(user.strip()))}
    joined = [await _one(visit, login, channel, rows) for channel in visit.named()]
    others = rows.keys() - {channel.remote_id for channel in visit.house.channels.values()}
    if others:
        told = _("Tài khoản này còn {count} Trang không có trong danh sách kênh: {names}")
        names = ", ".join(f"{rows[page].name} ({page})" for page in sorted(others))
        visit.say(told.format(count=len(others), names=names))
    return [*visit.nameless(), *joined]


def login_of(visit: Visit) -> FacebookLogin:
    """Return the office's app at Facebook.

    Raises:
        SettingsError: it is not set.
    """
    house = visit.house
    options = house.settings.facebook
    missing = [name for name in missing_options(options) if not house.settings.rehearsal]
    if missing:
        told = _("Chưa đặt {names} ở mục [facebook] của settings.toml.").format(names=", ".join(missing))
        raise SettingsError([told], next_step=_("Làm theo docs/howto/facebook.md"))
    return FacebookLogin(http=house.lines["facebook"], secrets=house.secrets, options=options)


async def _one(visit: Visit, login: FacebookLogin, channel: Channel, rows: Mapping[str, PageRow]) -> Joined:
    """Keep the token of one Page, if it would publish there."""
    row = rows.get(channel.remote_id)
    try:
        seen = await login.inspect(row.token) if row is not None and row.token else None
        grant = judge(channel.remote_id, row, seen, visit.house.clock.now())
    except PublishError as error:
        return Joined(channel.name, str(error))
    await visit.keep(channel, grant)
    for problem in problems(row.tasks if row else None, seen.scopes if seen else None):
        visit.say(f"{channel.name}: {problem}")
    return Joined(channel.name)
