"""What an office may set about each platform; the sections of `settings.toml` have these very fields."""

from dataclasses import dataclass
from datetime import time
from typing import Literal


@dataclass(frozen=True, slots=True)
class FacebookOptions:
    """Facebook Pages over the Graph API."""

    api_url: str = "https://graph.facebook.com"
    version: str = "v26.0"
    #: The office's app, for getting tokens of Pages.
    app_id: str = ""
    #: Name of the app secret; empty sends no `appsecret_proof`.
    app_secret: str = ""
    #: Where the tokens of a connect stand: in the `form`, or in the address as Meta's examples have it.
    connect_in: Literal["form", "query"] = "form"
    #: `header` sends `Authorization: Bearer`, `form` the field `access_token`.
    token_in: Literal["header", "form"] = "header"  # noqa: S105
    text_limit: int = 63_206
    photos_limit: int = 10
    #: `resumable` brings videos before their time, piece by piece; `simple` sends them whole at their second.
    video_upload: Literal["resumable", "simple"] = "resumable"
    #: Make the post before its time, unpublished, and reveal it by `is_published`: not verified live.
    reveal: bool = False
    #: After an unknown outcome, take a post that no look found for absent, and send it once more.
    resend_when_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class ZaloOptions:
    """Zalo Official Accounts."""

    api_url: str = "https://openapi.zalo.me"
    oauth_url: str = "https://oauth.zaloapp.com"
    #: The office's app, the name of its secret, and the address that Zalo sends people back to.
    app_id: str = ""
    app_secret: str = ""
    callback_url: str = ""
    #: Public https address of the cover of articles without a picture of their own.
    default_cover: str = ""
    publish_mode: Literal["hide_first", "direct"] = "hide_first"
    #: Readers' comments under an article.
    comment: Literal["show", "hide"] = "hide"
    title_limit: int = 140
    description_limit: int = 250
    #: Pushes to the followers of one OA, a calendar day and month of Vietnam; 0 counts none.
    broadcasts_per_day: int = 1
    broadcasts_per_month: int = 4
    per_oa_per_second: int = 1
    per_app_per_second: int = 20


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """Telegram channels over the Bot API."""

    api_url: str = "https://api.telegram.org"
    #: http:// or socks5:// address, empty for none.
    proxy: str = ""
    per_bot_per_second: int = 30
    per_chat_per_second: int = 1
    #: The office's own chat, for reading channels back: every publishing bot must be a member. Empty: none.
    probe_chat: str = ""
    #: How the preview under a link looks; "auto" leaves it to Telegram.
    link_preview: Literal["auto", "large", "small", "none"] = "auto"
    #: Local hours in which posts ring nobody's phone, unless they are urgent; the same twice for never.
    silent_from: time = time(22)
    silent_to: time = time(6)


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The office's own static pages; needs no account."""

    #: Folder the pages are written to, relative to the home folder.
    folder: str = "site"
    title: str = "Thông tin từ các cơ quan tỉnh Gia Lai"
    #: Public address of the folder, for links and the feed.
    base_url: str = "http://127.0.0.1/"
