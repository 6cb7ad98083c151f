"""What an MP4 says of itself, as far as Facebook minds: ISO 14496-12, `mvhd` and `tkhd`. Pure."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Pixels and seconds; 0 where the film does not tell."""

    width: int = 0
    height: int = 0
    seconds: float = 0.0

    @property
    def upright(self) -> bool:
        """Tell whether it is higher than wide."""
        return self.height > self.width


def measured(content: bytes) -> Measured:
    """Measure a film by the first of each box; nothing is known of what is cut off."""
    head, track = _box(content, b"mvhd"), _box(content, b"tkhd")
    try:
        scale, length = struct.unpack_from(">II", head, 12)
        width, height = (side >> 16 for side in struct.unpack(">II", track[-8:]))
    except struct.error:
        return Measured()
    turned = struct.unpack_from(">i", track, 40)[0] == 0  # phones film upright by turning the picture
    sides = (height, width) if turned else (width, height)
    return Measured(*sides, length / scale if scale else 0.0)


def _box(content: bytes, name: bytes) -> bytes:
    """Return the inside of the first box of a name, empty where there is none."""
    at = content.find(name)
    if at < len(name):
        return b""
    size = int.from_bytes(content[at - 4 : at])
    return content[at + 4 : at - 4 + size]
