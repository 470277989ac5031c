"""PDF documents and pictures, opened as a reader would open them."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from catalogue.errors import N_
from catalogue.media.fitness import Unfit

MOST_PIXELS = 50_000_000
"""More than any telephone makes; decoded it takes 150 MB of memory for a moment."""

_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_PASSWORD = N_("This PDF asks for a password: visitors could not open it.")
_pdfium = threading.Lock()  # PDFium works for one thread at a time


def check_pdf(path: Path, ending: str) -> str:
    """Open a PDF (ISO 32000) and count its pages. Raises Unfit; returns ``ending``."""
    with path.open("rb") as file:
        # PDFium looks for a PDF within the first kilobyte: what begins otherwise is something else as well.
        if file.read(5) != b"%PDF-":
            raise Unfit(ending=ending)
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


def check_picture(path: Path, ending: str) -> str:
    """Decode a JPEG, PNG or WebP picture to its last pixel. Raises Unfit; returns ``ending``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            with Image.open(path, formats=[_FORMATS[ending]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Unfit(N_("This picture is larger than 50 million pixels. Make it smaller first."))
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unfit(ending=ending) from error
    return ending
