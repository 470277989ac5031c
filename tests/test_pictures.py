"""Pictures of PDFs, films and images: made in a process of its own, once for each content, in sizes."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from catalogue.inside import FilePictures, Reading
from catalogue.inside.pictures import Pictures
from catalogue.media import frames
from tests import hostile_pdf, hostile_pictures
from tests.conftest import PROJECT
from tests.media_samples import VTT, mp4, picture
from tests.test_inside import written

FILMS = PROJECT / "tests" / "films"
SHEET = PROJECT / "resources" / "media" / "metier-nurse-fr.pdf"

needs_ffmpeg = pytest.mark.skipif(not frames.ffmpeg(), reason="ffmpeg is not installed: films give no picture")
needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")


def opened(image: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(image))
    found.load()
    assert found.format == "WEBP"
    return found


def test_a_pdf_gives_its_first_page_in_three_widths(tmp_path: Path) -> None:
    found = Reading().pictures(SHEET)
    assert (found.problem, list(found.images), (found.width, found.height)) == ("", [160, 320, 640], (640, 906))
    for width, image in found.images.items():
        page = opened(image)
        assert page.width == width
        assert page.height == round(906 * width / 640)
        assert page.getpixel((2, 2)) == pytest.approx((255, 255, 255), abs=3), "on white paper"
    assert len(found.images[320]) < 20_000
    dark = opened(found.images[640]).convert("L").histogram()
    assert sum(dark[:100]) > 5_000, "there is a text on it"


def test_a_picture_is_never_made_larger_and_says_nothing_of_its_camera(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: a quarter turn
    exif[0x8825] = {1: "N", 2: (50.0, 51.0, 20.0)}
    photo = Image.effect_noise((300, 200), 60).convert("RGB")
    photo.save(tmp_path / "small.jpg", exif=exif)
    found = Reading().pictures(tmp_path / "small.jpg")
    assert (list(found.images), found.width, found.height) == ([160, 200], 200, 300)
    assert not opened(found.images[200]).getexif()


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(tmp_path / "glass.png")
    found = Reading().pictures(tmp_path / "glass.png")
    assert opened(found.images[160]).convert("RGB").getpixel((80, 80)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("high.png", picture("PNG", (30, 9_000))),
        ("high.pdf", hostile_pdf.pages(["x"]).replace(b"[0 0 595 842]", b"[0 0 1 99999]")),
        ("wide.pdf", hostile_pdf.pages(["x"]).replace(b"[0 0 595 842]", b"[0 0 99999 1]")),
    ],
)
def test_a_ribbon_is_bounded(tmp_path: Path, name: str, data: bytes) -> None:
    found = Reading().pictures(written(tmp_path, name, data))
    assert not found.problem
    assert 0 < found.width <= 640
    assert 0 < found.height <= 1280


@needs_ffmpeg
@pytest.mark.parametrize("name", ["film.webm", "short.mp4"])
def test_a_film_gives_a_frame(name: str) -> None:
    found = Reading().pictures(FILMS / name)
    assert (found.problem, found.width, found.height) == ("", 640, 360)
    assert opened(found.images[320]).size == (320, 180)


@needs_ffmpeg
def test_a_film_is_seen_where_it_has_begun_and_in_its_true_shape(tmp_path: Path) -> None:
    film = tmp_path / "late.webm"
    red_after_black = "color=black:s=320x180:d=0.5[a];color=red:s=320x180:d=9[b];[a][b]concat,setsar=3/4"
    command = ["ffmpeg", "-v", "error", "-filter_complex", red_after_black, "-c:v", "libvpx", "-b:v", "50k", str(film)]
    subprocess.run(command, check=True)
    found = Reading().pictures(film)
    assert (found.width, found.height) == (640, 480)
    red, green, blue = opened(found.images[160]).convert("RGB").getpixel((80, 60))  # type: ignore[misc]
    assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("cut.pdf", hostile_pdf.pages(["Un titre"])[:300], "damaged"),
        ("program.pdf", b"MZ\x90\0" * 100, "damaged"),
        ("locked.pdf", hostile_pdf.locked(), "password"),
        ("program.png", b"MZ\x90\0" * 100, "damaged"),
        ("other.png", picture("JPEG"), "damaged"),
        ("cut.jpg", picture("JPEG", (400, 400))[:5_000], "damaged"),
        ("bomb.png", hostile_pictures.bomb(60_032, 60_032), "large"),
        ("svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "damaged"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, name: str, data: bytes, problem: str) -> None:
    assert Reading().pictures(written(tmp_path, name, data)) == Pictures(problem=problem)


@needs_ffmpeg
def test_a_film_is_nothing_but_itself(tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    shutil.copy(FILMS / "short.mp4", secret)
    for name, data in (
        ("list.mp4", hostile_pictures.playlist(secret)),
        ("empty.mp4", mp4()),
        ("cut.webm", b"\x1a\x45"),
    ):
        assert Reading().pictures(written(tmp_path, name, data)) == Pictures(problem="damaged"), name


@needs_limits
def test_a_page_that_unpacks_to_gigabytes_ends_within_the_memory_of_its_worker(tmp_path: Path) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = Reading().pictures(written(tmp_path, "bomb.pdf", hostile_pdf.bomb()))
    assert found.problem in ("broken", "slow") or found.images
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 1024 * 1024)  # kilobytes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 100 * 1024


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system does not list its processes in /proc")
def test_what_a_worker_has_started_ends_with_it(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, pathlib; child = subprocess.Popen(['sleep', '60']);"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(child.pid)); child.wait()"
    )
    hanging = Reading((sys.executable, "-c", program), patience=2)
    assert hanging.pictures(written(tmp_path, "a.png", picture("PNG"))) == Pictures(problem="slow")
    child = int((tmp_path / "pid").read_text())
    for _ in range(50):
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Counting(Reading):
    """Counts what is made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []

    def pictures(self, path: Path) -> Pictures:
        self.made.append(path.name)
        return super().pictures(path)


def test_a_content_is_made_once_and_shown_while_it_is_wanted(tmp_path: Path) -> None:
    written(tmp_path, "media/one.png", picture("PNG"))
    shutil.copy(tmp_path / "media/one.png", tmp_path / "media/same.png")
    written(tmp_path, "media/said.vtt", VTT)
    reading = Counting()
    pictures = FilePictures(tmp_path, tmp_path / "cache", reading)
    wanted = {"media/one.png", "media/same.png", "media/said.vtt", "media/absent.pdf"}
    pictures.want(wanted)
    assert pictures.of("media/one.png") is None
    assert pictures.look() == 2
    assert reading.made == ["one.png"]
    found = pictures.of("media/same.png")
    assert found
    assert (found.width, found.height, found.widths) == (60, 40, (60,))
    assert pictures.of("media/one.png") == found
    assert opened(pictures.image(found.mark, 60) or b"").size == (60, 40)
    assert pictures.image(found.mark, 160) is None
    assert pictures.image("0" * 34, 60) is None
    again = FilePictures(tmp_path, tmp_path / "cache", reading)
    again.want(wanted)
    assert again.of("media/one.png") == found
    assert again.look() == 0
    again.want({"media/same.png"})
    assert again.image(found.mark, 60)
    again.want(())
    assert again.image(found.mark, 60) is None
    assert again.of("media/one.png") is None


def test_a_changed_file_has_another_address(tmp_path: Path) -> None:
    pictures = FilePictures(tmp_path, tmp_path / "cache", Reading())
    pictures.want({"media/one.png"})
    marks = []
    for size in ((60, 40), (80, 40)):
        written(tmp_path, "media/one.png", picture("PNG", size))
        pictures.look()
        found = pictures.of("media/one.png")
        assert found
        marks.append(found.mark)
    assert marks[0] != marks[1]
    assert pictures.image(marks[0], 60) is None


def test_without_ffmpeg_films_have_no_picture_and_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.inside.covers.ffmpeg", lambda: "")
    (tmp_path / "media").mkdir()
    shutil.copy(FILMS / "short.mp4", tmp_path / "media")
    reading = Counting()
    pictures = FilePictures(tmp_path, tmp_path / "cache", reading)
    pictures.want({"media/short.mp4"})
    assert pictures.look() == 0
    assert not pictures.problems
    assert not reading.made


def test_what_the_cache_has_lost_is_nothing(tmp_path: Path) -> None:
    for data in (b"", b"{}\n", b"[1]\nx", b'{"version": 99, "problem": "", "size": [1, 1], "images": []}\n', b"\xff"):
        with pytest.raises(ValueError):
            Pictures.from_bytes(data)
    made = Pictures(2, 1, {1: b"a\n", 2: b"\nbc"})
    assert Pictures.from_bytes(made.to_bytes()) == made
