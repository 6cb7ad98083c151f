"""Judge rows by the campaign they name: once all files are read, for it may stand in another one."""

from collections.abc import Iterator, Mapping

from content_queue.models import Campaign, Entry
from content_queue.texts import _
from schedules.dates import read_date
from schedules.names import fold, nearest
from schedules.occasions import Occasions
from schedules.refusals import ReadError
from schedules.rules import certain_years, days

Campaigns = Mapping[str, Campaign]


def missing(entry: Entry, campaigns: Campaigns) -> tuple[str, ReadError] | None:
    """Return what a row lacks that neither it nor its campaign says, with the field; None if nothing."""
    campaign = campaigns.get(fold(entry.campaign))
    if not entry.channels and not (campaign and campaign.channels):
        hint = _("Ghi tên kênh, nền tảng, cơ quan, nhóm kênh hoặc: tất cả.")
        told = _("Chưa chọn kênh, và đợt “{name}” cũng không ghi kênh.").format(name=entry.campaign)
        return "channels", ReadError("channels_missing", told, hint=hint)
    if not entry.date_words and not (campaign and campaign.event):
        told = _("Đợt “{name}” chưa có ngày sự kiện để tính D.").format(name=entry.campaign)
        hint = _("Ghi cột Ngày sự kiện ở trang Chiến dịch, hoặc ghi cột Dịp ở hàng này.")
        return "date", ReadError("event_missing", told, hint=hint)
    return None


def doubts(entry: Entry, campaigns: Campaigns, occasions: Occasions) -> Iterator[tuple[str, ReadError]]:
    """Give what may not be meant about a row and its campaign, with the field."""
    if not entry.campaign or not campaigns:
        return
    campaign = campaigns.get(fold(entry.campaign))
    if campaign is None:
        yield "campaign", _unknown(entry.campaign, campaigns)
    elif entry.date_words and not entry.series and _outside(entry, campaign, occasions):
        told = _("Ngày đăng nằm ngoài đợt “{name}”.").format(name=campaign.name)
        yield (
            "date",
            ReadError("campaign_outside", told, hint=_("Sửa ngày, hoặc sửa Từ ngày, Đến ngày của đợt.")),
        )


def _outside(entry: Entry, campaign: Campaign, occasions: Occasions) -> bool:
    """Tell whether a row of one certain day lies outside its campaign."""
    rule = read_date(entry.date_words, occasions)
    found = [day for year in certain_years(rule) for day in days(rule, year)]
    return not all(map(campaign.lasts_on, found))


def _unknown(name: str, campaigns: Campaigns) -> ReadError:
    told = _("Trang Chiến dịch không có đợt “{name}”.").format(name=name)
    close = nearest(name, [each.name for each in campaigns.values()], limit=1)
    hint = _("Có phải “{name}”?").format(name=close[0]) if close else _("Thêm đợt ấy vào trang Chiến dịch.")
    return ReadError("campaign_unknown", told, hint=hint)
