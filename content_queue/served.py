"""What pictures of ours are called on the public web: by their content, a name never means another."""

import re
from collections.abc import Mapping

from content_queue.models import MediaRef

#: Types that are served -> ending of the name: what platforms fetch by themselves.
ENDINGS: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png"}
#: Most bytes of a picture that is served as it is; a larger one is served as a smaller JPEG of it.
MOST = 1024 * 1024
#: Most pixels that are decoded to make one smaller: a file within our limits rarely has more.
PIXELS = 89_000_000
#: What such names look like: the hash of the stored file, and whether it is made smaller.
NAME = re.compile(r"(?P<sha256>[0-9a-f]{64})(?:(?P<small>-1m)\.jpg|\.(?P<ending>jpg|png))")


def served_name(ref: MediaRef) -> str:
    """Return the name of a stored picture; empty for an address of others, and for what is not served."""
    ending = ENDINGS.get(ref.mime)
    if not ref.sha256 or not ending or ref.url:
        return ""
    return f"{ref.sha256}-1m.jpg" if ref.size > MOST else f"{ref.sha256}.{ending}"


def meant_by(name: str) -> MediaRef | None:
    """Return what is served under a name, by the hash of its stored file; None if it is no such name.

    Its size is `MOST` where it is made smaller, else it is not known.
    """
    match = NAME.fullmatch(name)
    if match is None:
        return None
    mime = next((mime for mime, ending in ENDINGS.items() if ending == match["ending"]), "image/jpeg")
    return MediaRef(match["sha256"], mime, name, MOST if match["small"] else 0)
