"""What stands inside files: read in a process of its own, whatever the file; once for each content; tried again."""

from __future__ import annotations

import io
import os
import sys
import textwrap
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from catalogue.inside import PROBLEMS, FileTexts, Inside, Passage, recognition
from catalogue.inside.extraction import extract, recognise
from catalogue.inside.kept import Kept
from catalogue.inside.passages import VERSION
from catalogue.inside.reading import Reading
from catalogue.inside.recognition import LANGUAGES, PACKAGES, languages_installed
from catalogue.media.documents import pdf_pictures
from tests import hostile_pdf, hostile_pictures
from tests.media_samples import SRT, VTT

FRENCH = "Vous voulez apprendre un métier avec des gens qui vous aident dans la vie et pour le travail. " * 2
DUTCH = "Je wil een beroep leren met mensen die je helpen, en dat kan ook in het weekend bij de VDAB. " * 2
CAPTIONS = """WEBVTT

00:10.000 --> 00:20.000
plus tard, un été à la boulangerie

00:02.000 --> 00:15.000
d'abord, <i>un hiver</i>

00:00.500 --> 00:00.100
à l'envers
"""


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_pdf_is_read_by_page_each_in_its_language(tmp_path: Path) -> None:
    found = extract(written(tmp_path, "two.pdf", hostile_pdf.pages([FRENCH, "", DUTCH])))
    assert (found.unit, found.problem) == ("page", "")
    assert [(passage.place, passage.lang) for passage in found.passages] == [(1, "fr"), (3, "nl")]
    assert found.passages[0].text == FRENCH.strip()
    assert [lang for lang, _ in found.texts()] == ["fr", "nl"]


def test_captions_that_are_shown_are_read_by_the_second_whatever_their_order_and_letters(tmp_path: Path) -> None:
    found = extract(written(tmp_path, "film.vtt", CAPTIONS.encode("latin-1")))
    assert found.unit == "second"
    assert [(passage.place, passage.text) for passage in found.passages] == [
        (2, "d'abord, un hiver"),
        (10, "plus tard, un été à la boulangerie"),
    ]
    assert extract(written(tmp_path, "film.srt", SRT)).passages == (Passage(1, "", "Welkom, één en al"),)


def test_plain_text_is_read_by_paragraph(tmp_path: Path) -> None:
    found = extract(written(tmp_path, "said.txt", f"{DUTCH}\n\nTot ziens\n".encode()))
    assert [(passage.place, passage.lang) for passage in found.passages] == [(0, "nl"), (0, "nl")]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("cut.pdf", hostile_pdf.pages([FRENCH])[:300], "damaged"),
        ("program.pdf", b"MZ\x90\0" * 100, "damaged"),
        ("locked.pdf", hostile_pdf.locked(), "password"),
        ("scan.pdf", hostile_pdf.pages(["1", "2", ""]), "scan"),
        ("endless.pdf", hostile_pdf.pages(["Une page."] * 10_000), "long"),
        ("bomb.png", hostile_pictures.bomb(60_032, 60_032), "large"),
        ("program.vtt", b"MZ\x90\0" * 100, "damaged"),
        ("empty.vtt", b"WEBVTT\n\n", "damaged"),
        ("backward.vtt", b"WEBVTT\n\n00:xx --> 99\nx\n", "damaged"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, name: str, data: bytes, problem: str) -> None:
    assert Reading().read(written(tmp_path, name, data)).problem == problem


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")
def test_a_file_that_unpacks_to_gigabytes_ends_within_the_memory_of_its_worker(tmp_path: Path) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = Reading().read(written(tmp_path, "bomb.pdf", hostile_pdf.bomb()))
    assert found.problem in ("broken", "scan", "slow")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 1024 * 1024)  # kilobytes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 100 * 1024


def test_a_worker_that_hangs_is_killed(tmp_path: Path) -> None:
    hanging = Reading((sys.executable, "-c", "import time; time.sleep(60)"), patience=0.2)
    started = time.monotonic()
    assert hanging.read(written(tmp_path, "film.vtt", VTT)) == Inside(problem="slow")
    assert time.monotonic() - started < 10


class Watched(Reading):
    """Counts what is read, and breaks off as often as it is told."""

    def __init__(self, breaks: int = 0) -> None:
        super().__init__()
        self.read_paths: list[str] = []
        self._breaks = breaks

    def read(self, path: Path, languages: Sequence[str] = ()) -> Inside:
        self.read_paths.append(path.name)
        broken = (sys.executable, "-c", "import os; os.abort()")
        self.command = broken if len(self.read_paths) <= self._breaks else Reading().command
        return super().read(path, languages)


def texts_of(root: Path, reading: Reading, told: list[str] | None = None) -> FileTexts:
    def tell(paths: Collection[str]) -> None:
        (told if told is not None else []).extend(paths)

    return FileTexts(root, root / "cache", tell, reading)


def test_a_content_is_read_once_whatever_its_name_and_the_number_of_starts(tmp_path: Path) -> None:
    for name in ("one.vtt", "same.vtt"):
        written(tmp_path, f"media/{name}", VTT)
    reading, told = Watched(), list[str]()
    wanted = {"media/one.vtt", "media/same.vtt", "media/picture.png", "media/absent.pdf"}
    texts = texts_of(tmp_path, reading, told)
    texts.want(wanted)
    assert texts.text("media/one.vtt") is None
    assert texts.look() == 2
    assert sorted(told) == ["media/one.vtt", "media/same.vtt"]
    assert reading.read_paths == ["one.vtt"]
    again = texts_of(tmp_path, reading)
    again.want(wanted)
    found = again.text("media/same.vtt", "fr")
    assert found
    assert list(found.texts()) == [("fr", "Bienvenue à tous")]
    assert again.look() == 0
    written(tmp_path, "media/one.vtt", VTT.replace(b"tous", b"toutes"))
    assert again.look() == 1
    changed = again.inside("media/one.vtt")
    assert changed
    assert changed.passages[0].text == "Bienvenue à toutes"


def test_a_reading_that_breaks_off_is_tried_again_and_then_reported(tmp_path: Path) -> None:
    written(tmp_path, "media/one.vtt", VTT)
    for breaks, problems in ((1, {}), (2, {"media/one.vtt": "broken"})):
        reading = Watched(breaks)
        texts = FileTexts(tmp_path, tmp_path / f"cache{breaks}", lambda paths: None, reading)
        texts.want(["media/one.vtt"])
        texts.look()
        assert {path: problem for path, (problem, _) in texts.problems.items()} == problems
        assert texts.look() == 0
        assert len(reading.read_paths) == 2


def test_what_is_begun_in_the_background_ends_when_the_site_does(tmp_path: Path) -> None:
    written(tmp_path, "media/one.vtt", VTT)
    texts = texts_of(tmp_path, Reading((sys.executable, "-c", "import time; time.sleep(60)")))
    texts.want(["media/one.vtt"])
    texts.start()
    time.sleep(0.3)
    started = time.monotonic()
    texts.close()
    assert time.monotonic() - started < 5
    assert texts.text("media/one.vtt") is None
    assert not texts.problems


def test_what_the_cache_has_lost_is_nothing(tmp_path: Path) -> None:
    written(tmp_path, "media/one.vtt", VTT)
    texts = texts_of(tmp_path, Reading())
    texts.want(["media/one.vtt"])
    texts.look()
    for path in (tmp_path / "cache").glob("*/*"):
        path.write_text("{}")
    found = texts.text("media/one.vtt")
    assert found
    assert list(found.texts()) == []
    assert texts.inside("media/one.vtt") is None
    (tmp_path / "cache" / "files.json").write_text("[")
    assert Kept(tmp_path / "cache", Inside.from_bytes, VERSION).listed() == {}


# --- optical character recognition -------------------------------------------------------------------------------

PRINTED = {
    1: f"{textwrap.fill(FRENCH, 55)}\nUn chaudronnier a de la pa-\ntience.",
    3: f"{textwrap.fill(DUTCH, 55)}\nEen loodgieter herstelt\nlekke leidingen.",
}
TESSERACT = pytest.mark.skipif(
    languages_installed() != LANGUAGES, reason=f"no Tesseract here: apt-get install {' '.join(PACKAGES)}"
)


def scanned(pages: Mapping[int, str], size: tuple[int, int] = (1300, 600)) -> bytes:
    """Return a PDF of three pictures with words printed on some of them."""
    made, pictures = io.BytesIO(), [Image.new("L", size, 255) for _ in range(3)]
    for number, text in pages.items():
        pen = ImageDraw.Draw(pictures[number - 1])
        pen.multiline_text((120, 150), text, font=ImageFont.load_default(40), fill=0, spacing=20)
    pictures[0].save(made, "PDF", save_all=True, append_images=pictures[1:], resolution=200)
    return made.getvalue()


@TESSERACT
def test_a_scan_is_read_after_the_other_files_and_named_only_where_nothing_could_be(tmp_path: Path) -> None:
    written(tmp_path, "media/a.pdf", scanned(PRINTED))
    written(tmp_path, "media/same.pdf", (tmp_path / "media/a.pdf").read_bytes())
    written(tmp_path, "media/blank.pdf", scanned({}))
    told = list[str]()
    texts = texts_of(tmp_path, Reading(), told)
    texts.want(["media/a.pdf", "media/blank.pdf", "media/same.pdf"])
    texts.look()
    assert texts.text("media/a.pdf") is None
    told.clear()
    assert texts.recognise_next()
    assert sorted(told) == ["media/a.pdf", "media/same.pdf"]
    assert not texts.problems, "the blank one's turn is still to come"
    inside, indexed = texts.inside("media/same.pdf"), texts.text("media/same.pdf")
    assert inside
    assert indexed
    assert [(passage.place, passage.lang) for passage in inside.passages] == [(1, "fr"), (3, "nl")]
    assert "chaudronnier a de la patience" in inside.passages[0].text
    assert "loodgieter herstelt lekke leidingen" in inside.passages[1].text
    assert [lang for lang, _ in indexed.texts()] == ["fr", "nl"]
    assert texts.recognise_next()
    assert {path: problem for path, (problem, _) in texts.problems.items()} == {"media/blank.pdf": "illegible"}
    assert not texts.recognise_next()
    assert texts.look() == 0


def test_without_the_program_a_scan_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "media/a.pdf", scanned({}))
    texts = texts_of(tmp_path, Reading())
    texts.want(["media/a.pdf"])
    monkeypatch.setenv("PATH", str(tmp_path))
    texts.look()
    assert not texts.recognise_next()
    assert [problem for problem, _ in texts.problems.values()] == ["scan"]
    assert all(package in PROBLEMS["scan"] for package in PACKAGES)


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the program")
def test_a_page_that_hangs_the_program_or_breaks_it_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = "\\t".join(["5", "1", "1", "1", "1", "1", "0", "0", "9", "9", "96", "chaudronnerie"])
    script = f"#!/bin/sh\nif read -r first && [ -e {tmp_path}/begun ]; then printf 'head\\n{row}\\n'; else\n"
    program = written(tmp_path, "tesseract", f"{script}touch {tmp_path}/begun; exec sleep 60; fi\n".encode())
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(recognition, "SECONDS_A_PAGE", 0.3)
    found = recognise(written(tmp_path, "scan.pdf", scanned({})), ["fra"])
    assert [passage.place for passage in found.passages] == [2, 3]
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    assert recognise(tmp_path / "scan.pdf", ["fra"]).problem == "illegible"


@pytest.mark.parametrize("points", [(14_400, 14_400), (3, 3)])
def test_a_page_of_any_size_becomes_a_picture_of_few_pixels(tmp_path: Path, points: tuple[int, int]) -> None:
    made = hostile_pdf.pages(["x"]).replace(b"[0 0 595 842]", b"[0 0 %d %d]" % points)
    (picture,) = pdf_pictures(written(tmp_path, "wide.pdf", made), 200)
    assert len(picture) < 13_000_000
