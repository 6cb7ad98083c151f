"""Whose yes a post needs: rules as tables, and decisions at a real ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.acts import By
from bot.approving.second_look import look_again
from content_queue.delivery.claim import claim
from content_queue.delivery.lapse import lapse, remind
from content_queue.delivery.prepare import prepare
from content_queue.models import Person
from content_queue.models.rules import (
    NO_RULES,
    PLAIN,
    URGENT,
    Case,
    Delegation,
    Review,
    Rule,
    Rulebook,
    Yes,
)
from content_queue.models.tags import is_urgent
from content_queue.states import DeliveryState, PostState
from content_queue.store import approvals, notices, posts, reviews
from content_queue.store.approvals import Decision, NotAllowedError
from content_queue.store.audit import Act, acts_on
from content_queue.store.reviews import review_of
from content_queue.store.tables import attempts, deliveries
from tests.content_queue.world import DUE, NOW, WINDOW, World, a_post

POST = "B0001-2026"


def person(name: str, *roles: str, agency: str = "svhttdl") -> Person:
    return Person(name, None, frozenset(roles), frozenset({agency}))


AN, BINH = person("An", "approver"), person("Bình", "approver")
LAN, MAI = person("Lan", "leader"), person("Mai", "leader")
PHAT = person("Phát", "spokesperson")
FAR = person("Xa", "leader", agency="xa-an-hoa")
AUTHOR = person("Trần Văn Soạn", "approver", "leader")
PEOPLE = (AN, BINH, LAN, MAI, PHAT, FAR, AUTHOR)
TWO = Rulebook((Rule(("approver", "leader")),), PEOPLE)
ENDS = Rulebook((Rule(("approver", "leader"), expires=timedelta(hours=24)),), PEOPLE)


def say(world: World, who: Person, book: Rulebook = TWO, **more: Any) -> str:
    """Let somebody say yes; return the state of the post, or why not."""
    yes = Decision(POST, PostState.APPROVED, who, "cli", **more)
    try:
        return str(world.do(approvals.decide, yes, world.clock.at, book).state)
    except NotAllowedError as refusal:
        return str(refusal)


def no(world: World, who: Person, book: Rulebook = TWO) -> str:
    return str(
        world.do(
            approvals.decide, Decision(POST, PostState.REJECTED, who, "cli", reason="x"), world.clock.at, book
        ).state
    )


# --- which rule --------------------------------------------------------------------------------------------

CASE = Case(
    "syt",
    "Hiến máu",
    frozenset({"Phát ngôn"}),
    frozenset({"zalo", "facebook"}),
    frozenset({"vi"}),
    relay=True,
)


@pytest.mark.parametrize(
    ("rule", "covers"),
    [
        (Rule(), True),
        (Rule(agencies=frozenset({"syt", "snv"})), True),
        (Rule(agencies=frozenset({"snv"})), False),
        (Rule(platforms=frozenset({"zalo"})), True),
        (Rule(platforms=frozenset({"telegram"})), False),
        (Rule(campaigns=frozenset({"hiến  MÁU"})), True),
        (Rule(campaigns=frozenset({"Du lịch"})), False),
        (Rule(tags=frozenset({"#phát ngôn"})), True),
        (Rule(tags=frozenset({"PhátNgôn"})), True),
        (Rule(tags=frozenset({"lễ hội"})), False),
        (Rule(languages=frozenset({"en"})), False),
        (Rule(broadcast=True), False),
        (Rule(broadcast=False), True),
        (Rule(relay=True), True),
        (Rule(relay=False), False),
        (Rule(platforms=frozenset({"zalo"}), languages=frozenset({"en"})), False),
    ],
)
def test_a_rule_covers_what_has_all_that_it_names(rule: Rule, *, covers: bool) -> None:
    """Each key names something of the post; a word that is not there does not count."""
    assert rule.covers(CASE) is covers


def test_the_first_rule_that_covers_counts_and_one_yes_is_enough_where_none_does() -> None:
    """The order of the file is the order of looking."""
    narrow, wide = Rule(("leader",), tags=frozenset({"phát ngôn"})), Rule(("approver", "leader"))
    assert Rulebook((narrow, wide)).rule_for(CASE) == narrow
    assert Rulebook((wide, narrow)).rule_for(CASE) == wide
    assert Rulebook((narrow,)).rule_for(replace(CASE, tags=frozenset())) == PLAIN


@pytest.mark.parametrize(("tag", "urgent"), [("khẩn", True), ("#Hỏa-tốc", True), ("khánh", False)])
def test_tags_say_what_cannot_wait(tag: str, *, urgent: bool) -> None:
    """With marks or without."""
    assert is_urgent((tag,)) is urgent


@pytest.mark.parametrize(
    ("given", "need"),
    [
        ((), "approver"),
        ((Yes("An", "approver", NOW),), "leader"),
        ((Yes("An", "approver", NOW), Yes("Lan", "leader", NOW)), None),
        ((Yes("Lan", "leader", NOW),), "approver"),
        ((Yes("An", "approver", NOW - timedelta(hours=24)), Yes("Lan", "leader", NOW)), "approver"),
        ((Yes("Lan", URGENT, NOW),), None),
        ((Yes("Lan", URGENT, NOW - timedelta(hours=25)),), "approver"),
    ],
)
def test_the_next_role_is_the_first_whose_yes_is_missing_or_has_ended(
    given: tuple[Yes, ...], need: str | None
) -> None:
    """In the order of the rule, each yes for one step."""
    assert Review(None, ENDS.rules[0], given).need(NOW) == need  # type: ignore[arg-type] # looks at no post


# --- at a ledger -------------------------------------------------------------------------------------------


def test_a_post_is_approved_when_all_have_said_yes_in_their_order(world: World) -> None:
    """Until then it stays in review; nobody speaks before his turn, nor twice."""
    world.plan(a_post())
    assert say(world, MAI) == "in_review"
    assert say(world, MAI) == f"Anh/chị đã duyệt bài {POST} rồi; bài còn chờ lãnh đạo duyệt."
    assert say(world, AN) == f"Bài {POST} đang chờ lãnh đạo duyệt; chưa đến lượt anh/chị."
    assert say(world, LAN) == "approved"
    said = [(who, decision) for who, decision, *_ in world.look(approvals.decisions_on, POST)]
    assert said == [("Mai", "approved"), ("Lan", "approved")]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (AUTHOR, "Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt."),
        (FAR, "Xa không phụ trách cơ quan svhttdl."),
        (PHAT, "Phát không có quyền duyệt bài."),
        (person("Viên", "editor"), "Viên không có quyền duyệt bài."),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_who_is_not_asked_says_nothing(world: World, who: Person, told: str) -> None:
    """Never the author, no other agency, no other role."""
    world.plan(a_post())
    assert say(world, who) == told
    assert world.look(approvals.decisions_on, POST) == []


def test_a_spokesperson_is_asked_where_a_rule_names_one(world: World) -> None:
    """And nobody else will do."""
    book = Rulebook((Rule(("spokesperson",), tags=frozenset({"phát ngôn"})),), PEOPLE)
    world.plan(a_post(tags=("Phát ngôn",)))
    assert say(world, LAN, book) == f"Bài {POST} đang chờ người phát ngôn duyệt; chưa đến lượt anh/chị."
    assert say(world, PHAT, book) == "approved"


def test_rules_see_where_a_post_goes(world: World) -> None:
    """Platform, language, and channels of other agencies."""
    world.plan(a_post(channels=("k0", "k1")))
    post = world.look(posts.find_post, POST)

    def needs(rule: Rule, owners: dict[str, str]) -> tuple[str, ...]:
        review: Review = world.look(review_of, post, Rulebook((rule,), PEOPLE, owners), NOW)
        return review.rule.needs

    own, other = {"k0": "svhttdl", "k1": "svhttdl"}, {"k0": "svhttdl", "k1": "xa-an-hoa"}
    assert needs(Rule(("leader",), relay=True), own) == ("approver",)
    assert needs(Rule(("leader",), relay=True), other) == ("leader",)
    assert needs(Rule(("leader",), platforms=frozenset({"telegram"})), own) == ("leader",)
    assert needs(Rule(("leader",), languages=frozenset({"en"})), own) == ("approver",)
    assert needs(Rule(("leader",), broadcast=True), own) == ("approver",)
    [delivery, *rest] = (item := a_post(channels=("k0", "k1"))).deliveries
    assert delivery.payload is not None
    pushed = replace(delivery, payload=replace(delivery.payload, fields={"broadcast": {"ages": "1"}}))
    world.plan(replace(item, deliveries=(pushed, *rest)))
    post = world.look(posts.find_post, POST)
    assert needs(Rule(("leader",), broadcast=True), own) == ("leader",)


def test_a_no_at_any_step_ends_it_and_an_edit_begins_anew(world: World) -> None:
    """A yes to what stood before is none to what stands now, though it reads the same again."""
    world.plan(a_post())
    assert (say(world, AN), no(world, LAN)) == ("in_review", "rejected")
    world.plan(a_post(text="Khác"))
    world.plan(a_post())
    assert world.look(posts.find_post, POST).state == PostState.IN_REVIEW
    assert say(world, LAN) == "in_review"
    assert say(world, MAI) == "approved"


def test_a_new_author_in_review_is_the_author_and_nobodys_yes_stays(world: World) -> None:
    """Whoever writes now may not decide now, even where no letter changed."""
    world.plan(a_post())
    assert say(world, AN) == "in_review"
    world.plan(a_post(author="Lan"))
    assert world.look(posts.find_post, POST).author == "Lan"
    assert say(world, LAN).startswith("Người soạn bài không tự duyệt")
    assert [say(world, AN), say(world, MAI)] == ["in_review", "approved"]


def test_fewer_needs_than_yeses_hold_nothing_up(world: World) -> None:
    """Settings that ask less than before do not publish by themselves; one more yes does."""
    world.plan(a_post())
    assert say(world, AN) == "in_review"
    assert world.look(posts.find_post, POST).state == PostState.IN_REVIEW
    assert say(world, BINH, NO_RULES) == "approved"


def test_a_yes_that_comes_too_late_publishes_nothing(world: World) -> None:
    """The last of several is a yes like any other."""
    world.plan(a_post())
    assert say(world, AN) == "in_review"
    world.clock.at = DUE
    assert say(world, LAN) == f"Đã quá giờ đăng của bài {POST}. Xin cho giờ mới trước khi duyệt."


# --- approvals that end ------------------------------------------------------------------------------------


def later(days: int) -> Any:
    return DUE + timedelta(days=days)


async def test_an_approval_ends_where_a_rule_says_so(world: World) -> None:
    """Its post waits for new yeses, people are told, and nothing of it leaves by the old ones."""
    world.plan(a_post(due=later(3)))
    assert [say(world, AN, ENDS), say(world, LAN, ENDS)] == ["in_review", "approved"]
    world.clock.at += timedelta(hours=23)
    await lapse(world.works)
    assert world.look(posts.find_post, POST).state == PostState.APPROVED
    world.clock.at += timedelta(hours=1)
    await lapse(world.works)
    assert world.look(posts.find_post, POST).state == PostState.IN_REVIEW
    assert [act.verb for act in world.look(acts_on, POST)][-1] == "lapse"
    assert [word.message for word in world.look(notices.untold)] == [
        f"Phê duyệt của bài {POST} đã hết hạn theo quy định duyệt; bài chờ duyệt lại trước giờ đăng."
    ]
    assert [say(world, AN, ENDS), say(world, LAN, ENDS)] == ["in_review", "approved"]


async def test_what_is_ended_is_neither_staged_nor_sent_though_nobody_noticed(world: World) -> None:
    """The last look counts, not the tick that tells people."""
    world.plan(a_post(due=later(3)))
    assert [say(world, AN, ENDS), say(world, LAN, ENDS)] == ["in_review", "approved"]
    world.clock.at = later(3) - timedelta(minutes=10)
    await prepare(world.works)
    world.clock.at = later(3)
    assert await claim(world.works) == []
    assert world.platform.staged == []
    assert world.rows(deliveries, "state", "reason") == [
        (DeliveryState.MISSED, "Đến giờ đăng mà phê duyệt của bài đã hết hạn.")
    ]
    assert world.rows(attempts, "number") == []


def test_an_approval_without_a_rule_never_ends(world: World) -> None:
    """As it always was."""
    world.plan(a_post(due=later(30)))
    assert [say(world, AN), say(world, LAN)] == ["in_review", "approved"]
    assert world.look(posts.find_post, POST).valid_until is None


def test_a_first_yes_that_ended_is_asked_for_again_and_the_second_stays(world: World) -> None:
    """Each yes has its own time."""
    three = Rulebook((Rule(("approver", "leader", "leader"), expires=timedelta(hours=24)),), PEOPLE)
    world.plan(a_post(due=later(9)))
    assert say(world, AN, three) == "in_review"
    world.clock.at += timedelta(hours=20)
    assert say(world, LAN, three) == "in_review"
    world.clock.at += timedelta(hours=4)
    assert say(world, MAI, three) == "in_review"  # for the approver, whose yes has ended
    assert say(world, LAN, three).startswith("Anh/chị đã duyệt")
    assert world.look(posts.find_post, POST).state == PostState.IN_REVIEW


def test_a_new_time_voids_every_yes(world: World) -> None:
    """The time is part of what was said yes to."""
    world.plan(a_post())
    assert say(world, AN) == "in_review"
    post = world.look(posts.find_post, POST)
    act = Act(NOW, "Lan", "cli", "new_time", POST, {})
    world.do(posts.give_time, post, DUE + timedelta(hours=1), window=WINDOW, act=act)
    assert say(world, LAN) == "in_review"
    assert say(world, AN) == f"Bài {POST} đang chờ lãnh đạo duyệt; chưa đến lượt anh/chị."


# --- what cannot wait --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "tags", "reason", "told"),
    [
        (LAN, ("khẩn",), "bão", "approved"),
        (LAN, (), "bão", "Chỉ bài có thẻ “khẩn” mới được một lãnh đạo duyệt ngay."),
        (LAN, ("khẩn",), " ", "Duyệt khẩn cần lý do. Xin ghi lý do để người xem lại sau biết."),
        (AN, ("khẩn",), "bão", f"Bài {POST} đang chờ lãnh đạo duyệt; chưa đến lượt anh/chị."),
        (FAR, ("khẩn",), "bão", "Xa không phụ trách cơ quan svhttdl."),
        (AUTHOR, ("khẩn",), "bão", "Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt."),
    ],
)
def test_one_leader_alone_says_yes_to_what_cannot_wait(
    world: World, who: Person, tags: tuple[str, ...], reason: str, told: str
) -> None:
    """With the tag, a reason, and never the author."""
    world.plan(a_post(tags=tags))
    assert say(world, who, urgent=True, reason=reason) == told


def test_a_leader_who_said_yes_already_may_still_hurry(world: World) -> None:
    """The first yes of two becomes the only one."""
    world.plan(a_post(tags=("khẩn",)))
    assert [say(world, LAN), say(world, LAN, urgent=True, reason="bão")] == ["in_review", "approved"]


# --- while somebody is away --------------------------------------------------------------------------------


def away(world: World, giver: Person, taker: Person, hours: int = 9) -> Delegation:
    wanted = Delegation(0, giver.name, taker.name, NOW, NOW + timedelta(hours=hours))
    made: Delegation = world.do(
        reviews.delegate, wanted, Act(NOW, giver.name, "cli", "delegate", "", {"to": taker.name})
    )
    return made


def test_who_stands_in_decides_in_the_others_name(world: World) -> None:
    """It is shown so, and the two count as one person."""
    viet = person("Viết", "editor")
    book = replace(TWO, people=(*PEOPLE, viet))
    world.plan(a_post())
    away(world, LAN, viet)
    assert [say(world, viet, book), say(world, LAN, book)[:20]] == ["in_review", "Anh/chị đã duyệt bài"]
    assert say(world, viet, book).startswith("Anh/chị đã duyệt bài")
    assert say(world, MAI, book) == "approved"
    assert [who for who, *_ in world.look(approvals.decisions_on, POST)] == ["Viết (thay Lan)", "Mai"]


def test_nobody_speaks_twice_by_standing_in(world: World) -> None:
    """Neither for another after the own yes, nor in the own name after another's."""
    world.plan(a_post())
    away(world, LAN, AN)
    assert say(world, AN) == "in_review"
    assert say(world, AN).startswith("Anh/chị đã duyệt bài")
    assert say(world, LAN) == "approved"


@pytest.mark.parametrize(("giver", "taker"), [(AUTHOR, BINH), (LAN, AUTHOR)], ids=["for", "by"])
def test_neither_the_author_nor_for_the_author(world: World, giver: Person, taker: Person) -> None:
    """An author's right to decide is none for the own post, in whosever hands."""
    world.plan(a_post())
    away(world, giver, taker)
    assert say(world, AN) == "in_review"
    assert say(world, taker) not in ("in_review", "approved")


def test_standing_in_ends_by_itself_by_word_and_with_the_right(world: World) -> None:
    """At its hour, when it is taken back, and when who gave it has nothing to give any more."""
    viet = person("Viết", "editor")
    one = Rulebook((), (*PEOPLE, viet))
    world.plan(a_post(due=later(3)))
    number = away(world, LAN, viet).id
    assert say(world, viet, Rulebook((), (viet,))) == "Viết không có quyền duyệt bài."
    world.do(reviews.end_delegation, number, Act(NOW, "Lan", "cli", "end_delegate", "", {}))
    assert say(world, viet, one) == "Viết không có quyền duyệt bài."
    away(world, LAN, viet, hours=9)
    world.clock.at += timedelta(hours=9)
    assert say(world, viet, one) == "Viết không có quyền duyệt bài."


def test_a_no_is_said_in_anothers_name_too(world: World) -> None:
    """And shown so."""
    viet = person("Viết", "editor")
    world.plan(a_post())
    away(world, LAN, viet)
    assert no(world, viet, replace(TWO, people=(*PEOPLE, viet))) == "rejected"
    assert world.look(approvals.decisions_on, POST)[0][0] == "Viết (thay Lan)"


async def test_a_second_look_is_asked_for_each_day_until_somebody_takes_it(world: World) -> None:
    """Seven times at most; what is said once is said once."""
    world.plan(a_post(tags=("khẩn",)))
    assert say(world, LAN, urgent=True, reason="bão") == "approved"
    counts = []
    for _day in range(9):
        world.clock.at += timedelta(days=1)
        await remind(world.works)
        await remind(world.works)
        counts.append(len([w for w in world.look(notices.untold) if w.key.startswith("second look:")]))
    assert counts == [1, 2, 3, 4, 5, 6, 7, 7, 7]


async def test_what_was_looked_at_is_not_reminded_of(world: World) -> None:
    """Nor may the leader, or the author, be the second eye."""
    world.plan(a_post(tags=("khẩn",)))
    assert say(world, LAN, urgent=True, reason="bão") == "approved"
    for who in (LAN, AUTHOR):
        with pytest.raises(NotAllowedError):
            world.do(look_again, POST, By(who, "cli", NOW))
    world.do(look_again, POST, By(AN, "cli", NOW))
    world.clock.at += timedelta(days=2)
    await remind(world.works)
    assert world.look(notices.untold) == []
