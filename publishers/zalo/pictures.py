"""Where Zalo fetches pictures: uploads for articles were closed (HTTP 404, -209). Pure."""

from urllib.parse import quote, urlsplit, urlunsplit

from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.served import PIXELS, served_name
from content_queue.texts import _

#: Types of a picture that Zalo fetches; an empty one is not known yet. Of ours, what is larger than Zalo's
#: 1 MB is served smaller.
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", ""})
#: Characters of an address that stay; everything else is percent-encoded, or Zalo calls it invalid.
KEPT = "%/:?#[]@!$&'()*+,;=~-._"


def address_of(picture: MediaRef, ours: str) -> str:
    """Return where Zalo fetches a picture; empty for one of ours if `ours`, where they are served, is.

    Raises:
        RefusedError: Zalo cannot take it, or its address.
    """
    if picture.mime not in PICTURE_TYPES or picture.width * picture.height > PIXELS:
        told = _("Zalo chỉ nhận ảnh JPEG hoặc PNG không quá 1 MB. Hãy thay ảnh {name} hoặc giảm dung lượng.")
        raise RefusedError(told.format(name=picture.name or picture.url))
    if picture.url:
        return public_url(picture.url)
    return f"{ours}/{served_name(picture)}" if ours else ""


def public_url(url: str) -> str:
    """Return an https address in ASCII, as Zalo's servers want it.

    Raises:
        RefusedError: it is no https address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.netloc:
        told = _(
            "Zalo chỉ nhận ảnh có địa chỉ https. Hãy thay địa chỉ {url} bằng địa chỉ bắt đầu bằng https://."
        )
        raise RefusedError(told.format(url=url))
    try:
        host = parts.netloc.encode("idna").decode()
    except UnicodeError as error:
        told = _("Địa chỉ ảnh {url} không đọc được tên miền. Hãy chép lại địa chỉ từ trình duyệt.")
        raise RefusedError(told.format(url=url)) from error
    return quote(urlunsplit(parts._replace(netloc=host)), safe=KEPT)
