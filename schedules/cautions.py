"""Look at posts beside each other before they hurt: too close, said before, on a day of rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

from content_queue.models import Entry, Place, PlannedPost
from content_queue.models.tags import is_urgent
from content_queue.texts import _
from content_queue.words import language_name
from schedules.dates import read_date
from schedules.names import fold
from schedules.occasions import Occasion
from schedules.occurrences import HERE
from schedules.planner import Plan
from schedules.refusals import ReadError
from schedules.rules import OccasionRule, is_lunar
from schedules.working_days import day_of_rest

#: The same text again within so many days looks like a slip, or like spam.
AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Customs:
    """What an office keeps to: minutes between two posts of one channel, and hours when it is quiet.

    Two equal hours are no quiet at all.
    """

    distance: timedelta = timedelta(minutes=10)
    quiet_from: time = time()
    quiet_to: time = time()

    def is_quiet(self, at: time) -> bool:
        """Tell whether a time of day is in the quiet hours, which may run over midnight."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


@dataclass(frozen=True, slots=True)
class Caution:
    """What may not be meant about a row, and the field where it is told."""

    entry: Entry
    field: str
    error: ReadError

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return self.entry.place


def cautions(plan: Plan, customs: Customs) -> Iterator[Caution]:
    """Give each caution about the posts of a plan once for a row."""
    scene = _Scene(plan, customs)
    yield from _too_close(scene)
    yield from _said_before(scene)
    first = {post.entry.code: post for post in reversed(plan.posts)}
    for post in first.values():
        yield from _without_language(scene, post)
        yield from _in_quiet_hours(scene, post)
    yield from _on_days_of_rest(scene)


class _Scene:
    """A plan, with what is asked of it again and again."""

    def __init__(self, plan: Plan, customs: Customs) -> None:
        self.plan, self.customs = plan, customs
        self.named = cache(self._named)
        self.languages = cache(self._languages)
        self.resting = cache(lambda day: day_of_rest(day, plan.planning.occasions))

    def _named(self, words: tuple[str, ...], languages: tuple[str, ...]) -> frozenset[str]:
        channels = (channel for channel in self.plan.planning.select(words) if channel.mode != "off")
        return frozenset(c.name for c in channels if not languages or {*languages} & {*c.languages})

    def _languages(self, words: tuple[str, ...]) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for channel in self.plan.planning.select(words):
            for locale in channel.languages if channel.mode != "off" else ():
                counts[locale] = counts.get(locale, 0) + 1
        return counts

    def channels(self, post: PlannedPost) -> frozenset[str]:
        return self.named(post.entry.channels, post.entry.languages)

    def dues(self, post: PlannedPost) -> Mapping[str, datetime]:
        """Return when each channel goes, where channels take turns."""
        turns = self.plan.deliveries_of(post) if post.entry.until else ()
        return {each.channel.name: each.due for each in turns}


def _length(post: PlannedPost) -> timedelta:
    if post.entry.until is None:
        return timedelta(0)
    day = post.facts.day
    return datetime.combine(day, post.entry.until) - datetime.combine(day, post.entry.at)


def _too_close(scene: _Scene) -> Iterator[Caution]:
    told: set[str] = set()  # one word for each row is enough
    posts, distance = scene.plan.posts, scene.customs.distance
    for number, post in enumerate(posts):
        end = post.due + _length(post) + distance
        for other in _until(posts, number + 1, end):
            if other.entry.code not in told and (name := _meeting(scene, post, other)):
                told.add(other.entry.code)
                yield Caution(other.entry, "time", _close(post, name, distance))


def _until(posts: Sequence[PlannedPost], number: int, end: datetime) -> Iterator[PlannedPost]:
    """Give the posts from a number on that are due before `end`."""
    while number < len(posts) and posts[number].due < end:
        yield posts[number]
        number += 1


def _meeting(scene: _Scene, post: PlannedPost, other: PlannedPost) -> str:
    """Return a channel on which two posts come too close, empty if there is none."""
    shared = scene.channels(post) & scene.channels(other)
    if not shared or post.entry.code == other.entry.code:
        return ""
    one, two = scene.dues(post), scene.dues(other)
    close = (
        name
        for name in sorted(shared)
        if abs(one.get(name, post.due) - two.get(name, other.due)) < scene.customs.distance
    )
    return next(close, "")


def _close(post: PlannedPost, channel: str, distance: timedelta) -> ReadError:
    minutes = int(distance.total_seconds() / 60)
    message = _("Cách bài {post} ({due}) chưa đến {minutes} phút trên kênh {channel}.").format(
        post=post.id, due=f"{post.due.astimezone(HERE):%H:%M %d/%m/%Y}", minutes=minutes, channel=channel
    )
    hint = _("Dời một trong hai bài, nếu không thì người xem nhận hai bài liền nhau.")
    return ReadError("posts_close", message, hint=hint)


def _said_before(scene: _Scene) -> Iterator[Caution]:
    """Give rows that say word for word what another row says on the same channel within a month."""
    last: dict[str, PlannedPost] = {}
    told: set[tuple[str, str]] = set()
    for post in scene.plan.posts:
        for locale, text in post.entry.texts.items():
            if "{" in text:  # it says something else each time
                continue
            before = last.get(key := " ".join(text.split()).casefold())
            last[key] = post
            if before is None or before.entry.code == post.entry.code or post.due - before.due > AGAIN:
                continue
            pair = before.entry.code, post.entry.code
            if pair not in told and scene.channels(before) & scene.channels(post):
                told.add(pair)
                yield Caution(post.entry, f"text.{locale}", _repeated(before))


def _repeated(before: PlannedPost) -> ReadError:
    message = _("Nội dung giống hệt bài {post} ({due}) trên cùng kênh.").format(
        post=before.id, due=f"{before.due.astimezone(HERE):%d/%m/%Y}"
    )
    return ReadError("text_again", message, hint=_("Viết khác đi, hoặc bỏ một bài nếu là chép nhầm."))


def _without_language(scene: _Scene, post: PlannedPost) -> Iterator[Caution]:
    entry, planning = post.entry, scene.plan.planning
    if planning.missing != "wait":
        return
    for locale, count in scene.languages(entry.channels).items():
        if (not entry.languages or locale in entry.languages) and not entry.texts.get(locale, "").strip():
            message = _("Chưa có bản {language}: {count} kênh chờ bản này.").format(
                language=language_name(locale), count=count
            )
            hint = _("Thêm cột nội dung của ngôn ngữ ấy, hoặc ghi cột Ngôn ngữ để chỉ đăng những bản đã có.")
            yield Caution(entry, f"text.{locale}", ReadError("language_missing", message, hint=hint))


def _in_quiet_hours(scene: _Scene, post: PlannedPost) -> Iterator[Caution]:
    customs = scene.customs
    if customs.is_quiet(post.entry.at) and not is_urgent(post.entry.tags):
        message = _("{time} nằm trong giờ yên tĩnh ({first} đến {last}).").format(
            time=f"{post.entry.at:%H:%M}",
            first=f"{customs.quiet_from:%H:%M}",
            last=f"{customs.quiet_to:%H:%M}",
        )
        hint = _("Chọn giờ khác; nếu phải đăng ngay trong đêm thì ghi thẻ “khẩn”.")
        yield Caution(post.entry, "time", ReadError("time_quiet", message, hint=hint))


def _on_days_of_rest(scene: _Scene) -> Iterator[Caution]:
    told: set[str] = set()
    for post in scene.plan.posts:
        rest: Occasion | None = scene.resting(post.facts.day)
        if rest and post.entry.code not in told and not _speaks_of(post, rest, scene):
            told.add(post.entry.code)
            message = _("Ngày đăng {day} là ngày nghỉ lễ ({name}).").format(
                day=f"{post.facts.day:%d/%m/%Y}", name=rest.names["vi"]
            )
            hint = _("Kiểm tra xem bài có hợp với ngày lễ không; không thì dời sang ngày khác.")
            yield Caution(post.entry, "date", ReadError("day_of_rest", message, hint=hint))


def _speaks_of(post: PlannedPost, rest: Occasion, scene: _Scene) -> bool:
    """Tell whether a post is about the day itself: it follows an occasion or the moon, or names the day."""
    entry = post.entry
    rule = read_date(entry.date_words, scene.plan.planning.occasions)
    if isinstance(rule, OccasionRule) or is_lunar(rule) or is_urgent(entry.tags):
        return True
    words = fold(" ".join((entry.title, *entry.texts.values())))
    return any(fold(name) in words for name in (*rest.names.values(), *rest.aliases))
