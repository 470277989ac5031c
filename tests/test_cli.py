"""The command line as it is used: real processes, their exit status, what they print and in which language."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.cli import main
from catalogue.settings import Settings
from tests.conftest import PROJECT, AddRecord, write


def environment(root: Path) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("CATALOGUE_", "LC_", "LANG"))}
    return {
        **clean,
        "PYTHONPATH": str(PROJECT),
        "CATALOGUE_RESOURCES": str(root / "resources"),
        "CATALOGUE_INDEX": str(root / "index"),
        "CATALOGUE_STATE": f"sqlite:///{root / 'var' / 'catalogue.db'}",
        "CATALOGUE_CACHE": str(root / "cache"),
    }


def run(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m catalogue`` on the centre below ``root``."""
    own = environment(root)
    command = [sys.executable, "-m", "catalogue", *arguments]
    return subprocess.run(
        command, env={**own, **environ}, cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=60
    )


Inside = Callable[..., tuple[int, str, str]]


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Inside:
    """Do the same in this process, which is faster: ``inside(root, "check", LANG="nl_BE")``."""

    def called(root: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
        monkeypatch.setattr("os.environ", {**environment(root), **environ})
        status = main(arguments)
        return status, *capsys.readouterr()

    return called


@pytest.fixture
def faulty(centre: Path, add: AddRecord) -> Path:
    """A centre with one good record and one of each kind of fault; returns the folder above it."""
    add("good", "summary: {fr: x, nl: x}", "publisher: siep")
    add("doubt", "publisher: sieep", "summary: {fr: x}")
    write(centre / "records" / "sub" / "broken.yaml", "kind: website\nthemes: [work\n")
    write(
        centre / "records" / "bad.yaml", "kind: website\nthemes: [cooking]\ntitel: {fr: x}\nyear: 12\nstatus: draft\n"
    )
    (centre / "records" / os.fsdecode(b"caf\xe9.yaml")).write_text("kind: x\n")
    return centre.parent


def test_check_says_all_is_well(centre: Path, add: AddRecord) -> None:
    add("good", "summary: {fr: x, nl: x}", "publisher: siep")
    done = run(centre.parent, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 records: 0 errors, 0 warnings, 0 to complete.\n", "")


def test_check_names_every_fault_with_path_line_and_field(faulty: Path) -> None:
    done = run(faulty, "check")
    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert (
        "resources/records/bad.yaml:2: themes.0: “cooking” is not one of orient, learn, work, start, move [error]"
        in lines
    )
    assert "resources/records/bad.yaml:3: titel: unknown key; did you mean “title”? [error]" in lines
    assert "resources/records/bad.yaml:4: year: “12” is not a number from 1800 to 2100 [error]" in lines
    assert "resources/records/bad.yaml:1: “title” is missing [error]" in lines
    assert any(line.startswith("resources/records/sub/broken.yaml:3: the YAML breaks off here (") for line in lines)
    assert any(line.startswith("resources/records/caf?.yaml:1: the file's name “caf?” should be") for line in lines)
    doubt = "“sieep” is not in the list “publishers”; did you mean “siep”? [warning]"
    assert f"resources/records/doubt.yaml:6: publisher: {doubt}" in lines
    assert re.fullmatch(r"2 records: \d+ errors, 1 warnings, 1 to complete\.", lines[-1])
    assert not any("[to complete]" in line for line in lines)


def test_check_also_names_gaps_where_asked_and_a_doubt_is_worth_1(centre: Path, add: AddRecord, inside: Inside) -> None:
    add("doubt", "publisher: sieep", "summary: {fr: x}")
    status, shown, _ = inside(centre.parent, "check", "--gaps")
    assert status == 1
    gap = "resources/records/doubt.yaml:7: summary: the text in “nl” is missing [to complete]"
    assert gap in shown.splitlines()
    add("doubt", "publisher: siep", "summary: {fr: x}")
    status, shown, _ = inside(centre.parent, "check", "--gaps")
    assert (status, shown.splitlines()[0]) == (0, gap), "what is to complete is no fault"


def test_check_speaks_french_and_dutch(faulty: Path, inside: Inside) -> None:
    done = run(faulty, "check", LANG="fr_BE.UTF-8")
    status, dutch, _ = inside(faulty, "check", LC_ALL="nl_BE.UTF-8")
    assert (done.returncode, status) == (1, 1)
    assert "« cooking »" in done.stdout.replace("\xa0", " ")
    assert "[erreur]" in done.stdout
    assert "“cooking”" in dutch
    for line, other in zip(done.stdout.splitlines(), dutch.splitlines(), strict=True):
        assert line != other
        assert line.split(".yaml:")[0] == other.split(".yaml:")[0] or ".yaml" not in line


def test_a_terminal_that_lacks_letters_shows_something_in_their_place(faulty: Path) -> None:
    done = run(faulty, "check", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, "")
    assert "themes.0: ?cooking? is not one of" in done.stdout


def test_a_reader_may_go_away(centre: Path) -> None:
    write(centre / "records" / "bad.yaml", f"kind: website\nthemes: [{'cooking, ' * 3000}]\n")
    command = f"set -o pipefail; {sys.executable} -m catalogue check | head -1"
    done = subprocess.run(
        ["bash", "-c", command], env=environment(centre.parent), cwd=centre.parent, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith(b"resources/records/bad.yaml:2: themes.0: ")


def test_a_centre_that_is_not_there_is_named(tmp_path: Path, inside: Inside) -> None:
    status, shown, _ = inside(tmp_path, "check")
    assert status == 1
    named = [line.split(": ")[0] for line in shown.splitlines()]
    assert named[:3] == ["resources/centre.yaml", "resources/vocabularies", "resources/records"]


def test_a_wrong_setting_is_said_in_one_line(centre: Path, inside: Inside) -> None:
    done = run(centre.parent, "check", CATALOGUE_RESSOURCES="x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "catalogue: CATALOGUE_RESSOURCES is not a setting. Did you mean CATALOGUE_RESOURCES?\n"
    status, shown, said = inside(centre.parent, "index", CATALOGUE_INDEX="", LANG="fr_BE.UTF-8")
    assert (status, shown) == (1, "")
    assert said.startswith("catalogue: CATALOGUE_INDEX")
    assert "needs a folder" not in said, "it is said in French"
    assert not list(centre.parent.rglob("manifest*")), "nothing is written where nothing was said"


@pytest.mark.parametrize("arguments", [(), ("chek",), ("check", "--all")])
def test_a_misuse_exits_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    assert exited.value.code == 2
    assert capsys.readouterr().err.startswith("usage: catalogue")


def test_help_names_every_setting_and_version_is_a_version(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--help", "--version"):
        with pytest.raises(SystemExit) as exited:
            main([option])
        assert exited.value.code == 0
    shown = capsys.readouterr().out
    for name in Settings.__dataclass_fields__:
        assert f"CATALOGUE_{name.upper()}: " in shown
    assert re.search(r"\n\d+(\.\d+)*\n$", shown)


def test_stats_of_the_content(faulty: Path) -> None:
    done = run(faulty, "stats", "--content", LANG="C.UTF-8")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Published records: 2"
    assert "Themes: work 2" in lines
    assert "How to get it: link 2" in lines
    assert "Thesaurus concepts: 2" in lines
    assert not (faulty / "var").exists(), "counting the content touches no database"


def test_stats_of_use_begin_empty(centre: Path) -> None:
    done = run(centre.parent, "stats")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == ["event  theme  language  kind  count", "Together: 0"]


def test_index_says_how_many_and_leaves_out_what_is_faulty(faulty: Path, inside: Inside) -> None:
    assert inside(faulty, "index")[:2] == (0, "2 records are in the index.\n")


ESCO = "http://data.europa.eu/esco/occupation/"


@pytest.fixture
def esco(tmp_path: Path) -> tuple[str, ...]:
    """The options that name two small files of ESCO."""
    head = "conceptType,conceptUri,preferredLabel,altLabels,status\n"
    fr = f"{head}Occupation,{ESCO}a,potier/potière,,released\nOccupation,{ESCO}b,ancien,,obsolete\n"
    write(tmp_path / "fr.csv", fr)
    write(tmp_path / "nl.csv", f"{head}Occupation,{ESCO}a,pottenbakker,,released\n")
    return "thesaurus", "import-esco", "--fr", "fr.csv", "--nl", "nl.csv"


def test_esco_becomes_a_file_of_the_thesaurus(centre: Path, esco: tuple[str, ...]) -> None:
    target = centre / "vocabularies" / "thesaurus" / "esco.yaml"
    obsolete = f"{centre.parent / 'fr.csv'}:3: status: “obsolete” is not one of released [warning]"
    counts = [
        "added: 1",
        "changed: 0",
        "unchanged: 0",
        "retired, because they left ESCO: 0",
        "of these, lead to the centre's own concept: 0",
    ]
    dry = run(centre.parent, *esco, "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    shown = [line.removeprefix(f"{centre.parent}/") for line in dry.stdout.splitlines()]
    assert shown == [obsolete.removeprefix(f"{centre.parent}/"), "potier: added", "Nothing was written.", *counts]
    assert not target.exists()
    done = run(centre.parent, *esco)
    assert (done.returncode, done.stdout.splitlines()[1:]) == (0, counts)
    assert target.read_text(encoding="utf-8").endswith(
        f"- id: potier\n  uri: {ESCO}a\n  kind: occupation\n  labels: {{fr: [potier, potière], nl: [pottenbakker]}}\n"
    )
    assert run(centre.parent, "check").returncode == 0
    mine = f"- {{id: ceramist, kind: occupation, uri: '{ESCO}a', labels: {{fr: [céramiste], nl: [keramist]}}}}\n"
    write(centre / "vocabularies" / "thesaurus" / "own.yaml", mine)
    assert "\npotier → ceramist: changed\nNothing was written.\n" in run(centre.parent, *esco, "--dry-run").stdout
    assert run(centre.parent, *esco).stdout.endswith("\nof these, lead to the centre's own concept: 1\n")
    assert target.read_text(encoding="utf-8").endswith(
        "{fr: [potier, potière], nl: [pottenbakker]}\n  retired: true\n  replaced_by: ceramist\n"
    )
    assert run(centre.parent, "check").returncode == 0


def test_a_file_that_is_not_esco_s_changes_nothing(centre: Path, esco: tuple[str, ...], inside: Inside) -> None:
    write(centre.parent / "nl.csv", "id;naam\n")
    files = [str(centre.parent / word) if word.endswith(".csv") else word for word in esco]
    status, shown, _ = inside(centre.parent, *files, LANG="fr_BE.UTF-8")
    assert status == 1
    assert "nl.csv:1: la colonne" in shown
    assert shown.endswith("Rien n'a été écrit.\n")
    assert not (centre / "vocabularies" / "thesaurus" / "esco.yaml").exists()
