"""Small PDF documents with a title, a language and a text (ISO 32000-1), written byte by byte."""

from __future__ import annotations


def pdf(title: str, language: str, text: str) -> bytes:
    """Return a document of one page."""
    lines = [text[start : start + 90] for start in range(0, len(text), 90)]
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    content = f"BT /F 9 Tf 11 TL 20 700 Td {shown} ET".encode("cp1252")
    lang = f" /Lang ({language})" if language else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R{lang} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title <%s> >>" % ("\ufeff" + title).encode("utf-16-be").hex().encode(),
    ]
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer % (7, len(made))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
