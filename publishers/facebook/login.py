"""From a person's token to the tokens of the Pages: lengthened, listed, looked at, judged.

A Page token made from a long-lived user token has no end; one made from a short-lived token ends within an
hour. A Page that the person did not tick in Facebook's dialog is listed without a token (Meta, "Access Tokens
for Pages"; `debug_token`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from content_queue.models import Grant, Outlook
from content_queue.outcomes import NotSentError, RefusedError, UnknownOutcomeError
from content_queue.ports import Secrets
from content_queue.texts import N_, _
from publishers.facebook.errors import error_from
from publishers.facebook.graph import GraphError, answered, encoded, proof
from publishers.facebook.readback import next_cursor
from publishers.http import Shards
from publishers.options import FacebookOptions

#: Pages on one page of the list (Meta's maximum), and how many of those are read: more than a province has.
ROWS, LISTS = 100, 50
#: A Page token that ends sooner came from a token that was never lengthened.
SHORTEST = timedelta(days=7)
#: Task of the person on the Page -> what is missing without it.
TASKS: Mapping[str, str] = {
    "CREATE_CONTENT": N_("Người cấp quyền chưa có vai trò đăng bài (CREATE_CONTENT) trên Trang."),
    "MODERATE": N_("Người cấp quyền chưa có vai trò kiểm duyệt (MODERATE): không viết được bình luận đầu."),
    "ANALYZE": N_("Người cấp quyền chưa có vai trò xem số liệu (ANALYZE): không đọc được số liệu."),
}
#: Permission of the app -> what is missing without it.
SCOPES: Mapping[str, str] = {
    "pages_manage_posts": N_("Chưa cho ứng dụng quyền pages_manage_posts: không đăng được bài."),
    "pages_read_engagement": N_("Chưa cho ứng dụng quyền pages_read_engagement: không đọc lại được bài."),
    "read_insights": N_("Chưa cho ứng dụng quyền read_insights: không đọc được số liệu."),
    "pages_manage_engagement": N_(
        "Chưa cho ứng dụng quyền pages_manage_engagement: không viết được bình luận đầu."
    ),
}
#: Without these nothing is published.
NEEDED = frozenset({"CREATE_CONTENT", "pages_manage_posts", "pages_read_engagement"})


@dataclass(frozen=True, slots=True)
class PageRow:
    """One Page of a person: its token is empty where the person did not grant it."""

    id: str
    name: str
    tasks: frozenset[str]
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What Facebook says of a token. None is "never", and scopes are None where it told none."""

    valid: bool
    why: str = ""
    profile: str = ""
    expires: datetime | None = None
    data_until: datetime | None = None
    scopes: frozenset[str] | None = None


class FacebookLogin:
    """The office's app at Facebook."""

    def __init__(self, *, http: Shards, secrets: Secrets, options: FacebookOptions) -> None:
        """Take what calls need."""
        self._http = http
        self._secrets = secrets
        self._options = options

    async def lengthen(self, user: str) -> str:
        """Return a long-lived token for a person's; one without an end is that already.

        Raises:
            PublishError: Facebook gave none.
        """
        if (seen := await self.inspect(user)).valid and seen.expires is None:
            return user
        form = {"grant_type": "fb_exchange_token", "fb_exchange_token": user}
        form |= {"client_id": self._options.app_id, "client_secret": self._app_secret()}
        answer = await self._ask("oauth/access_token", form)
        if not answer.get("access_token"):
            raise RefusedError(_("Facebook không trả khóa dài hạn. Hãy lấy khóa người dùng mới rồi thử lại."))
        return str(answer["access_token"])

    async def pages(self, user: str) -> Sequence[PageRow]:
        """Return all Pages of a person, with the tokens of those that were granted.

        Raises:
            PublishError: Facebook did not tell.
        """
        found: list[PageRow] = []
        after: str | None = None
        for _list in range(LISTS):
            query = {"fields": "id,name,access_token,tasks", "limit": ROWS, "after": after}
            answer = await self._get("me/accounts", query, user)
            found += [_row(row) for row in answer.get("data", ()) if isinstance(row, dict)]
            after = next_cursor(answer)
            if after is None:
                break
        return found

    async def inspect(self, token: str) -> Inspection:
        """Return what Facebook says of a token.

        Raises:
            PublishError: it said nothing.
        """
        app = f"{self._options.app_id}|{self._app_secret()}"
        return read_inspection(await self._ask("debug_token", {"input_token": token}, bearer=app))

    async def look(self, access: str, account: str) -> Outlook:
        """Say how a stored Page token stands.

        Raises:
            PublishError: nobody could tell.
        """
        return outlook(await self.inspect(access), account)

    async def _ask(self, path: str, form: Mapping[str, str], *, bearer: str = "") -> Mapping[str, Any]:
        """Ask with something secret in what is asked: in a form, which no log of addresses holds."""
        if self._options.connect_in == "query":
            return await self._get(path, form, bearer)
        reads = {"method": "get"} if bearer else {}
        return await self._answer("POST", path, bearer, data={**form, **reads})

    async def _get(self, path: str, query: Mapping[str, Any], bearer: str) -> Mapping[str, Any]:
        signed = {"appsecret_proof": proof(self._app_secret(), bearer)} if "|" not in bearer else {}
        return await self._answer("GET", path, bearer, params=encoded({**query, **signed}))

    async def _answer(self, method: str, path: str, bearer: str, **content: Any) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        url = f"{self._options.api_url.rstrip('/')}/{self._options.version}/{path}"
        try:
            return answered(await self._http.request(method, url, headers=headers, **content))
        except GraphError as error:
            failed = error_from(error.status, error.headers, error.body, page="")
            if isinstance(failed, UnknownOutcomeError):  # nothing was changed, whatever was answered
                raise NotSentError(str(failed)) from None
            raise failed from None
        except UnknownOutcomeError as error:
            raise NotSentError(_("Facebook chưa trả lời được. Xin thử lại.")) from error

    def _app_secret(self) -> str:
        try:
            return self._secrets.get(self._options.app_secret)
        except KeyError:
            told = _(
                "Chưa có khóa bí mật của ứng dụng Facebook. Hãy đặt app_id và app_secret của [facebook]."
            )
            raise RefusedError(told) from None


def missing_options(options: FacebookOptions) -> list[str]:
    """Return the settings without which no token can be lengthened."""
    return [name for name in ("app_id", "app_secret") if not getattr(options, name)]


def read_inspection(answer: Mapping[str, Any]) -> Inspection:
    """Read an answer of `debug_token`; a dead token comes with an error of its own."""
    data = answer.get("data")
    if not isinstance(data, dict):
        return Inspection(valid=False, why=_("Facebook không cho biết khóa còn dùng được hay không."))
    told = data.get("error") if isinstance(data.get("error"), dict) else {}
    scopes = data.get("scopes")
    return Inspection(
        valid=bool(data.get("is_valid")),
        why=str((told or {}).get("message", ""))[:200],
        profile=str(data.get("profile_id") or ""),
        expires=_moment(data.get("expires_at")),
        data_until=_moment(data.get("data_access_expires_at")),
        scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else None,
    )


def judge(account: str, row: PageRow | None, seen: Inspection | None, now: datetime) -> Grant:
    """Return what is kept for a Page. Pure.

    Raises:
        RefusedError: nothing may be kept, with the reason and the next step.
    """
    if row is None:
        told = _("Tài khoản này không quản lý Trang {page}. Hãy dùng tài khoản có vai trò trên Trang ấy.")
        raise RefusedError(told.format(page=account))
    if not row.token or seen is None:
        told = _("Trang {page} chưa được đánh dấu khi cấp quyền. Hãy cấp quyền lại và chọn Trang ấy.")
        raise RefusedError(told.format(page=row.name))
    lacking = list(problems(row.tasks, seen.scopes, only=NEEDED))
    if lacking:
        raise RefusedError(" ".join(lacking))
    wrong = _unusable(account, seen, now)
    if wrong:
        raise RefusedError(wrong)
    ends = [moment - now for moment in (seen.expires, seen.data_until) if moment is not None]
    lasts = seen.expires - now if seen.expires is not None else None
    return Grant(row.token, lasts=lasts, person_within=min(ends, default=None))


def problems(
    tasks: frozenset[str] | None, scopes: frozenset[str] | None, *, only: frozenset[str] = frozenset()
) -> list[str]:
    """Say what is missing for want of a task or a permission; what nobody told is not missing."""
    missing = [(name, text) for name, text in TASKS.items() if tasks is not None and name not in tasks]
    missing += [(name, text) for name, text in SCOPES.items() if scopes is not None and name not in scopes]
    return [_(text) for name, text in missing if not only or name in only]


def outlook(seen: Inspection, account: str) -> Outlook:
    """Say how a stored token stands, of which the tasks are not told."""
    if not seen.valid:
        told = _("Facebook không nhận khóa này nữa: {why} Hãy kết nối lại: loa channels connect facebook")
        return Outlook(ok=False, problems=(told.format(why=seen.why or "?"),))
    ends = [moment for moment in (seen.expires, seen.data_until) if moment is not None]
    ok = not problems(None, seen.scopes, only=NEEDED) and seen.profile in {"", account}
    return Outlook(ok, tuple(problems(None, seen.scopes)), person_by=min(ends, default=None))


def _unusable(account: str, seen: Inspection, now: datetime) -> str:
    if not seen.valid:
        return _("Facebook không nhận khóa của Trang này: {why}").format(why=seen.why or "?")
    if seen.profile not in {"", account}:
        return _("Khóa này là của Trang {found}, không phải {wanted}.").format(
            found=seen.profile, wanted=account
        )
    if seen.expires is not None and seen.expires - now < SHORTEST:
        return _("Khóa của Trang này sắp hết hạn: khóa người dùng chưa được đổi sang dài hạn. Xin thử lại.")
    return ""


def _row(row: Mapping[str, Any]) -> PageRow:
    tasks = row.get("tasks")
    return PageRow(
        str(row.get("id", "")),
        str(row.get("name", "")),
        frozenset(map(str, tasks)) if isinstance(tasks, list) else frozenset(),
        str(row.get("access_token") or ""),
    )


def _moment(told: object) -> datetime | None:
    """Read seconds since 1970; 0 is "never"."""
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int) and told > 0 else None
