"""Make pictures smaller for platforms that take no large ones: the same bytes always become the same."""

import io
from collections.abc import Iterator, Sequence

from PIL import Image, ImageOps

from content_queue.served import PIXELS

#: What Pillow raises of bytes that are no picture, or too much of one.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    StopIteration,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class UnreadableError(Exception):
    """These bytes are no picture, or too much of one."""


def smaller(content: bytes, *, most: int, steps: Sequence[tuple[int, int]]) -> bytes:
    """Return a picture as a JPEG of at most `most` bytes: by the first of `steps` that makes it fit.

    A step is the longest side in pixels, and a quality.

    Raises:
        UnreadableError: it cannot be read as a picture, or never gets so small.
    """
    try:
        return next(made for made in _encoded(content, steps) if len(made) <= most)
    except _UNREADABLE as error:
        raise UnreadableError(type(error).__name__) from None


def _encoded(content: bytes, steps: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """Yield ever smaller JPEGs of a picture, upright as cameras meant it, on white."""
    with Image.open(io.BytesIO(content)) as opened:
        if opened.width * opened.height > PIXELS:
            raise ValueError(opened.size)
        profile = opened.info.get("icc_profile") if opened.mode in {"RGB", "RGBA"} else None
        largest = steps[0][0]
        opened.draft("RGB", (largest, largest))  # a JPEG need not be decoded in full
        flat = _on_white(ImageOps.exif_transpose(opened))
    flat.thumbnail((largest, largest), Image.Resampling.LANCZOS)
    for side, quality in steps:
        picture = flat.copy()
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        made = io.BytesIO()
        picture.save(made, "JPEG", quality=quality, optimize=True, icc_profile=profile)
        yield made.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear)
    return flat
