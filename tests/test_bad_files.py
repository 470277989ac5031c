"""Files that are damaged, locked, made to harm or not what they are called: the desk says so, and the site goes on.

Each comes in at the desk, and each lies in ``resources/media`` where somebody put it by hand.
"""

from __future__ import annotations

import html
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue import file_facts
from catalogue.settings import Settings
from tests import hostile_pdf
from tests.conftest import AddRecord
from tests.desk_site import DeskSite, desk_site
from tests.media_samples import SAMPLES, box

if sys.platform != "win32":
    import resource

PROGRAM = b"MZ\x90\0" * 200
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
OVERLAPPING = b"WEBVTT\n\n00:01.000 --> 00:04.000\nUn\n\n00:03.000 --> 00:05.000\nDeux\n"
BACKWARD = b"WEBVTT\n\n00:01.000 --> 00:04.000\nUn\n\n00:08.000 --> 00:05.000\nDeux\n"
LATIN = "WEBVTT\n\n00:01.000 --> 00:04.000\nÉté\n".encode("latin-1")
HOLDINGS = {
    ".vtt": "holdings: [{file: media/whole.mp4, captions: {fr: media/%s}}]",
    ".png": "cover: {file: media/%s}\nholdings: [{shelf: B2.14}]",
}


@dataclass(frozen=True)
class Bad:
    """A file: what is said of it when it is sent, whether it is kept, and which list names it when it lies there."""

    name: str
    data: bytes
    said: str
    kept: bool = False
    listed: str = "unread"

    def __str__(self) -> str:
        return self.name


BAD = (
    Bad("truncated.pdf", hostile_pdf.pages(["Une page."] * 9)[:1500], "coupé"),
    Bad("locked.pdf", hostile_pdf.locked(), "mot de passe"),
    Bad("program.pdf", PROGRAM, "programme"),
    Bad("program.mp4", PROGRAM, "programme"),
    Bad("program.vtt", PROGRAM, "programme"),
    Bad("no-moov.mp4", box(b"ftyp", b"isom\0\0\2\0") + box(b"mdat", b"\7" * 300), "moov"),
    Bad("half.mp4", SAMPLES["a.mp4"][:-50], "coupé"),
    Bad("drawing.png", SVG, "SVG"),
    Bad("drawing.svg", SVG, ".webp", listed="terms"),
    Bad("overlapping.vtt", OVERLAPPING, "ligne 6", kept=True, listed="captions"),
    Bad("backward.vtt", BACKWARD, "ligne 6", kept=True, listed="captions"),
    Bad("latin.vtt", LATIN, "ligne 4", kept=True, listed="captions"),
)


@pytest.fixture
def site(settings: Settings, centre: Path, add: AddRecord) -> Iterator[DeskSite]:
    media = centre / "media"
    media.mkdir()
    (media / "whole.mp4").write_bytes(SAMPLES["a.mp4"])
    add("sound", "holdings: [{shelf: B2.14}]", "title: {fr: Un document, nl: Een document}")
    with desk_site(settings) as opened:
        yield opened


def goes_on(site: DeskSite, id: str = "sound") -> None:
    """Assert that visitors notice nothing."""
    visitor = site.browser()
    assert visitor.get(f"/nl/record/{id}").status_code == 200
    assert visitor.get("/fr/search?q=document").status_code == 200


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_is_sent_to_the_desk(site: DeskSite, centre: Path, bad: Bad) -> None:
    before = {path.name for path in (centre / "media").iterdir()}
    dirk, files = site.browser("dirk"), {"file": (bad.name, bad.data)}
    answer = dirk.post("/desk/fr/files/", files=files, headers={"accept": "application/json"})
    told = answer.json()["warning"] if bad.kept else answer.json()["error"]["message"]
    assert answer.status_code == (201 if bad.kept else 422)
    assert bad.said in told
    assert (bad.name in told) or bad.kept
    if bad.kept:
        page = dirk.get(answer.json()["next"]).text
        assert bad.name in page
        assert "accentuées" in page if bad.data is LATIN else bad.said in page
    else:
        refused = dirk.post("/desk/fr/files/", files=files)
        assert refused.status_code == 422
        assert bad.name in re.findall(r'id="file-problem" role="alert">([^<]+)', refused.text)[0]
        assert {path.name for path in (centre / "media").iterdir()} == before
    goes_on(site)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_lies_in_the_folder(site: DeskSite, centre: Path, add: AddRecord, bad: Bad) -> None:
    (centre / "media" / bad.name).write_bytes(bad.data)
    holdings = HOLDINGS.get(Path(bad.name).suffix, "holdings: [{file: media/%s}]")
    add("bad", *(holdings % bad.name).splitlines(), "title: {fr: Un autre document, nl: Nog een document}")
    catalogue = site.catalogue
    catalogue.refresh()
    catalogue.file_texts.look()
    listed = html.unescape(site.browser("dirk").get(f"/desk/fr/todo/{bad.listed}").text)
    assert f"media/{bad.name}" in listed
    assert "Un autre document" in listed
    goes_on(site, "bad")
    answer = site.browser().get(f"/media/{bad.name}")
    assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
    if bad.name.endswith(".svg"):
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]


def packed_tables(gigabytes: int = 4) -> bytes:
    """Return a PDF whose table of objects (ISO 32000-1, 7.5.8) unpacks to gigabytes when it is opened."""
    packer = zlib.compressobj(9)
    head = packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    table = zlib.compress(head + block * (gigabytes * 64) + packer.flush(), 9)
    entries = b"/Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R /Filter [/FlateDecode /FlateDecode] /Length %d" % len(table)
    body = b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n"
    made = body % (entries, table)
    return made + b"startxref\n%d\n%%%%EOF\n" % made.index(b"2 0 obj")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")
@pytest.mark.parametrize("make", [packed_tables, hostile_pdf.bomb])
def test_a_bomb_is_opened_apart(site: DeskSite, make: Callable[[], bytes]) -> None:
    """Neither sending it nor beginning a record from it takes the site's own memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    dirk = site.browser("dirk")
    answer = dirk.post("/desk/fr/files/", files={"file": ("bomb.pdf", make())}, headers={"accept": "application/json"})
    if answer.status_code == 201:
        begun = file_facts.read(site.catalogue.media.find("media/bomb.pdf"), "La bombe.pdf")
        assert begun.title == "La bombe"
    else:
        assert "bomb.pdf" in answer.json()["error"]["message"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes
    goes_on(site)


def test_a_locked_pdf_is_not_opened_on_the_page(site: DeskSite, centre: Path, add: AddRecord) -> None:
    (centre / "media" / "locked.pdf").write_bytes(hostile_pdf.locked())
    add("bad", "holdings: [{file: media/locked.pdf}]", "title: {fr: Un autre document, nl: Nog een document}")
    site.catalogue.refresh()
    site.catalogue.file_texts.look()
    page = site.browser().get("/nl/record/bad?file=1#reader").text
    assert "gaat niet open" in page
    assert "<iframe" not in page
