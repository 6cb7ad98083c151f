"""A year's plan as a table, a post a row."""

from bot.moments import show_day
from bot.office import OfficeHome
from bot.planning.listing import audience
from bot.printing import print_table
from content_queue.localize import FORMS, lunar_day
from content_queue.models import PlannedPost
from content_queue.texts import _
from schedules.planner import Plan

#: Letters of an occasion or a title that are shown.
_LONGEST = 48


def print_year(plan: Plan, opened: OfficeHome) -> None:
    """Print the posts of a plan, each with its lunar day, what it is about, its years and its deliveries."""
    head = [_("Ngày"), _("Âm lịch"), _("Giờ"), _("Mã bài"), _("Dịp hoặc tiêu đề"), _("Số năm")]
    head += [_("Đợt"), _("Cơ quan"), _("Lượt đăng")]
    print_table(head, (_row(post, plan, opened) for post in plan.posts))


def _row(post: PlannedPost, plan: Plan, opened: OfficeHome) -> list[str]:
    facts = post.facts
    agency = opened.office.agencies[post.entry.agency].names["vi"]
    return [
        show_day(post.due),
        lunar_day(facts.lunar, FORMS["vi"]) if facts.lunar else "",
        f"{facts.at:%H:%M}",
        post.id,
        about(post)[:_LONGEST],
        str(facts.years) if facts.years else "",
        post.entry.campaign,
        agency,
        str(audience(plan, post).total()),
    ]


def about(post: PlannedPost) -> str:
    """Say in a line what a post is about: its occasion, else its title, else its text."""
    words = post.facts.names.get("vi") or post.entry.title or post.entry.texts.get("vi", "")
    return " ".join(words.split())
