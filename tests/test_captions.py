"""Captions: what is read of WebVTT and SubRip, what is wrong with them, what the command and the desk say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.cli import main
from catalogue.media import captions, cues
from catalogue.media.duration import duration
from catalogue.service import Catalogue
from tests.conftest import NOW, AddRecord

FILMS = Path(__file__).parent / "films"

BROKEN = """WEBVTT

NOTE 00:00:00.000 --> 00:00:01.000 is a note

00:00:01.000 --> 00:00:04.000
Bonjour à tous

00:00:03.000 --> 00:00:05.000
Trop tôt

00:00:09.000 --> 00:00:08.000
À l'envers

00:00:06.000 --> 00:00:07.000
Plus haut

00:00:10.000 --> 00:00:12.000

00:00:13.000 --> 00:00:14.000
Une phrase que personne ne pourrait lire en une seule seconde

00:00:15 --> 00:00:16
Sans millièmes
"""


def lines(path: Path) -> list[tuple[int, str]]:
    return [(fault.line, fault.message % fault.params) for fault in captions.check(path)]


def test_each_fault_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.vtt"
    path.write_text(BROKEN, encoding="utf-8")
    found = lines(path)
    starts = ["8 This caption begins while that of line 5", "11 This caption ends before it begins"]
    starts += ["14 This caption begins before the one above it, of line 11", "17 This caption has no text"]
    starts += ["19 Too long to read: 61 characters in 1.0 seconds (61 a second", "22 These times cannot be read"]
    assert len(found) == len(starts)
    assert all(f"{line} {said}".startswith(start) for (line, said), start in zip(found, starts, strict=True)), found
    assert "00:00:03.000" in found[0][1]


def test_latin_1_is_named_with_its_line_and_still_shown(tmp_path: Path) -> None:
    path = tmp_path / "old.srt"
    data = "1\n00:00:01,000 --> 00:00:03,000\n<i>Été</i> & <b>café</b>\n".encode("latin-1")
    path.write_bytes(data)
    ((line, said),) = lines(path)
    assert (line, "UTF-8" in said) == (3, True)
    (cue,) = cues.read(path)
    assert (cue.start, cue.end, cue.text) == (1.0, 3.0, "Été & café")
    made = cues.as_webvtt(cues.decode(data)[0])
    assert made == "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<i>Été</i> & <b>café</b>\n"
    assert cues.as_webvtt(made) == made
    assert cues.as_webvtt("0:01,5 --> 00:03,250 X1:1\n3 < 5").endswith("00:00:01.500 --> 00:00:03.250 X1:1\n3 &lt; 5\n")


@pytest.mark.parametrize(
    "text", ["", "WEBVTT\n", "00:01.000 --> 00:02.000\nSans en-tête\n", "\x00\xff" * 50, "-->" * 999]
)
def test_what_is_no_captions_is_a_fault_and_never_an_accident(tmp_path: Path, text: str) -> None:
    path = tmp_path / "none.vtt"
    path.write_text(text, encoding="utf-8")
    assert lines(path)[0][0] == 1
    cues.read(path)


def test_real_captions(test_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = cues.read(test_data / "captions" / "speech.fr.vtt")
    assert (said[0].voice, said[0].start) == ("Ordinateur", 4.46)
    assert main(["captions", "check", str(test_data / "captions" / "captions.fr.vtt")]) == 0
    assert main(["captions", "check", str(test_data / "captions" / "keyboard.fr.vtt")]) == 1
    assert "keyboard.fr.vtt:3: " in capsys.readouterr().out
    assert main(["captions", "check", "nowhere.vtt"]) == 1


@pytest.mark.parametrize(("name", "seconds"), [("film.webm", 40), ("short.mp4", 2), ("short.mp3", 2), ("short.ogg", 2)])
def test_how_long_a_film_lasts(tmp_path: Path, name: str, seconds: int) -> None:
    assert duration(FILMS / name) == pytest.approx(seconds, abs=0.1)
    data = (FILMS / name).read_bytes()
    for cut in (0, 3, 60, 300, len(data) // 2):
        (tmp_path / name).write_bytes(data[:cut])
        assert 0 <= duration(tmp_path / name) < 100, cut
    assert duration(tmp_path / "nowhere.mp4") == 0


def test_the_desk_lists_films_without_captions_in_both_languages(add: AddRecord, catalogue: Catalogue) -> None:
    media = catalogue.settings.resources / "media"
    media.mkdir(exist_ok=True)
    for name in ("film.webm", "short.ogg"):
        shutil.copy(FILMS / name, media)
    (media / "good.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:04.000\nBonjour\n")
    (media / "bad.vtt").write_text(BROKEN, encoding="utf-8")
    (media / "said.txt").write_text("Bonjour")
    good, bad = (
        "captions: {fr: media/good.vtt, nl: media/good.vtt}",
        "captions: {fr: media/bad.vtt, nl: media/good.vtt}",
    )
    said = "transcript: {fr: media/said.txt}"
    add("complete", f"holdings: [{{file: media/film.webm, {good}}}]")
    add("broken", f"holdings: [{{file: media/film.webm, {bad}}}]")
    add("silent", f"holdings: [{{file: media/film.webm, {said}}}]")
    add("heard", f"holdings: [{{file: media/short.ogg, {said}}}]")
    add("paper", "holdings: [{shelf: B2.14}]")
    catalogue.refresh()
    found = {item.id: item for item in catalogue.todo.items("captions", NOW)}
    reasons = {id: item.reasons for id, item in found.items()}
    assert reasons == {"broken": (), "heard": ("text-nl",), "silent": ("captions-fr", "captions-nl")}
    assert [(problem.line, problem.field) for problem in found["broken"].problems] == [(8, "media/bad.vtt")]
    assert catalogue.contents.records["complete"].caption_languages == ("fr", "nl")
