"""Sound and film: the containers are walked, nothing is decoded. A file that was cut off or renamed is noticed.

MP4 (ISO/IEC 14496-12), WebM (EBML, RFC 8794), Ogg (RFC 3533), MP3 (ISO/IEC 11172-3 and 13818-3, with ID3v2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catalogue.errors import N_
from catalogue.media.fitness import Unfit

_CUT_OFF = N_(
    "This film or recording was cut off, or lacks its table of contents (the moov atom): nothing can play it. "
    "Export it again, or send it again."
)
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_DOCTYPE = re.compile(rb"\x42\x82.{1,8}webm", re.DOTALL)
_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")

# kbit/s by the index in a frame's header; layer III of MPEG-1, then of MPEG-2 and 2.5
_BITRATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_SAMPLE_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def check(path: Path, ending: str) -> str:
    """Walk a file as its ending says. Raises Unfit; returns ``ending``."""
    with path.open("rb") as file:
        size = path.stat().st_size
        if not _WALKS[ending](file, size):
            raise Unfit(ending=ending)
    return ending


def _is_mp4(file: BinaryIO, size: int) -> bool:
    """Walk the boxes: ``ftyp`` first, a ``moov`` somewhere, the last one ending where the file does. Raises Unfit."""
    place, seen = 0, list[bytes]()
    while place < size:
        file.seek(place)
        head = file.read(16)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:  # to the end of the file
            length = size - place
        if not seen and name != b"ftyp":
            return False
        if length < 8 or place + length > size:
            raise Unfit(_CUT_OFF)
        if name == b"ftyp" and head[8:12] == b"qt  ":  # QuickTime: few browsers play it
            return False
        seen.append(name)
        place += length
    if b"moov" not in seen:
        raise Unfit(_CUT_OFF)
    return b"mdat" in seen or b"moof" in seen


def _is_webm(file: BinaryIO, _size: int) -> bool:
    head = file.read(4096)
    return head.startswith(_EBML) and bool(_DOCTYPE.search(head[:200])) and _SEGMENT in head


def _is_ogg(file: BinaryIO, size: int) -> bool:
    """Look at the first page, which names the codec, and at the last, which a file that was cut off lacks."""
    head = file.read(4096)
    if not head.startswith(b"OggS\0") or not any(codec in head[:100] for codec in _OGG_SOUND):
        return False
    file.seek(max(0, size - 65_536))  # a page has 65,307 bytes at most
    tail = file.read()
    last = tail.rfind(b"OggS")
    if last < 0 or len(tail) < last + 27:
        return False
    sizes = tail[last + 27 : last + 27 + tail[last + 26]]
    return last + 27 + len(sizes) + sum(sizes) <= len(tail)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of MPEG layer III: its length in bytes, its samples, and how many of them make a second."""

    length: int
    samples: int
    rate: int


def mp3_frames(file: BinaryIO) -> tuple[int, Frame] | None:
    """Skip an ID3v2 tag and its padding, then find two frames in a row: one alone can be chance.

    Returns where the first one begins, and what it says of itself.
    """
    file.seek(0)
    head = file.read(10)
    start = 0
    if head.startswith(b"ID3") and len(head) == 10:
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(start)
    data = file.read(65_536)
    place = len(data) - len(data.lstrip(b"\0"))
    first = _frame(data[place : place + 4])
    second = _frame(data[place + first.length :][:4]) if first else None
    return (start + place, first) if first and second else None


def _is_mp3(file: BinaryIO, _size: int) -> bool:
    return mp3_frames(file) is not None


def _frame(header: bytes) -> Frame | None:
    """Return the layer III frame that a header begins, None where it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0 or header[1] & 0x06 != 0x02:
        return None
    version, rate, sampling = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sampling == 3:
        return None
    kilobits, hertz = _BITRATES[0 if version == 3 else 1][rate], _SAMPLE_RATES[version][sampling]
    samples = 1152 if version == 3 else 576
    return Frame(samples // 8 * kilobits * 1000 // hertz + (header[2] >> 1 & 1), samples, hertz)


_WALKS: dict[str, Callable[[BinaryIO, int], bool]] = {
    ".mp4": _is_mp4,
    ".m4a": _is_mp4,
    ".webm": _is_webm,
    ".ogg": _is_ogg,
    ".mp3": _is_mp3,
}
