"""Small real files of each kind the centre takes, made here byte by byte or by the library that writes them."""

from __future__ import annotations

import io

from PIL import Image

VTT = "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:04.000\nBienvenue à tous\n".encode()
SRT = "1\r\n00:00:01,000 --> 00:00:04,000\r\nWelkom, één en al\r\n\r\n".encode("windows-1252")
TEXT = "Une transcription, mot à mot.\n".encode()


def picture(form: str, size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a picture of noise as JPEG, PNG, WEBP or PDF."""
    data = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(data, form)
    return data.getvalue()


def box(name: bytes, body: bytes = b"") -> bytes:
    """Return a box of ISO/IEC 14496-12."""
    return (8 + len(body)).to_bytes(4, "big") + name + body


def mp4(brand: bytes = b"isom") -> bytes:
    """Return the frame of an MP4 file: what it is, its contents, some data."""
    return box(b"ftyp", brand + b"\0\0\2\0") + box(b"moov", box(b"mvhd", b"\0" * 100)) + box(b"mdat", b"\7" * 300)


def webm(doctype: bytes = b"webm") -> bytes:
    """Return the head of a WebM file (EBML, RFC 8794) and the beginning of its segment."""
    head = b"\x42\x86\x81\1\x42\xf7\x81\1\x42\xf2\x81\4\x42\xf3\x81\x08\x42\x82\x84" + doctype
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 + len(head)]) + head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"\0" * 200


def ogg(codec: bytes = b"OpusHead") -> bytes:
    """Return two pages of an Ogg stream (RFC 3533)."""

    def page(kind: int, number: int, body: bytes) -> bytes:
        head = b"OggS\0" + bytes([kind]) + b"\0" * 8 + b"\1\0\0\0" + number.to_bytes(4, "little") + b"\0" * 4
        return head + bytes([1, len(body)]) + body

    return page(2, 0, codec + b"\1\2" + b"\0" * 9) + page(4, 1, b"\3" * 200)


def mp3(tag: bytes = b"") -> bytes:
    """Return four frames of MPEG-1 layer III at 128 kbit/s and 44.1 kHz, behind an ID3v2 ``tag``."""
    head = b"ID3\4\0\0" + bytes([0, 0, len(tag) >> 7, len(tag) & 0x7F]) + tag if tag else b""
    return head + (b"\xff\xfb\x90\x00" + b"\0" * 413) * 4


SAMPLES = {
    "a.pdf": picture("PDF"),
    "a.jpg": picture("JPEG"),
    "a.jpeg": picture("JPEG"),
    "a.png": picture("PNG"),
    "a.webp": picture("WEBP"),
    "a.mp3": mp3(b"\0" * 300),
    "a.m4a": mp4(b"M4A "),
    "a.ogg": ogg(),
    "a.mp4": mp4(),
    "a.webm": webm(),
    "a.vtt": VTT,
    "a.srt": SRT,
    "a.txt": TEXT,
}
