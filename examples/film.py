"""The film "how to use the catalogue": pictures of the real pages, captions, chapters and a text, in each language.

A scene lasts as long in every language, so that one file of captions or chapters serves every film.
"""

from __future__ import annotations

import base64
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page

from catalogue.media.cues import ARROW, Cue, clock
from examples.scenes import SCENES, shoot
from examples.sheets import HERE, LANGUAGES, typeset

NAME = "utiliser-le-catalogue"
WIDTH, HEIGHT = 1120, 504
"""Of the screen within the picture, in pixels; the page itself is narrower, so that its letters are larger."""

_ZOOM = 1.2
_FRAMES = 5  # a second: nothing moves, and a player still seeks to the right place
_PAD = 8  # pixels between what is spoken of and its ring


@dataclass(frozen=True)
class Script:
    """What happens: ``scenes`` as in ``film.yaml``, each with ``start`` and ``end`` in seconds."""

    title: Mapping[str, str]
    scenes: list[dict[str, Any]]


def read_script(path: Path = HERE / "film.yaml") -> Script:
    """Return the script of the film. Raises yaml.YAMLError for a file that is no YAML."""
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    at = 0
    for scene in given["scenes"]:
        scene["start"], scene["end"] = at, at + scene["seconds"]
        at = scene["end"]
    return Script(given["title"], given["scenes"])


def captions(script: Script, lang: str) -> str:
    """Return the captions of the film as WebVTT: those of a scene share its time in equal parts."""
    cues = []
    for scene in script.scenes:
        said = scene["says"][lang]
        step = scene["seconds"] / len(said)
        begins = [scene["start"] + step * number for number in range(len(said))]
        cues += [Cue(0, begin, begin + step, typeset(text)) for begin, text in zip(begins, said, strict=True)]
    return _webvtt(cues)


def chapters(script: Script, lang: str) -> str:
    """Return the chapters of the film as WebVTT; each ends where the next begins."""
    begun = [scene for scene in script.scenes if "chapter" in scene]
    ends = [scene["start"] for scene in begun[1:]] + [script.scenes[-1]["end"]]
    pairs = zip(begun, ends, strict=True)
    return _webvtt([Cue(0, scene["start"], end, typeset(scene["chapter"][lang])) for scene, end in pairs])


def _webvtt(cues: Sequence[Cue]) -> str:
    blocks = (f"{clock(cue.start)} {ARROW} {clock(cue.end)}\n{escape(cue.text, quote=False)}" for cue in cues)
    return "\n\n".join(("WEBVTT", *blocks)) + "\n"


def transcript(script: Script, lang: str) -> str:
    """Return what is said and what is to be seen, for who cannot see the film."""
    parts = [f"{script.title[lang]}\n"]
    for scene in script.scenes:
        if "chapter" in scene:
            parts.append(f"{scene['chapter'][lang].upper()}\n")
        parts.append(f"{' '.join(scene['says'][lang])}\n[{scene['shows'][lang]}]\n")
    return typeset("\n".join(parts))


def pictures(browser: Browser, site: str, script: Script, lang: str) -> Iterator[bytes]:
    """Yield the picture of every scene (PNG, 1280 × 720), taken of the site at an address."""
    seen = browser.new_context(
        viewport={"width": round(WIDTH / _ZOOM), "height": round(HEIGHT / _ZOOM)},
        device_scale_factor=_ZOOM,
        locale=f"{lang}-BE",
        reduced_motion="reduce",
    ).new_page()
    drawn = browser.new_page(viewport={"width": 1280, "height": 720})
    template = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("slide.html.jinja")
    for scene in script.scenes:
        of_scene = _picture(seen, site, lang, scene["id"]) if scene["id"] in SCENES else {}
        texts = {part: typeset(scene[part][lang]) for part in ("head", "under") if part in scene}
        done = 100 * scene["end"] // script.scenes[-1]["end"]
        html = template.render(lang=lang, width=WIDTH, height=HEIGHT, done=done, **texts, **of_scene)
        drawn.set_content(html)
        yield drawn.screenshot()


def _picture(page: Page, site: str, lang: str, id: str) -> dict[str, object]:
    png, box = shoot(page, site, lang, SCENES[id])
    left, top = max(box["x"] * _ZOOM - _PAD, 2), max(box["y"] * _ZOOM - _PAD, 2)
    ring = {
        "x": left,
        "y": top,
        "width": min((box["x"] + box["width"]) * _ZOOM + _PAD, WIDTH - 6) - left,
        "height": min((box["y"] + box["height"]) * _ZOOM + _PAD, HEIGHT - 6) - top,
    }
    return {"picture": f"data:image/png;base64,{base64.b64encode(png).decode()}", "ring": ring}


def encode(shots: list[bytes], script: Script, path: Path) -> None:
    """Write the film as WebM (VP9, without sound), each scene beginning with a whole picture.

    Raises subprocess.CalledProcessError where ffmpeg fails, FileNotFoundError where it is not installed.
    """
    with tempfile.TemporaryDirectory() as work:
        inputs: list[str] = []
        for number, (shot, scene) in enumerate(zip(shots, script.scenes, strict=True)):
            picture = Path(work) / f"{number}.png"
            picture.write_bytes(shot)
            inputs += ["-loop", "1", "-framerate", str(_FRAMES), "-t", str(scene["seconds"]), "-i", str(picture)]
        starts = ",".join(str(scene["start"]) for scene in script.scenes)
        subprocess.run(
            [
                *("ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", f"concat=n={len(shots)}:v=1:a=0"),
                *("-pix_fmt", "yuv420p", "-c:v", "libvpx-vp9", "-crf", "30", "-b:v", "0", "-g", "100"),
                *("-force_key_frames", starts, "-fflags", "+bitexact", "-flags:v", "+bitexact"),
                *("-map_metadata", "-1", str(path)),
            ],
            check=True,
        )


def write_film(browser: Browser, site: str, media: Path) -> Iterator[Path]:
    """Write the film of every language into ``media``; yield each file."""
    script = read_script()
    for lang in LANGUAGES:
        film = media / f"{NAME}-{lang}.webm"
        encode(list(pictures(browser, site, script, lang)), script, film)
        yield film


def write_texts(media: Path) -> Iterator[Path]:
    """Write captions, chapters and text of the film in every language into ``media``; yield each file."""
    script = read_script()
    for lang in LANGUAGES:
        for ending, text in (
            ("vtt", captions(script, lang)),
            ("chapters.vtt", chapters(script, lang)),
            ("txt", transcript(script, lang)),
        ):
            path = media / f"{NAME}.{lang}.{ending}"
            path.write_text(text, encoding="utf-8")
            yield path
