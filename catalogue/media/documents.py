"""PDF documents and pictures, opened as a reader would open them."""

from __future__ import annotations

import ctypes
import io
import math
import re
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageOps

from catalogue.errors import N_
from catalogue.media.fitness import Unfit

MOST_PIXELS = 50_000_000
"""More than any telephone makes; decoded it takes 150 MB of memory for a moment."""


class TooLarge(Unfit):
    """A picture with more than ``MOST_PIXELS``."""

    message = N_("This picture is larger than 50 million pixels. Make it smaller first.")


_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_BROKEN_WORD = re.compile("[\\x02\\xad\\ufffe]\\s*")  # how PDFium tells of a hyphen at the end of a line
_LEADERS = re.compile(r"([^\w\s])\1{3,}")  # the dots of a table of contents
_PAGES_READ = 5  # are enough to tell the language
_PASSWORD = N_("This PDF asks for a password: visitors could not open it.")
_CUT_OFF = N_("This PDF was cut off: its end is missing. Send it again, or ask for it again where it came from.")
_DRAWING = N_("This is an SVG drawing, which can carry a program. Save it as PNG first.")
_TAIL = 4096  # bytes in which a PDF says that it ends; some programs write something behind it
_MOST_OF_A_PAGE = 12_000_000  # pixels of a page as a picture: A3 at 200 dots per inch has 8 million
_pdfium = threading.Lock()  # PDFium works for one thread at a time


def check_pdf(path: Path, ending: str) -> str:
    """Open a PDF (ISO 32000) and count its pages. Raises Unfit; returns ``ending``."""
    with path.open("rb") as file:
        # PDFium looks for a PDF within the first kilobyte: what begins otherwise is something else as well.
        if file.read(5) != b"%PDF-":
            raise Unfit(ending=ending)
        file.seek(max(0, path.stat().st_size - _TAIL))
        if b"%%EOF" not in file.read():  # 7.5.5; PDFium makes something of it all the same, with pages missing
            raise Unfit(_CUT_OFF)
    with _pdfium:
        try:
            document = pdfium.PdfDocument(path)
            pages = len(document)
            document.close()
        except pdfium.PdfiumError as error:
            # FPDF_ERR_PASSWORD
            raise Unfit(_PASSWORD if getattr(error, "err_code", None) == 4 else None, ending=ending) from error
    if not pages:
        raise Unfit(ending=ending)
    return ending


def read_pdf(path: Path, most: int) -> tuple[str, str, str]:
    """Return the title and the language that a PDF gives itself, and the first ``most`` characters of its text.

    What it lacks or hides is empty. Raises Unfit for a file that is none.
    """
    with _pdfium:
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise Unfit(ending=".pdf") from error
        try:
            title = document.get_metadata_value("Title")
            language = _language(document)
            text = ""
            for page in range(min(len(document), _PAGES_READ)):
                text += document[page].get_textpage().get_text_range(errors="ignore")
                if len(text) > most:
                    break
        except pdfium.PdfiumError:
            text = ""
        finally:
            document.close()
    return title.strip("\0 "), language, text[:most]


def _language(document: pdfium.PdfDocument) -> str:
    """Return ``Lang`` of the document's catalogue (ISO 32000-1, 14.9.2)."""
    length = raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
    if not 2 < length < 100:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(document.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le", "ignore").strip("\0 ")


def pdf_pages(path: Path, most: int) -> Iterator[str]:
    """Yield the text of each page of a PDF, of at most ``most`` pages: empty for a page that is a picture or damaged.

    Raises Unfit for a file that is none, or asks for a password. What a page needs of memory and time is for the
    caller to bound: a few bytes can stand for gigabytes.
    """
    check_pdf(path, ".pdf")
    with _pdfium:
        document = pdfium.PdfDocument(path)
        try:
            for number in range(min(len(document), most)):
                yield _page_text(document, number)
        finally:
            document.close()


def _page_text(document: pdfium.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text = str(page.get_textpage().get_text_range(errors="ignore"))
        page.close()
    except pdfium.PdfiumError:
        return ""
    return " ".join(_LEADERS.sub(r"\1\1\1", _BROKEN_WORD.sub("", text)).split())


def pdf_pictures(path: Path, dpi: int) -> Iterator[bytes]:
    """Yield each page of a PDF as a grey picture (Netpbm), a very large one less fine; empty for one that is damaged.

    Raises Unfit as ``pdf_pages``; as there the caller bounds what it needs.
    """
    check_pdf(path, ".pdf")
    with _pdfium:
        document = pdfium.PdfDocument(path)
        try:
            for number in range(len(document)):
                yield _page_picture(document, number, dpi)
        finally:
            document.close()


def _page_picture(document: pdfium.PdfDocument, number: int, dpi: int) -> bytes:
    made = io.BytesIO()
    try:
        page = document[number]
        width, height = page.get_size()  # in points
        scale = min(dpi / 72, math.sqrt(_MOST_OF_A_PAGE / max(1.0, width * height)))
        page.render(scale=scale, grayscale=True).to_pil().save(made, "PPM")
        page.close()
    except (pdfium.PdfiumError, ValueError):
        return b""
    return made.getvalue()


def pdf_picture(path: Path, size: tuple[int, int]) -> Image.Image:
    """Return the first page of a PDF as a picture that fits into ``size`` (pixels), on white paper.

    Raises Unfit for a file that is none, asks for a password or has no page. As for ``pdf_pages``, what the page needs
    of memory and time is for the caller to bound.
    """
    check_pdf(path, ".pdf")
    with _pdfium:
        document = pdfium.PdfDocument(path)
        try:
            page = document[0]
            width, height = page.get_size()
            scale = min(size[0] / max(width, 1), size[1] / max(height, 1))
            found: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
        except (pdfium.PdfiumError, ValueError) as error:
            raise Unfit(ending=".pdf") from error
        finally:
            document.close()
    return found


def check_picture(path: Path, ending: str) -> str:
    """Decode a JPEG, PNG or WebP picture to its last pixel. Raises Unfit; returns ``ending``."""
    with path.open("rb") as file:
        if b"<svg" in file.read(_TAIL):
            raise Unfit(_DRAWING)
    load_picture(path, ending)
    return ending


def load_picture(source: Path | BinaryIO, ending: str) -> Image.Image:
    """Return a JPEG, PNG or WebP picture, decoded to its last pixel. Raises Unfit."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            with Image.open(source, formats=[_FORMATS[ending]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise TooLarge
                picture.load()
                return picture
    except Image.DecompressionBombError as error:
        raise TooLarge from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unfit(ending=ending) from error


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture as it is looked at: turned as the camera was held, what is transparent on white paper."""
    turned = ImageOps.exif_transpose(picture)
    if not turned.has_transparency_data:
        return turned.convert("RGB")
    paper = Image.new("RGBA", turned.size, "white")
    paper.alpha_composite(turned.convert("RGBA"))
    return paper.convert("RGB")
