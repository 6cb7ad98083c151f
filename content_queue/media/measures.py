"""Measure pictures and videos by their own headers; what cannot be read is 0."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

#: Most bytes of a film's table of contents that are read.
_MOOV = 16 * 2**20
#: JPEG markers that carry the size: SOF0-SOF15 but DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Ticks of JPEG without a length: restart marks, start of image, and a filler.
_BARE = frozenset({*range(0xD0, 0xD9), 0x01, 0xFF})


@dataclass(frozen=True, slots=True)
class Measures:
    """Pixels as shown, and seconds of a video; 0 is unknown."""

    width: int = 0
    height: int = 0
    seconds: float = 0


UNKNOWN = Measures()


def measure(file: BinaryIO, mime: str) -> Measures:
    """Read the measures of a file that is open at any place."""
    file.seek(0)
    try:
        match mime:
            case "image/png":
                return _png(file)
            case "image/jpeg":
                return _jpeg(file)
            case "video/mp4":
                return _mp4(file)
    except struct.error:
        return UNKNOWN  # cut off, or only begins like one
    return UNKNOWN


def _png(file: BinaryIO) -> Measures:
    head = file.read(24)
    return Measures(*struct.unpack(">II", head[16:])) if head[12:16] == b"IHDR" else UNKNOWN


def _jpeg(file: BinaryIO) -> Measures:
    file.seek(2)
    while (start := file.read(2)) and start[0] == 0xFF:  # noqa: PLR2004 -- every marker begins so
        if start[1] in _BARE:
            file.seek(-(start[1] == 0xFF), os.SEEK_CUR)  # noqa: PLR2004 -- of two fillers the second begins a marker
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if start[1] in _FRAMES:
            height, width = struct.unpack(">xHH", file.read(5))
            return Measures(width, height)
        file.seek(length - 2, os.SEEK_CUR)
    return UNKNOWN


def _mp4(file: BinaryIO) -> Measures:
    """Read `moov`: how long the film is, and the size of the first track that has one (ISO 14496-12)."""
    contents = _moov(file)
    boxes = list(_boxes(contents))
    seconds = next((_seconds(body) for name, body in boxes if name == b"mvhd"), 0.0)
    tracks = (inner for name, body in boxes if name == b"trak" for inner in _boxes(body))
    sizes = (_shown(body) for name, body in tracks if name == b"tkhd")
    width, height = next((size for size in sizes if all(size)), (0, 0))
    return Measures(width, height, seconds)


def _moov(file: BinaryIO) -> bytes:
    end = file.seek(0, os.SEEK_END)
    at = 0
    while at + 8 <= end:
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", file.read(8)), 16
        size = size or end - at
        if size < head:
            break
        if name == b"moov":
            return file.read(min(size - head, _MOOV))
        at += size
    return b""


def _boxes(contents: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(contents):
        size, name = struct.unpack_from(">I4s", contents, at)
        if size < 8:  # noqa: PLR2004 -- a box holds at least its own head
            return
        yield name, contents[at + 8 : at + size]
        at += size


def _seconds(mvhd: bytes) -> float:
    wide = mvhd[:1] == b"\1"
    scale, ticks = struct.unpack_from(">IQ" if wide else ">II", mvhd, 20 if wide else 12)
    return round(ticks / scale, 3) if scale else 0.0


def _shown(tkhd: bytes) -> tuple[int, int]:
    """Return width and height as shown: phones film upright by turning the picture a quarter."""
    at = 52 if tkhd[:1] == b"\1" else 40
    first, second = struct.unpack_from(">ii", tkhd, at)
    width, height = (side >> 16 for side in struct.unpack_from(">II", tkhd, at + 36))
    return (height, width) if not first and second else (width, height)
