"""An instance outside the code: made whole or not at all, never over anything, and all of it in the wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue import instance
from catalogue.errors import BadInput, WriteFailed
from catalogue.service import Catalogue
from catalogue.settings import FILE, Settings
from catalogue.web.app import create_app
from tests.conftest import PROJECT, write


def files(root: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its name."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def inside(folder: Path) -> Settings:
    """Return the settings of an instance as a process that works in it would have them."""
    found = Settings.load(folder, {})
    state = f"sqlite:///{folder}/var/catalogue.db"
    return Settings(resources=folder / found.resources, index=str(folder / found.index), state=state)


def test_the_example_is_copied_whole_with_its_settings(tmp_path: Path) -> None:
    instance.create(tmp_path / "new" / "site")
    made = tmp_path / "new" / "site"
    assert files(made / "resources") == files(PROJECT / "resources")
    assert sorted(path.name for path in made.iterdir()) == [FILE, "resources", "var"]
    assert [path.name for path in made.parent.iterdir()] == ["site"], "nothing else is left beside it"
    assert (made / FILE).stat().st_mode & 0o777 == 0o600
    assert Settings.load(made, {}) == Settings(backup_days=2)


def test_every_setting_in_the_file_may_be_taken_into_use_as_it_stands(tmp_path: Path) -> None:
    text = instance.settings_text().replace("\n#CATALOGUE_", "\nCATALOGUE_")
    assert text.count("\nCATALOGUE_") == len(Settings.__dataclass_fields__) - 1
    write(tmp_path / FILE, text)
    assert Settings.load(tmp_path, {}) == Settings(backup_days=2)


def test_an_empty_one_has_no_record_and_every_page_works(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    instance.create(tmp_path / "site", empty=True)
    catalogue = Catalogue.open(inside(tmp_path / "site"))
    assert (catalogue.contents.records, catalogue.contents.problems) == ({}, ())
    with TestClient(create_app(catalogue, watch=False)) as client:
        for lang in ("fr", "nl"):
            for page in ("", "search?q=emploi", "theme/work", "new", "help", "questions", "occupations", "selections"):
                assert client.get(f"/{lang}/{page}").status_code == 200, page
        assert client.get("/healthz?strict").status_code == 200


@pytest.mark.parametrize("there", ["folder/x", "folder/.hidden", "folder"])
def test_nothing_is_ever_written_over(tmp_path: Path, there: str) -> None:
    write(tmp_path / there, "mine")
    with pytest.raises(BadInput, match=r"folder” is there already and not empty\. Nothing was changed"):
        instance.create(tmp_path / "folder")
    assert files(tmp_path) == {there: b"mine"}


def test_what_a_killed_attempt_left_is_cleared_away(tmp_path: Path) -> None:
    write(tmp_path / ".site.incomplete" / "resources" / "records" / "half.yaml", "kind:")
    instance.create(tmp_path / "site")
    assert not (tmp_path / "site" / "resources" / "records" / "half.yaml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_where_the_disk_refuses_nothing_is_left(tmp_path: Path) -> None:
    write(tmp_path / "file", "mine")
    with pytest.raises(WriteFailed):
        instance.create(tmp_path / "file" / "site")
    with pytest.raises(RuntimeError), instance.new_folder(tmp_path / "site") as made:
        write(made / "x", "x")
        raise RuntimeError
    assert files(tmp_path) == {"file": b"mine"}


def test_a_folder_filled_in_the_meantime_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not empty"), instance.new_folder(tmp_path / "site") as made:
        write(made / "x", "x")
        write(tmp_path / "site" / "y", "y")
    assert files(tmp_path) == {"site/y": b"y"}


def test_settings_that_name_other_places_are_put_out_of_use(tmp_path: Path) -> None:
    path = write(
        tmp_path / FILE,
        "# CATALOGUE_STATE=a\nCATALOGUE_STATE=sqlite:////srv/a.db\n CATALOGUE_RESOURCES = /srv/a\n"
        "CATALOGUE_INDEX=index\nCATALOGUE_PORT=81\n",
    )
    assert instance.stay_inside(path) == ("CATALOGUE_STATE", "CATALOGUE_RESOURCES")
    assert Settings.load(tmp_path, {}) == Settings(port=81)
    assert "#CATALOGUE_STATE=sqlite:////srv/a.db\n# CATALOGUE_RESOURCES" in path.read_text()
    before = path.read_bytes()
    assert instance.stay_inside(path) == ()
    assert path.read_bytes() == before
    assert instance.stay_inside(tmp_path / "absent") == ()


def test_the_wheel_and_the_sdist_carry_everything(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)], cwd=PROJECT, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    (_sdist,) = tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        carried = {name: archive.read(name) for name in archive.namelist()}
    own = {name: data for name, data in files(PROJECT / "catalogue").items() if "__pycache__" not in name}
    assert {f"catalogue/{name}": data for name, data in own.items()}.items() <= carried.items()
    for folder, source in (("example", "resources"), ("docs", "docs")):
        inside = {name.partition(f"/{folder}/")[2]: data for name, data in carried.items() if f"/{folder}/" in name}
        assert inside == files(PROJECT / source)
