"""`loa campaign`: the campaigns of the calendars, and who has carried their posts."""

from collections.abc import Mapping, Sequence

import click

from bot.errors import LoaError
from bot.frame import Frame
from bot.office import OfficeHome, read_calendars
from bot.planning.carrying import Carried, as_json, campaign_line, carried, show_campaign
from bot.planning.moving import campaign_called
from bot.planning.remembered import Remembered, open_remembered
from bot.printing import print_array, print_object, print_table
from content_queue.models import Campaign
from content_queue.store.approvals import NotAllowedError
from content_queue.texts import N_, _


@click.command(help=N_("Xem các đợt truyền thông; ghi tên một đợt để xem từng bài, cơ quan nào đã đăng."))
@click.argument("name", metavar=N_("[ĐỢT]"), required=False)
@click.option("--json", "as_data", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_obj
def command(frame: Frame, name: str | None, *, as_data: bool) -> None:
    """Print all campaigns, or all of one."""
    opened = frame.office()
    with open_remembered(frame.home) as remembered:
        campaigns = remembered.moved(read_calendars(opened).campaigns)
        chosen = [_called(campaigns, name)] if name else [*campaigns.values()]
        found = [(campaign, _carried(campaign, opened, remembered)) for campaign in chosen]
    if as_data and not name:
        print_array(as_json(*each) for each in found)
    elif as_data:
        print_object(as_json(*found[0]))
    elif name:
        click.echo("\n".join(show_campaign(*found[0])))
    else:
        _show_all(found)


def _called(campaigns: Mapping[str, Campaign], name: str) -> Campaign:
    try:
        return campaign_called(campaigns, name)
    except NotAllowedError as error:
        raise LoaError(str(error)) from error


def _carried(campaign: Campaign, opened: OfficeHome, remembered: Remembered) -> list[Carried]:
    agencies = opened.office.agencies
    agency_of = {each.name: agencies[each.agency].names["vi"] for each in opened.office.channels}
    return [carried(post, rows, agency_of) for post, rows in remembered.standing(campaign.name)]


def _show_all(found: Sequence[tuple[Campaign, Sequence[Carried]]]) -> None:
    if not found:
        click.echo(_("Chưa có đợt nào. Ghi các đợt vào trang Chiến dịch của tệp lịch."))
        return
    head = [_("Đợt"), _("Thời gian"), _("Ngày sự kiện"), _("Người phụ trách"), _("Bài"), _("Đã đăng")]
    print_table(head, [campaign_line(*each) for each in found])
