"""Editors save again and again: what a post is, is known through a thousand edits between the saves."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from content_queue.store.tables import deliveries, entries, posts
from tests.acceptance.by_hand import AUTHOR, Office, an_office

#: 5 × 10 saves with 20 edits before each: a thousand.
EXAMPLES, SAVES, EDITS, ROWS = 5, 10, 20, 24
#: What each column may be called; its first name is the template's.
TITLES = {
    "code": ("Mã bài", "mã", "code"),
    "day": ("Ngày", "ngày đăng", "Ngày dương lịch"),
    "hour": ("Giờ", "giờ đăng", "time"),
    "agency": ("Cơ quan", "đơn vị", "agency"),
    "author": ("Người soạn", "người phụ trách", "tác giả"),
    "channels": ("Kênh", "fanpage", "trang"),
    "title": ("Tiêu đề", "tít", "title"),
    "text": ("Nội dung", "caption", "bài viết"),
    "tags": ("Thẻ", "hashtag", "từ khóa"),
}


@dataclass
class Line:
    """One row as its editor thinks of it; `who` stands in its text whatever becomes of it."""

    who: int
    day: str
    hour: str
    code: str = ""
    sheet: str = "Lịch"
    words: str = "Bài"
    title: str = ""
    tags: str = ""

    def cells(self) -> dict[str, str]:
        told = {"agency": "UBND tỉnh", "author": AUTHOR, "channels": "tất cả", "title": self.title}
        text = f"{self.words} [{self.who}]"
        return {
            **told,
            "code": self.code,
            "day": self.day,
            "hour": self.hour,
            "text": text,
            "tags": self.tags,
        }


@dataclass
class Editors:
    """A workbook, and hands that never rest."""

    rng: Random
    lines: list[Line] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=lambda: {name: said[0] for name, said in TITLES.items()})
    order: list[str] = field(default_factory=lambda: list(TITLES))
    begun: int = 0

    def edit(self) -> None:
        """Change one thing."""
        self.rng.choice(
            (self.say, self.say, self.move, self.shuffle, self.turn, self.rename, self.add, self.drop)
        )()

    def add(self) -> None:
        number, self.begun = self.begun, self.begun + 1
        hour = f"{6 + number // 60 % 16}h{number % 60:02}"
        code = f"M-{number}" if self.rng.random() < 0.5 else ""
        self.lines.append(Line(number, f"{2 + self.rng.randrange(28)}/11/2026", hour, code))

    def say(self) -> None:
        """Write something else into a row."""
        line = self.rng.choice(self.lines)
        name = self.rng.choice(("words", "title", "tags"))
        setattr(line, name, f"{name} {self.rng.randrange(10**6)}")

    def move(self) -> None:
        """Move a row that has a code to another day: without one it would be a new entry, and is told so."""
        if coded := [line for line in self.lines if line.code]:
            self.rng.choice(coded).day = f"{2 + self.rng.randrange(28)}/11/2026"

    def shuffle(self) -> None:
        self.rng.shuffle(self.lines)

    def turn(self) -> None:
        """Put a row on another sheet."""
        self.rng.choice(self.lines).sheet = self.rng.choice(("Lịch", "Tháng 11", "Bổ sung"))

    def rename(self) -> None:
        """Call a column otherwise, or put the columns in another order."""
        name = self.rng.choice(list(TITLES))
        self.names[name] = self.rng.choice(TITLES[name])
        self.rng.shuffle(self.order)

    def drop(self) -> None:
        if len(self.lines) > ROWS // 2:
            self.lines.remove(self.rng.choice(self.lines))

    def sheets(self) -> dict[str, Sequence[Sequence[object]]]:
        head = [self.names[name] for name in self.order]
        found: dict[str, list[Sequence[object]]] = {}
        for line in self.lines:
            cells = line.cells()
            found.setdefault(line.sheet, [head]).append([cells[name] for name in self.order])
        return {**found}


async def codes(office: Office) -> dict[str, list[str]]:
    """Return the codes of the entries that stand, by who they are."""
    found: dict[str, list[str]] = {}
    for code, content in await office.ask(select(entries.c.code, entries.c.content).where(entries.c.present)):
        who = content["texts"]["vi"].rpartition("[")[2]
        found.setdefault(who.removesuffix("]"), []).append(code)
    return found


async def approved(office: Office) -> dict[str, str]:
    """Return what was said yes to, by its hash."""
    query = select(posts.c.id, posts.c.content_hash).where(posts.c.state == "approved")
    return dict([tuple(row) for row in await office.ask(query)])


async def published(office: Office) -> Counter[str]:
    """Count what is out, by who it is."""
    query = select(posts.c.summary, deliveries.c.state).join(deliveries, deliveries.c.post == posts.c.id)
    shown = [summary for summary, state in await office.ask(query) if state == "published"]
    return Counter(summary.rpartition("[")[2].removesuffix("]") for summary in shown)


async def many_saves(folder: Path, rng: Random) -> int:
    """Edit and save, approve some posts, let some hours pass; return how many went out."""
    editors, known = Editors(rng), dict[str, list[str]]()
    for _row in range(ROWS):
        editors.add()
    async with an_office(folder, "01/11/2026 08:00") as office:
        for _save in range(SAVES):
            for _edit in range(EDITS):
                editors.edit()
            before = await approved(office)
            await office.save_sheets(editors.sheets())
            after = await approved(office)
            assert before.items() <= after.items(), "something approved was changed without a word"
            now = await codes(office)
            standing = {str(line.who) for line in editors.lines}
            assert all(len(now[who]) == 1 for who in standing), "a row is no entry, or two"
            assert {who: now[who] for who in standing & known.keys()} == {
                who: known[who] for who in standing & known.keys()
            }, "an entry lost its identity"
            known |= {who: now[who] for who in standing}
            ahead = select(posts.c.id).where(posts.c.state == "in_review", posts.c.due > office.now())
            waiting = [row.id for row in await office.ask(ahead.order_by(posts.c.id))]
            await office.approve(*rng.sample(waiting, len(waiting) // 2))
            await office.until(office.now() + timedelta(hours=rng.randrange(6, 60)))
            assert max((await published(office)).values(), default=1) == 1, "something is out twice"
        return (await published(office)).total()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(rng=st.randoms(use_true_random=False))
def test_a_thousand_edits_between_saves_keep_every_post_what_it_is(rng: Random) -> None:
    """Texts, days, order, sheets, names of columns change; rows come and go; posts are approved and go out.

    Each row stays the same entry, nothing that is out goes out again, and nothing that was approved becomes
    something else before somebody says yes to it.
    """
    with TemporaryDirectory() as folder:
        assert asyncio.run(many_saves(Path(folder), rng)) > 0
