"""The folder of the centre's files: what is taken, under which name, and that nothing is left of what is not."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from catalogue.errors import BadInput, NotFound, WriteFailed
from catalogue.media import KINDS, MediaFolder, kind_of
from catalogue.media.documents import MOST_PIXELS
from catalogue.media.fitness import Unfit
from catalogue.media.folder import ABANDONED, RESERVE, safe_stem
from catalogue.media.kinds import ENDINGS
from tests.media_samples import SAMPLES, VTT, box, mp3, mp4, ogg, picture, webm

KINDS_OF_SAMPLES = {name: kind_of(name).id for name in SAMPLES}


@contextmanager
def turn() -> Iterator[None]:
    yield


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media", turn)


def send(folder: MediaFolder, name: str, data: bytes, title: str = "", path: str = "") -> str:
    incoming = folder.incoming(name)
    try:
        for start in range(0, len(data), 1000):
            incoming.write(data[start : start + 1000])
        if path:
            folder.put(incoming, path)
            return path
        return folder.add(incoming, title)
    finally:
        incoming.discard()


def left(folder: MediaFolder) -> list[str]:
    return sorted(path.name for path in folder.root.rglob("*")) if folder.root.exists() else []


# --- what is taken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_each_kind_is_taken_as_it_is(folder: MediaFolder, name: str) -> None:
    path = send(folder, name, SAMPLES[name])
    assert path == ("media/a.vtt" if name == "a.srt" else f"media/{name}")
    assert left(folder) == [path.removeprefix("media/")]
    kept = folder.find(path)
    if kind_of(name).id not in ("captions", "text"):
        assert kept.read_bytes() == SAMPLES[name]
    assert kept.stat().st_mode & 0o777 == 0o644


def test_every_ending_has_a_sample() -> None:
    assert {f"a{ending}" for ending in ENDINGS} == SAMPLES.keys()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a, b)
        for a, b in product(SAMPLES, SAMPLES)
        if a != b and {a, b} != {"a.jpg", "a.jpeg"} and {a, b} != {"a.mp4", "a.m4a"} and b != "a.txt"
    ],
)
def test_no_kind_passes_for_another(folder: MediaFolder, content: str, name: str) -> None:
    with pytest.raises(Unfit):
        send(folder, name, SAMPLES[content])
    assert left(folder) == []


def zipped() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("one.pdf", SAMPLES["a.pdf"])
    return data.getvalue()


@pytest.mark.parametrize("name", list(SAMPLES))
@pytest.mark.parametrize("content", ["zip", "page", "cut", "nothing"])
def test_what_is_something_else_or_damaged_is_refused(folder: MediaFolder, name: str, content: str) -> None:
    data = {"zip": zipped(), "page": b"<!doctype html><script>alert(1)</script>", "nothing": b""}.get(content)
    if data is None:
        data = SAMPLES[name][: len(SAMPLES[name]) // 2]
    if (name, content) in (("a.txt", "page"), ("a.txt", "cut")):
        send(folder, name, data)  # a text may say anything; it is handed over as text
        return
    if content == "cut" and name in ("a.vtt", "a.srt", "a.mp3", "a.webm"):
        return  # half a file of these is a shorter file
    with pytest.raises(Unfit):
        send(folder, name, data)
    assert left(folder) == []


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.exe", "a.docx", "a", "", "a.pdf.exe", "a.mov", ".pdf", "a.pdf\0.exe"]
)
def test_other_endings_are_refused_before_anything_is_written(folder: MediaFolder, name: str) -> None:
    with pytest.raises(BadInput) as raised:
        folder.incoming(name)
    assert raised.value.params["field"] == "file"
    assert left(folder) == []


def test_a_pdf_that_asks_for_a_password_says_so(folder: MediaFolder) -> None:
    with pytest.raises(Unfit) as raised:
        send(folder, "a.pdf", locked_pdf())
    assert "password" in str(raised.value)


def locked_pdf() -> bytes:
    """Return a PDF whose standard encryption (revision 2) no empty password opens."""
    encrypt = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >>"
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    trailer = f"trailer<</Root 1 0 R/Size 3/ID[<41><41>]{encrypt}>>\n%%EOF\n"
    return body + trailer.encode()


def test_a_pdf_behind_something_else_is_refused(folder: MediaFolder) -> None:
    pdfium.PdfDocument(b"GIF89a;\n" + SAMPLES["a.pdf"]).close()  # a reader would open it
    with pytest.raises(Unfit):
        send(folder, "a.pdf", b"GIF89a;\n" + SAMPLES["a.pdf"])


def test_a_picture_that_fills_the_memory_is_refused_before_it_is_decoded(folder: MediaFolder) -> None:
    bomb = BytesIO()
    Image.new("1", (MOST_PIXELS // 1000 + 1, 1000)).save(bomb, "PNG")
    with pytest.raises(Unfit) as raised:
        send(folder, "a.png", bomb.getvalue())
    assert "50 million" in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        box(b"moov", b"\0" * 50) + mp4(),
        box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", b"\0" * 50),
        mp4(b"qt  "),
        mp4() + b"more",
        box(b"ftyp", b"isom\0\0\0\0") + b"\xff\xff\xff\xffmoov",
        box(b"ftyp", b"isom\0\0\0\0") + b"\0\0\0\x01moov" + b"\xff" * 8,
    ],
)
def test_films_that_no_browser_plays_are_refused(folder: MediaFolder, data: bytes) -> None:
    with pytest.raises(Unfit):
        send(folder, "a.mp4", data)


def test_matroska_theora_and_one_frame_by_chance_are_refused(folder: MediaFolder) -> None:
    for name, data in (("a.webm", webm(b"matr")), ("a.ogg", ogg(b"\x80theora")), ("a.mp3", b"\xff\xfb\x90\0" * 90)):
        with pytest.raises(Unfit):
            send(folder, name, data)
    assert send(folder, "b.mp3", mp3()) == "media/b.mp3"


# --- texts --------------------------------------------------------------------------------------------------------


def test_subrip_becomes_webvtt(folder: MediaFolder) -> None:
    path = send(folder, "film.srt", SAMPLES["a.srt"])
    assert path == "media/film.vtt"
    text = folder.find(path).read_text("utf-8")
    assert text.startswith("WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nWelkom, één en al")


def test_webvtt_keeps_its_notes(folder: MediaFolder) -> None:
    assert folder.find(send(folder, "a.vtt", b"\xef\xbb\xbf" + VTT.replace(b"\n", b"\r\n"))).read_bytes() == VTT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_texts_are_kept_as_utf_8(folder: MediaFolder, encoding: str) -> None:
    path = send(folder, "a.txt", "Où ça ? Één œuvre\r\n".encode(encoding))
    assert folder.find(path).read_bytes() == "Où ça ? Één œuvre\n".encode()


@pytest.mark.parametrize("data", [b"WEBVTT\n\n", b"WEBVTT\n\nnothing timed\n", b"subtitles"])
def test_subtitles_without_a_time_are_refused(folder: MediaFolder, data: bytes) -> None:
    with pytest.raises(Unfit):
        send(folder, "a.vtt", data)


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_is_too_large_is_refused_when_announced_and_when_it_comes(folder: MediaFolder, kind: object) -> None:
    kind = next(k for k in KINDS if k is kind)
    name = f"a{kind.endings[0]}"
    with pytest.raises(BadInput) as raised:
        folder.incoming(name, kind.most + 1)
    assert f"{kind.most // 1_000_000} MB" in str(raised.value)
    incoming = folder.incoming(name)
    incoming.size = kind.most - 10  # as if so much had come
    incoming.write(b"x" * 10)
    with pytest.raises(BadInput):
        incoming.write(b"x")
    incoming.discard()
    assert left(folder) == []


def test_the_disk_is_never_filled(tmp_path: Path) -> None:
    free = [RESERVE + 50_000]
    folder = MediaFolder(tmp_path / "media", turn, lambda _: free[0])
    with pytest.raises(BadInput) as raised:
        folder.incoming("a.pdf", 60_000)
    assert "disk" in str(raised.value)
    incoming = folder.incoming("a.pdf", 40_000)
    incoming.write(b"x" * 100)
    free[0] = RESERVE - 1
    with pytest.raises(BadInput):
        incoming.write(b"x")
    incoming.discard()
    assert left(folder) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_and_nothing_is_left(folder: MediaFolder) -> None:
    incoming = folder.incoming("a.pdf")
    incoming._file.close()
    incoming._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - discard closes it
    with pytest.raises(WriteFailed) as raised:
        incoming.write(b"x" * 10)
    assert "a.pdf" in str(raised.value)
    incoming.discard()
    assert left(folder) == []


def test_what_a_killed_program_left_is_taken_away_by_the_next_file(folder: MediaFolder) -> None:
    going_on, abandoned = folder.incoming("b.pdf"), folder.incoming("c.pdf")
    old = time.time() - ABANDONED - 5
    os.utime(abandoned._temporary, (old, old))
    send(folder, "a.txt", SAMPLES["a.txt"])
    assert going_on._temporary.exists()
    assert not abandoned._temporary.exists()
    assert list(folder.files()) == ["media/a.txt"], "files on their way in are nobody's yet"
    going_on.discard()
    abandoned.discard()


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Devenir infirmière ?", "devenir-infirmiere"),
        ("Œuvres d’art", "oeuvres-d-art"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\nul", "c-windows-nul"),
        ("NUL", "file-nul"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("مرحبا", "file"),
        ("", "file"),
        ("\0\n", "file"),
        (".htaccess", "htaccess"),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_are_safe(folder: MediaFolder, title: str, stem: str) -> None:
    assert safe_stem(title) == stem
    if title:
        assert send(folder, "y.txt", SAMPLES["a.txt"], title) == f"media/{stem}.txt"


@pytest.mark.parametrize("name", ["../../a.txt", "/etc/a.txt", "..\\..\\a.txt", "C:\\a.txt"])
def test_the_name_that_is_sent_is_never_a_path(folder: MediaFolder, name: str) -> None:
    assert send(folder, name, SAMPLES["a.txt"]) == "media/a.txt"


def test_two_of_the_same_name_both_stay(folder: MediaFolder) -> None:
    first, second = (send(folder, "a.txt", text, "Wat?") for text in (b"one", b"two"))
    assert (first, second) == ("media/wat.txt", "media/wat-2.txt")
    assert folder.find(first).read_bytes() == b"one"


def test_what_is_not_listed_cannot_be_reached(folder: MediaFolder, tmp_path: Path) -> None:
    send(folder, "a.txt", SAMPLES["a.txt"])
    (tmp_path / "secret.txt").write_text("x")
    (folder.root / ".hidden.txt").write_text("x")
    for path in (
        "media/../secret.txt",
        "secret.txt",
        "media/.hidden.txt",
        "media/",
        "media/./a.txt",
        "",
        "/etc/passwd",
    ):
        with pytest.raises(NotFound):
            folder.find(path)
        with pytest.raises(NotFound):
            folder.delete(path)
    assert folder.find("media/a.txt").read_bytes() == SAMPLES["a.txt"]


# --- replace, delete ----------------------------------------------------------------------------------------------


def test_a_file_is_replaced_by_one_of_its_kind_or_not_at_all(folder: MediaFolder) -> None:
    path = send(folder, "a.jpg", SAMPLES["a.jpg"])
    other = picture("JPEG", (20, 20))
    send(folder, "x.jpeg", other, path=path)
    assert folder.find(path).read_bytes() == other
    for name in ("a.png", "a.pdf", "a.txt"):
        with pytest.raises(BadInput):
            send(folder, name, SAMPLES[name], path=path)
    with pytest.raises(Unfit):
        send(folder, "y.jpg", b"no picture", path=path)
    assert folder.find(path).read_bytes() == other
    assert left(folder) == ["a.jpg"]


def test_subrip_may_take_the_place_of_webvtt(folder: MediaFolder) -> None:
    path = send(folder, "a.vtt", VTT)
    send(folder, "a.srt", SAMPLES["a.srt"], path=path)
    assert b"Welkom" in folder.find(path).read_bytes()


def test_a_missing_file_is_put_where_records_look_for_it(folder: MediaFolder) -> None:
    send(folder, "a.pdf", SAMPLES["a.pdf"], path="media/deep/gids.pdf")
    assert list(folder.files()) == ["media/deep/gids.pdf"]


def test_a_deleted_file_is_gone(folder: MediaFolder) -> None:
    path = send(folder, "a.txt", SAMPLES["a.txt"])
    folder.delete(path)
    assert left(folder) == []
    with pytest.raises(NotFound):
        folder.delete(path)


def test_without_a_folder_there_are_no_files(folder: MediaFolder) -> None:
    assert folder.files() == {}
