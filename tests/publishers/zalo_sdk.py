"""What the examples of Zalo's own Java SDK send, transcribed field by field.

zaloplatform/zalo-java-sdk, commit d869903 of 2024-10-25, `src/test/java/*`: each is a request that the
makers of the API wrote by hand. Values are theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PICTURE = "https://stc-developers.zdn.vn/images/bg_1.jpg"


@dataclass(frozen=True)
class Example:
    """One request: the SDK's class, method and path, and what goes along."""

    name: str
    method: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: frozenset[str] = frozenset({"access_token"})
    files: frozenset[str] = frozenset()


NORMAL: Mapping[str, Any] = {
    "type": "normal",
    "title": "article test",
    "author": "Huỳnh Hồng Hiển",
    "cover": {"cover_type": "photo", "photo_url": PICTURE, "status": "show"},
    "description": "article test",
    "body": [
        {"type": "text", "content": "content"},
        {"type": "image", "url": PICTURE, "caption": "caption"},
        {"type": "video", "url": "https://www.youtube.com/watch?v=mY4l5C5DDEE", "thumb": PICTURE},
    ],
    "comment": "show",
}
FILM: Mapping[str, Any] = {
    "type": "video",
    "title": "article test",
    "description": "description",
    "video_id": "video_id",
    "avatar": "https://developers.zalo.me/web/static/zalo.png",
    "comment": "show",
}
BROADCAST: Mapping[str, Any] = {
    "recipient": {"target": {"ages": 3, "gender": 1, "locations": 2, "cities": 4, "platform": 1}},
    "message": {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "media",
                "elements": [{"media_type": "article", "attachment_id": "4402c73f7e7a9724ce6b"}],
            },
        }
    },
}

EXAMPLES = {
    example.name: example
    for example in (
        Example("CreateNormalArticle", "POST", "/v2.0/article/create", {**NORMAL, "status": "hide"}),
        Example("CreateVideoArticle", "POST", "/v2.0/article/create", FILM),
        Example("GetArticleId", "POST", "/v2.0/article/verify", {"token": "fvXiHxFn"}),
        Example(
            "UpdateNormalArticle", "POST", "/v2.0/article/update", {**NORMAL, "id": "0b5c34017c44951acc55"}
        ),
        Example("UpdateVideoArticle", "POST", "/v2.0/article/update", {**FILM, "id": "article_id"}),
        Example("RemoveArticle", "POST", "/v2.0/article/remove", {"id": "article_id"}),
        Example(
            "GetListArticle",
            "GET",
            "/v2.0/article/getslice",
            query={"offset": "0", "limit": "2", "type": "normal"},
        ),
        Example("GetArticleInfo", "GET", "/v2.0/article/getdetail", query={"id": "article_id"}),
        Example(
            "UploadVideoForArticle",
            "POST",
            "/v2.0/article/upload_video/preparevideo",
            files=frozenset({"file"}),
        ),
        Example(
            "CheckStatusVideo",
            "GET",
            "/v2.0/article/upload_video/verify",
            headers=frozenset({"access_token", "token"}),
        ),
        Example("v3/SendBroadcastMessage", "POST", "/v2.0/oa/message", BROADCAST),
    )
}
#: Where we send otherwise than an example, and why.
OTHERWISE: Mapping[tuple[str, str], str] = {
    ("CreateVideoArticle", "status"): "hidden first; the example leaves the default",
    ("UpdateNormalArticle", "status"): "shown at its time; the example leaves it as it is",
    ("UpdateVideoArticle", "status"): "shown at its time; the example leaves it as it is",
    ("v3/SendBroadcastMessage", "recipient.target.ages"): "everybody, by gender 0 alone",
    ("v3/SendBroadcastMessage", "recipient.target.locations"): "everybody, by gender 0 alone",
    ("v3/SendBroadcastMessage", "recipient.target.cities"): "everybody; the codes are of before July 2025",
    ("v3/SendBroadcastMessage", "recipient.target.platform"): "everybody, by gender 0 alone",
}
