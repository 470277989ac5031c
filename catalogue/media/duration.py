"""How long a film or recording lasts, as its container says: nothing is decoded, little is read."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from catalogue.media.streams import mp3_frames

_HEAD = 65_536  # bytes, where WebM has its header, and within which an MP3 has its first frame
_BOXES = 1_000  # more before the one that is looked for is no honest film


def duration(path: Path) -> float:
    """Return the length of a film or recording in seconds, 0 where its file does not say or is not there."""
    measure = _MEASURES.get(path.suffix.lower())
    try:
        with path.open("rb") as file:
            seconds = measure(file, path.stat().st_size) if measure else 0.0
    except (OSError, struct.error, ZeroDivisionError):
        return 0.0
    return seconds if 0 < seconds < 360_000 else 0.0  # also what is no number


def _of_mp4(file: BinaryIO, size: int) -> float:
    """Read ``mvhd`` in ``moov`` (ISO/IEC 14496-12, 8.2.2)."""
    moov = _box(file, 0, size, b"moov")
    header = _box(file, *moov, b"mvhd") if moov else None
    if not header:
        return 0.0
    file.seek(header[0])
    data = file.read(32)
    scale, length = struct.unpack(">IQ", data[20:32]) if data[0] else struct.unpack(">II", data[12:20])
    return float(length / scale)


def _box(file: BinaryIO, place: int, end: int, name: bytes) -> tuple[int, int] | None:
    """Return where the content of a box begins and ends, among those from ``place`` to ``end``."""
    for _ in range(_BOXES):
        file.seek(place)
        head = file.read(16)
        length, begins = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, begins = int.from_bytes(head[8:16], "big"), 16
        length = length or end - place
        if len(head) < 8 or length < begins or place + length > end:
            return None
        if head[4:8] == name:
            return place + begins, place + length
        place += length
    return None


def _of_webm(file: BinaryIO, _size: int) -> float:
    """Read Duration and TimestampScale of Info in the first Segment (RFC 9559)."""
    head = file.read(_HEAD)
    info = head.find(b"\x15\x49\xa9\x66")
    if info < 0:
        return 0.0
    part = head[info + 4 : info + 1024]
    scale, length = part.find(b"\x2a\xd7\xb1\x83"), part.find(b"\x44\x89")
    nanoseconds = int.from_bytes(part[scale + 4 : scale + 7], "big") if scale >= 0 else 1_000_000
    if length < 0 or part[length + 2] not in (0x84, 0x88):
        return 0.0
    form, width = (">f", 4) if part[length + 2] == 0x84 else (">d", 8)
    return float(struct.unpack(form, part[length + 3 : length + 3 + width])[0] * nanoseconds / 1e9)


def _of_ogg(file: BinaryIO, size: int) -> float:
    """Divide the position of the last page by the rate of its codec (RFC 3533, RFC 7845; Vorbis I, 4.2.2)."""
    head = file.read(512)
    vorbis, opus = head.find(b"\x01vorbis"), head.find(b"OpusHead")
    rate = struct.unpack("<I", head[vorbis + 12 : vorbis + 16])[0] if vorbis >= 0 else 48_000
    skipped = struct.unpack("<H", head[opus + 10 : opus + 12])[0] if opus >= 0 else 0
    file.seek(max(0, size - _HEAD))
    tail = file.read()
    last = tail.rfind(b"OggS")
    if last < 0 or (vorbis < 0 and opus < 0):
        return 0.0
    return float((struct.unpack("<Q", tail[last + 6 : last + 14])[0] - skipped) / rate)


def _of_mp3(file: BinaryIO, size: int) -> float:
    """Count the frames as the Xing or Info tag does, else by the bit rate of the first one."""
    found = mp3_frames(file)
    if not found:
        return 0.0
    place, frame = found
    file.seek(place)
    first = file.read(frame.length)
    tag = max(first.find(b"Xing"), first.find(b"Info"))
    if tag >= 0 and first[tag + 7] & 1:
        return float(int.from_bytes(first[tag + 8 : tag + 12], "big") * frame.samples / frame.rate)
    return float((size - place) / frame.length * frame.samples / frame.rate)


_MEASURES: dict[str, Callable[[BinaryIO, int], float]] = {
    ".mp4": _of_mp4,
    ".m4a": _of_mp4,
    ".webm": _of_webm,
    ".ogg": _of_ogg,
    ".mp3": _of_mp3,
}
