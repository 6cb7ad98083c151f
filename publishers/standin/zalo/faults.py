"""What goes wrong at Zalo beyond the words of all stand-ins: `POST /zalo/_fault`, the same way."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse

from publishers.standin.faults import Bend


def says(code: int, message: str, *, status: int = 200) -> Bend:
    """Refuse with a code and its words."""
    return Bend(lambda: JSONResponse({"error": code, "message": message}, status_code=status))


def tells(**data: Any) -> Bend:
    """Answer success with other data than the right ones."""
    return Bend(lambda: JSONResponse({"error": 0, "message": "Success", "data": data}))


#: Fault word -> what comes instead.
BENDS: Mapping[str, Bend] = {
    "pending_214": says(-214, "Article is being processed"),
    "pending_words": says(-200, "Media is being processed"),
    "pending_without_id": tells(),
    "media_failed": says(-200, "Upload media failed: Too many failed attempts"),
    "send_failed": says(-200, "Send failed"),
    "no_right": says(-223, "OA has not authorized this API for the app"),
    "no_quota": says(-223, "Your OA has exceeded content publishing quota in period"),
    "quota_words": says(-223, "OA đã vượt hạn mức đăng bài trong kỳ"),
    "out_of_quota": says(-211, "Out of quota"),
    "no_plan": says(-224, "OA must buy a package to use this feature"),
    "night": says(-234, "This message type is not allowed to be sent at night (22:00 - 06:00)"),
    "wrong_kind_of_oa": says(-235, "This API does not support this type of OA"),
    "standards": says(-248, "Content violates platform standards"),
    "gone_api": says(-209, "API is not support", status=404),
    "empty_api": Bend(
        lambda: JSONResponse({"message": "You are accessing an empty or invalid API"}, status_code=404)
    ),
    "html_502": Bend(lambda: HTMLResponse("<html>Bad Gateway</html>", status_code=502)),
    "never_seen": says(-9999, "Something new"),
    "film_token": says(-201, "token is invalid"),
    "film_unknown": tells(status=0),
    "film_locked": tells(status=2, status_message="locked"),
    "film_failed": tells(status=4, status_message="convert failed"),
    "film_deleted": tells(status=5, status_message="deleted"),
    "no_token": Bend(of=lambda _right: JSONResponse({"error": 0, "message": "Success"})),
    "text_code": Bend(lambda: JSONResponse({"error": "-216", "message": "Access token is invalid"})),
}
