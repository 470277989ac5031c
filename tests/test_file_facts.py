"""What a file says of itself: a title that somebody gave it, else its name; its language where that is clear."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from catalogue.file_facts import FileFacts, language_of, named, read
from tests.media_samples import SAMPLES
from tests.pdf_samples import pdf

DUTCH = "Het beroep van verpleegkundige is voor wie graag met mensen werkt en niet bang is van een lange dag. " * 3
FRENCH = "Le métier est pour vous qui aimez travailler avec les gens dans une équipe et sur le terrain. " * 3


@pytest.mark.parametrize(
    ("data", "name", "facts"),
    [
        (pdf("Devenir infirmière", "fr-BE", ""), "x.pdf", FileFacts("Devenir infirmière", "fr", "pdf")),
        (pdf("Verpleegkundige worden", "", DUTCH), "x.pdf", FileFacts("Verpleegkundige worden", "nl", "pdf")),
        (pdf("Microsoft Word - final.docx", "", FRENCH), "guide_2024.pdf", FileFacts("Guide 2024", "fr", "pdf")),
        (pdf("", "", "12"), "le-métier-d'avenir.PDF", FileFacts("Le métier d'avenir", "", "pdf")),
        (SAMPLES["a.pdf"], "scan.pdf", FileFacts("Scan", "", "pdf")),
        (b"%PDF-1.4 broken", "broken.pdf", FileFacts("Broken", "", "")),
    ],
)
def test_a_pdf(tmp_path: Path, data: bytes, name: str, facts: FileFacts) -> None:
    path = tmp_path / "kept.pdf"
    path.write_bytes(data)
    assert read(path, name) == facts


def test_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DUTCH, encoding="utf-8")
    assert read(tmp_path / "a.txt", "verslag.txt") == FileFacts("Verslag", "nl", "text")
    (tmp_path / "een-dag.mp4").write_bytes(SAMPLES["a.mp4"])
    assert read(tmp_path / "een-dag.mp4") == FileFacts("Een dag", "", "film")
    assert read(tmp_path / "gone.pdf") == FileFacts("Gone")


@pytest.mark.parametrize(
    ("name", "words"),
    [("C:\\docs\\mijn_gids.pdf", "Mijn gids"), ("a+b.pdf", "A b"), (".pdf", ".pdf"), ("x" * 900, "X" + "x" * 299)],
)
def test_a_name_as_words(name: str, words: str) -> None:
    assert named(name) == words


@pytest.mark.parametrize(
    ("text", "lang"), [(FRENCH, "fr"), (DUTCH, "nl"), (FRENCH + DUTCH, ""), ("le la les", ""), ("", "")]
)
def test_a_language_is_told_only_where_it_is_clear(text: str, lang: str) -> None:
    assert language_of(text) == lang


def test_the_samples_say_what_they_should() -> None:
    document = pdfium.PdfDocument(pdf("T", "nl", "Woord"))
    assert document.get_metadata_value("Title") == "T"
    assert raw.FPDFCatalog_GetLanguage(document.raw, None, 0) == 6
    document.close()
