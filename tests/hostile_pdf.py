"""PDF documents that are made to harm, or simply too much (ISO 32000-1), written byte by byte."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pages(texts: Sequence[str]) -> bytes:
    """Return a document with a page for each text."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(texts)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(texts):
        content = f"BT /F 9 Tf 20 700 Td ({text}) Tj ET".encode("cp1252")
        objects += [_page(5 + 2 * number), _stream(content)]
    return _document(objects)


def bomb(gigabytes: int = 1) -> bytes:
    """Return a page of a few kilobytes whose content is gigabytes of spaces, packed twice."""
    stream = _stream(_packed(gigabytes), b" /Filter [/FlateDecode /FlateDecode]")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    tree = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    return _document([b"<< /Type /Catalog /Pages 2 0 R >>", tree, font, _page(5), stream])


def bomb_at_the_door(gigabytes: int = 1) -> bytes:
    """Return a document whose list of objects (7.5.8) is gigabytes: it is unpacked before anything is known of it."""
    made = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] >>\nendobj\n"
    )
    entries = b" /Type /XRef /Size 4 /W [1 4 1] /Root 1 0 R /Filter [/FlateDecode /FlateDecode]"
    listed = b"3 0 obj\n%s\nendobj\n" % _stream(_packed(gigabytes), entries)
    return made + listed + b"startxref\n%d\n%%%%EOF\n" % len(made)


def _packed(gigabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    head, block = packer.flush(zlib.Z_FULL_FLUSH), packer.compress(b" " * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return zlib.compress(head + block * (gigabytes * 64) + packer.flush(), 9)


def locked() -> bytes:
    """Return a document whose password nobody knows (7.6.3, revision 2)."""
    made = pages(["Secret"])
    key = b"(" + b"x" * 32 + b")"
    entry = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >> /ID [(1)(1)] " % (key, key)
    return made.replace(b"/Root 1 0 R", entry + b"/Root 1 0 R")


def _page(content: int) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        b"/Resources << /Font << /F 3 0 R >> >> >>" % content
    )


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def _document(objects: Sequence[bytes]) -> bytes:
    parts, places, length = [b"%PDF-1.7\n"], list[int](), 9
    for number, body in enumerate(objects, 1):
        places.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        length += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, length)
    return b"".join(parts) + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer
