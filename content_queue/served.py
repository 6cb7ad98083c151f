"""What pictures of ours are called on the public web: by their content, a name never means another."""

import re
from collections.abc import Mapping

from content_queue.models import MediaRef

#: Types that are served -> ending of the name: what platforms fetch by themselves.
ENDINGS: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png"}
#: What such a name looks like.
NAME = re.compile(r"(?P<sha256>[0-9a-f]{64})\.(?P<ending>jpg|png)")


def served_name(ref: MediaRef) -> str:
    """Return the name of a stored picture; empty for an address of others, and for what is not served."""
    ending = ENDINGS.get(ref.mime)
    return f"{ref.sha256}.{ending}" if ref.sha256 and ending and not ref.url else ""


def meant_by(name: str) -> MediaRef | None:
    """Return the picture that a name means, None if it is no such name."""
    match = NAME.fullmatch(name)
    if match is None:
        return None
    mime = next(mime for mime, ending in ENDINGS.items() if ending == match["ending"])
    return MediaRef(match["sha256"], mime, name, 0)
