"""Films made of their boxes alone: enough for whoever reads an MP4's measures (ISO 14496-12)."""

import struct

#: Sides of a Reel, and of a film that lies.
UPRIGHT, LYING = (1080, 1920), (1280, 720)


def film(sides: tuple[int, int] = LYING, *, seconds: float = 12.0, size: int = 4_000) -> bytes:
    """Return an MP4 of these sides and length, of `size` bytes."""
    matrix = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    measures = struct.pack(">II", *(side << 16 for side in sides))
    header = _box(b"mvhd", struct.pack(">5I", 0, 0, 0, 1000, round(seconds * 1000)) + bytes(80))
    track = _box(b"trak", _box(b"tkhd", bytes(40) + matrix + measures))
    start = _box(b"ftyp", b"isom\0\0\2\0isom") + _box(b"moov", header + track)
    return start + _box(b"mdat", bytes(max(size - len(start) - 8, 0)))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content
