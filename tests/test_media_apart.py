"""A PDF that somebody sends is opened in a process of its own: whatever it is made of, the site keeps its memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from catalogue.file_facts import read
from catalogue.media import apart
from catalogue.media.fitness import Unfit
from catalogue.settings import Settings
from tests import hostile_pdf
from tests.conftest import AddRecord
from tests.desk_site import desk_site

HOSTILE = {
    "cut": hostile_pdf.pages(["Une page"])[:300],
    "locked": hostile_pdf.locked(),
    "program": b"MZ\x90\0" * 100,
}
BOMBS = {"bomb": hostile_pdf.bomb(), "door": hostile_pdf.bomb_at_the_door()}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_is_told_as_if_it_had_been_opened_here(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(Unfit) as told:
        apart.check_pdf(path, ".pdf")
    assert ("password" in told.value.message) == (name == "locked")


def test_a_good_one_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "good.pdf"
    path.write_bytes(hostile_pdf.pages(["Vous et votre métier, pour une formation qui vous plaît"]))
    assert apart.check_pdf(path, ".pdf") == ".pdf"
    assert apart.read_pdf(path, 100)[2].startswith("Vous et votre métier")
    assert apart.read_pdf(path, 4)[2] == "Vous"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")
def test_a_bomb_ends_within_the_memory_of_its_own_process(tmp_path: Path) -> None:
    import resource

    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, data in BOMBS.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
        assert read(tmp_path / f"{name}.pdf").title == name.capitalize()
    with pytest.raises(Unfit):
        apart.check_pdf(tmp_path / "door.pdf", ".pdf")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 100 * 1024  # kilobytes


def test_the_desk_names_every_file_that_harms_and_visitors_notice_nothing(settings: Settings, add: AddRecord) -> None:
    media = settings.resources / "media"
    media.mkdir()
    every = {**HOSTILE, "endless": hostile_pdf.pages(["Une page."] * 2_001), "door": BOMBS["door"]}
    for name, data in every.items():
        (media / f"{name}.pdf").write_bytes(data)
        add(name, f"holdings: [{{file: media/{name}.pdf}}]")
    with desk_site(settings) as site:
        site.catalogue.file_texts.look()
        dirk = site.browser("dirk")
        for lang in ("fr", "nl"):
            page = dirk.get(f"/desk/{lang}/todo/unread").text
            assert [name for name in every if f"media/{name}.pdf" not in page] == []
            assert 'class="card-inside"' in site.browser().get(f"/{lang}/search", params={"q": "une page"}).text
