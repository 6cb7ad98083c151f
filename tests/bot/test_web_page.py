"""The approval page: a link lets somebody look, a PIN decides, and nothing else does anything."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.errors import SettingsError
from bot.pins import secret_of
from bot.settings import parse_settings
from bot.web import views
from bot.web.links import LASTS
from bot.web.room import GUESSES, GUESSING
from bot.web.sessions import IDLE
from bot.web.stored import span
from content_queue.media import MediaStore
from content_queue.models import ComposedDelivery, ComposedPost, Payload, Person
from content_queue.states import PostState
from content_queue.store.audit import acts_on
from content_queue.store.decided import approvals
from content_queue.store.holds import active_holds
from content_queue.store.notices import untold
from content_queue.store.posts import find_post
from content_queue.store.records import audit
from tests.bot.desk import APPROVER, AUTHOR, EDITOR, LEADER, OTHER, hash_of
from tests.bot.page_house import ADDRESSES, POST, Guest, PageHouse, come, hidden, note_of, page_house, state
from tests.canaries import CANARY_PIN
from tests.content_queue.world import DUE, World, a_post
from tests.publishers.contract import PNG

#: Another PIN than that of everybody here.
WRONG = "135790"


@pytest.fixture
def house(world: World, tmp_path: Path) -> Iterator[PageHouse]:
    world.plan(a_post())
    with page_house(world, tmp_path) as house:
        yield house


@pytest.fixture
def guests(house: PageHouse) -> Iterator[Callable[[], Guest]]:
    """Make more browsers."""
    made: list[Guest] = []

    def another() -> Guest:
        made.append(Guest(house))
        return made[-1]

    yield another
    for guest in made:
        guest.close()


@pytest.fixture
def guest(guests: Callable[[], Guest]) -> Guest:
    return guests()


# --- a link shows, a PIN decides ------------------------------------------------------------------------


def test_opening_a_link_shows_the_post_and_changes_nothing(house: PageHouse, guest: Guest) -> None:
    """Mail scanners open every link, and more than once."""
    before = house.world.rows(audit, "id")
    for _ in range(3):
        page = come(guest)
    assert (page.status_code, "Chào mừng Ngày Nhà giáo Việt Nam" in page.text) == (200, True)
    assert (state(house), house.world.rows(audit, "id"), house.changes) == (PostState.IN_REVIEW, before, [])


def test_a_pin_approves_what_was_shown(house: PageHouse, guest: Guest) -> None:
    """The decision is written down with its way; the daemon is woken at once."""
    come(guest)
    page = guest.decides("approve")
    assert note_of(page) == f"Đã duyệt bài {POST}, đăng lúc 08:00 thứ Sáu 20/11/2026."
    assert house.world.rows(approvals, "person", "decision", "way") == [(LEADER.name, "approved", "mail")]
    assert (state(house), house.changes) == (PostState.APPROVED, ["changed"])


def test_a_link_alone_decides_nothing(house: PageHouse, guest: Guest) -> None:
    """Whoever has only the mail has no PIN."""
    come(guest)
    page = guest.decides("approve", pin="")
    assert (page.status_code, state(house)) == (403, PostState.IN_REVIEW)


def test_a_rejection_needs_a_reason_and_keeps_what_was_typed(house: PageHouse, guest: Guest) -> None:
    """A wrong PIN costs nobody the words of a reason."""
    come(guest)
    assert note_of(guest.decides("reject", reason=" ")).startswith("Chưa có lý do.")
    page = guest.decides("reject", reason="Sai <ngày> tháng", pin=WRONG)
    assert "Sai &lt;ngày&gt; tháng</textarea>" in page.text
    assert state(house) == PostState.IN_REVIEW

    guest.decides("reject", reason="Sai ngày tháng")
    assert (state(house), house.world.look(find_post, POST).reason) == (PostState.REJECTED, "Sai ngày tháng")


@pytest.mark.parametrize("act", ["approve", "reject", "new_time", "cancel"])
def test_a_post_that_changed_is_not_decided_as_it_was_shown(house: PageHouse, guest: Guest, act: str) -> None:
    """An approval names the hash of what was seen."""
    come(guest)
    house.world.plan(a_post(text="Lời chúc khác"))
    page = guest.decides(act, reason="lý do", at="21/11 15:00")
    assert (page.status_code, note_of(page)) == (403, f"Bài {POST} vừa thay đổi. Xin xem lại bản mới.")
    assert ("Lời chúc khác" in page.text, state(house)) == (True, PostState.IN_REVIEW)
    guest.page = page
    guest.decides("approve")
    assert state(house) == PostState.APPROVED


def test_a_decision_is_made_once(house: PageHouse, guest: Guest) -> None:
    """Two people at once, or one who taps twice: one decision."""
    come(guest)
    guest.decides("approve")
    again = guest.decides("approve")
    assert (again.status_code, len(house.world.rows(approvals, "id"))) == (403, 1)


def test_a_new_time_approves_in_the_same_act(house: PageHouse, guest: Guest) -> None:
    """As on the phone."""
    come(guest)
    page = guest.decides("new_time", at="21/11 15:00")
    assert note_of(page).startswith(f"Bài {POST} có giờ đăng mới: 15:00 thứ Bảy 21/11/2026")
    assert state(house) == PostState.APPROVED


def test_a_post_is_taken_back_as_it_was_listed(house: PageHouse, guest: Guest) -> None:
    """What has not gone out goes out no more."""
    house.world.approve(POST)
    come(guest)
    listed = guest.opens(f"/bai/{POST}/go")
    assert "1 lượt chưa đăng sẽ không đăng nữa." in listed.text
    old = guest.decides("take_back", reason="sai số liệu", stamp="0" * 64)
    assert (old.status_code, state(house)) == (403, PostState.APPROVED)
    guest.decides("take_back", reason="sai số liệu", stamp=hidden(listed.text, "stamp"))
    assert state(house) == PostState.CANCELLED


def test_a_hold_is_listed_before_it_is_put_in_force_and_ended_by_its_number(
    house: PageHouse, guest: Guest
) -> None:
    """The same words and the same list as on the phone."""
    come(guest)
    fields = {"kind": "platforms", "name": "Telegram", "reason": "có bão", "document": "45/UBND"}
    listed = guest.opens(str(httpx.URL("/tam-dung", params=fields)))
    assert "Sẽ giữ lại 1 bài, 1 lượt đăng:" in listed.text
    assert house.world.look(active_holds) == []

    kept = {"csrf": hidden(listed.text, "csrf"), "stamp": hidden(listed.text, "stamp")}
    page = guest.sends(act="hold", pin=CANARY_PIN, **fields, **kept)
    (stop,) = house.world.look(active_holds)
    assert (stop.scope, stop.reason, stop.document) == ({"platforms": ["telegram"]}, "có bão", "45/UBND")
    assert note_of(page).startswith("Lệnh tạm dừng số 1: nền tảng Telegram.")

    guest.sends(act="release", number="1", pin=CANARY_PIN, csrf=kept["csrf"])
    assert house.world.look(active_holds) == []


def test_a_hold_other_than_the_one_listed_is_not_put_in_force(house: PageHouse, guest: Guest) -> None:
    """What is confirmed is what was shown."""
    come(guest)
    listed = guest.opens("/tam-dung?reason=bão&kind=platforms&name=Zalo")
    kept = {"csrf": hidden(listed.text, "csrf"), "stamp": hidden(listed.text, "stamp")}
    refused = guest.sends(act="hold", reason="bão", pin=CANARY_PIN, **kept)
    assert (refused.status_code, house.world.look(active_holds)) == (403, [])


def test_a_hold_of_what_nobody_knows_is_told_above_its_form(house: PageHouse, guest: Guest) -> None:
    """With the nearest name, and with what was typed."""
    come(guest)
    page = guest.opens("/tam-dung?reason=có bão&kind=platforms&name=Zaloo")
    assert note_of(page).startswith("Không có nền tảng “Zaloo”. Có phải “zalo”?")
    assert ">có bão</textarea>" in page.text
    assert 'value="Zaloo"' in page.text


def test_several_are_approved_as_they_were_listed(house: PageHouse, guest: Guest) -> None:
    """One that changed meanwhile is told and waits; the others stand."""
    house.world.plan(a_post(), a_post("B0002"), a_post("B0003"))
    listed = guest.opens(guest.house.link(LEADER))
    chosen = re.findall(r'name="chosen" value="([^"]+)"', listed.text)
    assert len(chosen) == 3
    house.world.plan(a_post(), a_post("B0002", text="Lời khác"), a_post("B0003"))

    page = guest.sends(act="approve_chosen", csrf=hidden(listed.text, "csrf"), chosen=chosen, pin=CANARY_PIN)
    assert [state(house, f"B000{n}-2026") for n in (1, 2, 3)] == ["approved", "in_review", "approved"]
    assert "Bài B0002-2026 đã thay đổi" in note_of(page)


# --- who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [AUTHOR, EDITOR])
def test_who_may_not_decide_sees_why_and_cannot(house: PageHouse, guest: Guest, person: Person) -> None:
    """The author never approves; an editor has no such right; both see their agency's posts."""
    page = come(guest, person)
    assert (page.status_code, 'value="approve"' in page.text) == (200, False)
    kept = {"csrf": hidden(page.text, "csrf"), "post": POST, "seen": hash_of(house.world, POST)}
    refused = guest.sends(act="approve", pin=CANARY_PIN, **kept)
    assert (refused.status_code, state(house)) == (403, PostState.IN_REVIEW)


@pytest.mark.parametrize(
    "path", ["/bai/{post}", "/bai/{post}/go", "/bai/{post}/tep/" + "0" * 64, "/bai/LA-2026"]
)
def test_posts_of_other_agencies_are_not_there(house: PageHouse, guest: Guest, path: str) -> None:
    """And nothing tells them apart from what does not exist."""
    come(guest, OTHER)
    page = guest.opens(path.format(post=POST))
    assert (page.status_code, "Chào mừng" in page.text) == (404, False)


def test_whoever_is_no_more_listed_is_out_at_once(house: PageHouse, guest: Guest) -> None:
    """Settings are read again while the daemon runs."""
    come(guest)
    house.desk = replace(house.desk, people=[p for p in house.desk.people if p.name != LEADER.name])
    assert guest.opens(f"/bai/{POST}").status_code == 401
    assert come(guest).status_code == 401


def test_without_a_pin_nobody_decides(house: PageHouse, guest: Guest) -> None:
    """The page says who sets one."""
    del house.pins[LEADER.name]
    come(guest)
    assert f"loa people pin “{LEADER.name}”" in note_of(guest.decides("approve"))
    assert state(house) == PostState.IN_REVIEW


# --- wrong PINs -----------------------------------------------------------------------------------------


def test_wrong_pins_are_counted_written_down_and_told_and_then_the_right_one_waits(
    house: PageHouse, guest: Guest, guests: Callable[[], Guest]
) -> None:
    """A million PINs at five in a quarter of an hour take six years; people hear of it after the fifth."""
    come(guest)
    told = [note_of(guest.decides("approve", pin=WRONG)) for _ in range(GUESSES)]
    assert set(told) == {"Mã PIN không đúng. Chưa có gì được thay đổi."}
    assert note_of(guest.decides("approve")).startswith("Đã nhập sai mã PIN nhiều lần.")
    assert [act.verb for act in house.world.look(acts_on, "page")] == ["wrong_pin"] * GUESSES
    (notice,) = [each for each in house.world.look(untold) if each.key.startswith("pin:")]
    assert LEADER.name in notice.message

    other = guests()
    come(other, APPROVER)
    other.decides("approve")
    assert state(house) == PostState.APPROVED


def test_after_a_while_the_right_pin_is_taken_again(house: PageHouse, guest: Guest) -> None:
    """Who forgot is not shut out for ever."""
    come(guest)
    for _ in range(GUESSES):
        guest.decides("approve", pin=WRONG)
    house.world.clock.at += timedelta(seconds=GUESSING + 1)
    guest.decides("approve")
    assert state(house) == PostState.APPROVED


# --- links and sessions ---------------------------------------------------------------------------------


def forged(link: str, old: str, new: str) -> str:
    assert old in link
    return link.replace(old, new)


def test_links_that_are_over_forged_or_revoked_open_nothing(
    house: PageHouse, guest: Guest, guests: Callable[[], Guest]
) -> None:
    """A new PIN or a new address ends every link that was written before."""
    link = house.link(LEADER, POST)
    token = link.split("/")[-2]
    until, mac = token.split(".")
    longer = f"{int(until, 16) + 3600:x}"
    for bad in (
        forged(link, until, longer),
        forged(link, mac, "0" * 40),
        forged(link, mac, mac.upper() + "0"),
    ):
        assert guest.opens(bad).status_code == 401
    house.pins[LEADER.name] = house.pins[LEADER.name] + "x"
    assert guest.opens(link).status_code == 401
    house.pins[LEADER.name] = house.pins[LEADER.name][:-1]
    assert guest.opens(link).status_code == 200
    house.world.clock.at += LASTS + timedelta(minutes=1)
    assert guests().opens(link).status_code == 401


def test_a_session_ends_when_nobody_looks(house: PageHouse, guest: Guest) -> None:
    """Half an hour without a request."""
    come(guest)
    house.world.clock.at += timedelta(seconds=IDLE + 1)
    assert guest.opens(f"/bai/{POST}").status_code == 401


def test_who_leaves_is_out(house: PageHouse, guest: Guest) -> None:
    """The cookie opens nothing any more, also where it was copied."""
    page = come(guest)
    cookies = dict(guest._http.cookies)
    guest.sends("/thoat", csrf=hidden(page.text, "csrf"))
    assert guest.opens("/").status_code == 401
    assert httpx.get(house.address, cookies=cookies).status_code == 401


def test_a_link_is_written_to_listed_addresses_alone_and_seldom(house: PageHouse, guest: Guest) -> None:
    """The page says the same to everybody."""
    said = [
        guest.sends("/xin-lien-ket", email=each).text for each in ("la@vidu.example", ADDRESSES[LEADER.name])
    ]
    for _ in range(5):
        guest.sends("/xin-lien-ket", email=f" {ADDRESSES[LEADER.name].upper()} ")
    assert said[0] == said[1]
    assert [letter.to for letter in house.letters] == [ADDRESSES[LEADER.name]] * 3
    link = re.search(r"http://\S+", house.letters[0].text)
    assert link is not None
    assert guest.opens(link[0]).status_code == 200


# --- forms of others, floods, headers -------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://ke.gian.example", "null", None])
def test_a_form_of_another_site_is_refused(house: PageHouse, guest: Guest, origin: str | None) -> None:
    """By what the browser says of its origin, and where it says nothing."""
    come(guest)
    kept = {name: hidden(guest.page.text, name) for name in ("csrf", "post", "seen")}
    answer = guest.sends(origin=origin, act="approve", pin=CANARY_PIN, **kept)
    assert (answer.status_code, state(house)) == (403, PostState.IN_REVIEW)


def test_a_form_without_the_sessions_own_word_is_refused(house: PageHouse, guest: Guest) -> None:
    """CSRF token of another session, or none."""
    come(guest)
    for csrf in ("", "0" * 32):
        assert guest.decides("approve", csrf=csrf).status_code == 403
    assert state(house) == PostState.IN_REVIEW


def test_what_is_refused_at_the_door_is_logged(
    house: PageHouse, guest: Guest, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever looks after the server sees it, without the address that was asked for."""
    come(guest)
    guest.sends(origin="https://ke.gian.example", act="approve")
    guest.decides("approve", csrf="")
    guest.decides("approve", pin=WRONG)
    guest.opens("/mo/1.2")
    told = [record.__dict__.get("action") for record in caplog.records if record.name.startswith("bot.web")]
    assert told == ["request_refused", "form_refused", "pin_wrong", "link_refused"]


def test_a_stored_file_is_shown_to_whom_its_post_is(world: World, tmp_path: Path) -> None:
    """A picture in its place, in a sandbox; what browsers do not show is saved; others get nothing."""
    source = tmp_path / "hoa.png"
    source.write_bytes(PNG)
    ref = MediaStore(tmp_path / "media").keep(source)
    plain = a_post()
    payload = Payload("telegram", "vi", "Chào", {}, (ref,))
    world.plan(ComposedPost(plain.post, (ComposedDelivery("k0", "telegram", "vi", payload),)))
    with page_house(world, tmp_path) as house:
        guest = Guest(house)
        come(guest)
        shown = guest.opens(f"/bai/{POST}/tep/{ref.sha256}")
        assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert (shown.headers["x-content-type-options"], shown.headers["content-disposition"]) == (
            "nosniff",
            "inline",
        )
        come(guest, OTHER)
        assert guest.opens(f"/bai/{POST}/tep/{ref.sha256}").status_code == 404
        guest.close()


def test_a_film_is_shown_piece_by_piece(world: World, tmp_path: Path) -> None:
    """Telephones ask for parts of it, and a gigabyte is never in memory."""
    source = tmp_path / "phim.pdf"
    content = b"%PDF-1.4 " + bytes(range(256)) * 12_000
    source.write_bytes(content)
    ref = MediaStore(tmp_path / "media").keep(source)
    payload = Payload("telegram", "vi", "Chào", {}, (ref,))
    world.plan(ComposedPost(a_post().post, (ComposedDelivery("k0", "telegram", "vi", payload),)))
    with page_house(world, tmp_path) as house:
        guest = Guest(house)
        come(guest)
        path = f"/bai/{POST}/tep/{ref.sha256}"
        whole = guest.opens(path)
        assert (whole.status_code, whole.content == content) == (200, True)
        assert whole.headers["content-disposition"].startswith("attachment; filename*=UTF-8''phim.pdf")
        part = guest._http.get(path, headers={"range": "bytes=1000000-2500000"})
        assert (part.status_code, part.content == content[1_000_000:2_500_001]) == (206, True)
        assert part.headers["content-range"] == f"bytes 1000000-2500000/{len(content)}"
        guest.close()


@pytest.mark.parametrize(
    ("wanted", "span_of_ten"),
    [
        ("", (0, 9)),
        ("bytes=0-", (0, 9)),
        ("bytes=2-4", (2, 4)),
        ("bytes=2-400", (2, 9)),
        ("bytes=10-", (0, 9)),
        ("bytes=4-2", (0, 9)),
        ("bytes=-3", (0, 9)),
        ("bytes=0-1,3-4", (0, 9)),
        ("items=0-1", (0, 9)),
    ],
)
def test_a_part_that_is_not_there_is_the_whole(wanted: str, span_of_ten: tuple[int, int]) -> None:
    """RFC 9110: a server may answer with all."""
    assert span(wanted, 10) == span_of_ten


def test_whoever_floods_shuts_nobody_else_out(house: PageHouse, guest: Guest) -> None:
    """Behind the office's web server, people are told apart by the address it names."""

    def ask(address: str) -> int:
        headers = {"origin": house.address, "x-forwarded-for": address}
        return guest._http.post(
            "/xin-lien-ket", data={"email": "x@vidu.example"}, headers=headers
        ).status_code

    assert [ask("10.0.0.1") for _ in range(32)][-1] == 429
    assert ask("10.0.0.2") == 200


def test_only_its_own_name_is_answered(house: PageHouse) -> None:
    """A name of others that leads here (DNS rebinding) gets nothing."""
    answer = httpx.get(house.address, headers={"host": "ke.gian.example"})
    assert (answer.status_code, answer.text) == (400, "400")


def test_floods_are_stopped(house: PageHouse, guest: Guest) -> None:
    """Forms of one address, so many a minute."""
    answers = [guest.sends("/xin-lien-ket", email="la@vidu.example").status_code for _ in range(40)]
    assert (answers.count(200), answers.count(429)) == (30, 10)
    house.world.clock.at += timedelta(minutes=1, seconds=1)
    assert guest.sends("/xin-lien-ket", email="la@vidu.example").status_code == 200


def test_a_form_that_is_too_large_is_not_read(house: PageHouse, guest: Guest) -> None:
    """No form of ours comes near it."""
    come(guest)
    assert guest.decides("reject", reason="x" * 70_000).status_code == 413
    many = guest.sends(csrf="x", chosen=["y"] * 600)
    assert many.status_code == 413


@pytest.mark.parametrize("path", ["/", "/khong-co", f"/bai/{POST}", "/style.css", "/mo/1.2"])
def test_every_answer_says_what_a_browser_may_do(house: PageHouse, guest: Guest, path: str) -> None:
    """No script, no frame, no other site; nothing is kept."""
    headers = guest.opens(path).headers
    policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["frame-ancestors"], policy["base-uri"]) == ("'none'",) * 3
    assert {policy[name] for name in ("style-src", "img-src", "form-action")} == {"'self'"}
    assert "script-src" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")
    assert headers["cache-control"] in {"no-store", "public, max-age=3600"}
    assert headers["content-type"] in {"text/html; charset=utf-8", "text/css; charset=utf-8"}


def test_pages_have_no_script_and_no_style_of_their_own(house: PageHouse, guest: Guest) -> None:
    """The policy would stop them anyway."""
    come(guest)
    for path in ("/", f"/bai/{POST}", f"/bai/{POST}/go", "/tam-dung", "/danh-sach/hom-nay", "/nowhere"):
        assert re.findall(r"<script|<style|\sstyle=|\son\w+=|javascript:", guest.opens(path).text) == []


def test_behind_https_cookies_and_browsers_are_told_to_stay_there(world: World, tmp_path: Path) -> None:
    """`__Host-`: from this host alone, sealed, for all its paths."""
    world.plan(a_post())
    with page_house(world, tmp_path, public="https://duyet.tinh.example/loa") as house:
        path = house.link(LEADER, POST).removeprefix(house.address)
        answer = httpx.get(
            f"http://{house.listen}{path}", headers={"host": "duyet.tinh.example"}, follow_redirects=False
        )
        assert answer.headers["location"] == f"/loa/bai/{POST}"
        name, _, rest = answer.headers["set-cookie"].partition("=")
        assert name == "__Host-loa"
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(rest.split("; "))
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_what_nobody_foresaw_ends_in_a_sentence(
    house: PageHouse, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, no name of ours; what happened stands in the log."""
    come(guest)

    def broken(*_: object) -> None:
        raise RuntimeError("secret words of the house")

    monkeypatch.setitem(views.VIEWS, "post", broken)
    page = guest.opens(f"/bai/{POST}")
    assert (page.status_code, "secret words" in page.text) == (500, False)
    assert note_of(page).startswith("Trang gặp lỗi ngoài dự kiến.")


@pytest.mark.parametrize("address", ["http://duyet.vidu.vn", "ftp://127.0.0.1", "duyet.vidu.vn"])
def test_no_pin_is_asked_for_in_the_open(address: str) -> None:
    """Only https, but for this machine's own."""
    with pytest.raises(SettingsError):
        parse_settings(f'[page]\npublic_url = "{address}"')
    assert parse_settings('[page]\npublic_url = "http://127.0.0.1:8090/"').page.public_url[-1] == "0"


def test_another_language_is_kept(house: PageHouse, guest: Guest) -> None:
    """Vietnamese first, English complete."""
    come(guest)
    assert "Approve this post" in (guest.opens("/ngon-ngu/en"), guest.opens(f"/bai/{POST}"))[1].text
    assert "Duyệt bài này" in (guest.opens("/ngon-ngu/vi"), guest.opens(f"/bai/{POST}"))[1].text


def test_lists_hold_what_they_say(house: PageHouse, guest: Guest) -> None:
    """Waiting, today, held, missed; each only with what concerns the visitor."""
    come(guest)
    found = {
        which: POST in guest.opens(f"/danh-sach/{which}").text for which in ("cho-duyet", "hom-nay", "bi-giu")
    }
    assert found == {"cho-duyet": True, "hom-nay": True, "bi-giu": False}
    house.world.clock.at = DUE + timedelta(minutes=1)
    come(guest)
    assert [POST in guest.opens(f"/danh-sach/{which}").text for which in ("cho-duyet", "lo-gio")] == [
        False,
        True,
    ]
    assert guest.opens("/danh-sach/khac").status_code == 404


def test_a_persons_secret_has_a_name_of_its_own() -> None:
    """Names that look alike without marks are other people."""
    names = {secret_of(name) for name in ("Nguyễn Văn An", "Nguyễn Văn Ân", "nguyễn  văn an", "阮文安")}
    assert len(names) == 3
    assert all(re.fullmatch(r"pin-[a-z0-9-]*[0-9a-f]{8}", name) for name in names)
