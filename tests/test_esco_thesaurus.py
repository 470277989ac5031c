"""ESCO as a thesaurus file: ids that last, the centre's own concepts before ESCO's, nothing lost, nothing twice."""

from __future__ import annotations

import csv
import dataclasses
import re
import shutil
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from catalogue import yamlfile
from catalogue.errors import Problem, WriteFailed
from catalogue.exchange import esco, esco_thesaurus
from catalogue.exchange.esco import Occupation
from catalogue.exchange.esco_thesaurus import ADDED, CHANGED, REPLACED, RETIRED, UNCHANGED, Import
from catalogue.folding import fold
from catalogue.vocabulary import Concept, Vocabularies
from tests.conftest import PROJECT, write
from tests.test_cli import run

URI = "http://data.europa.eu/esco/occupation/"


def occupation(uri: str, code: str = "", **labels: str) -> Occupation:
    return Occupation(URI + uri, code, {lang: tuple(text.split("|")) for lang, text in labels.items()})


POTTER = occupation("a", "7314.1", fr="potier|potière", nl="pottenbakker", en="potter")
CERAMIST = occupation("b", "7314.1.2", fr="céramiste d'art", nl="keramist", en="artistic ceramist")


def merged(*occupations: Occupation, own: Import | None = None, others: Mapping[str, Concept] | None = None) -> Import:
    so_far = {concept.id: concept for concept in own.concepts} if own else {}
    return esco_thesaurus.merge(occupations, so_far, others or {})


def curated(id: str, uri: str, **rest: Any) -> dict[str, Concept]:
    return {id: Concept(id=id, kind="occupation", labels={"fr": ("le mien",)}, uri=URI + uri if uri else "", **rest)}


def test_an_occupation_becomes_a_concept_below_its_broader_one() -> None:
    found = merged(CERAMIST, POTTER)
    assert found.fates == {"artistic-ceramist": ADDED, "potter": ADDED}
    ceramist, potter = found.concepts
    assert ceramist == Concept(
        id="artistic-ceramist", kind="occupation", uri=CERAMIST.uri, labels=CERAMIST.labels, broader=("potter",)
    )
    assert potter.broader == ()


def test_importing_again_changes_nothing() -> None:
    first = merged(POTTER, CERAMIST)
    again = merged(CERAMIST, POTTER, own=first)
    assert again.concepts == first.concepts
    assert set(again.fates.values()) == {UNCHANGED}
    assert again.counts == {ADDED: 0, CHANGED: 0, UNCHANGED: 2, RETIRED: 0, REPLACED: 0}


def test_an_id_stays_when_labels_change_and_a_language_that_is_not_imported_stays_too() -> None:
    first = merged(POTTER)
    renamed = merged(occupation("a", "7314.1", fr="tourneur en poterie"), own=first)
    assert renamed.fates == {"potter": CHANGED}
    assert renamed.concepts[0].labels == {"fr": ("tourneur en poterie",), "nl": ("pottenbakker",), "en": ("potter",)}


def test_what_was_added_by_hand_to_a_concept_stays() -> None:
    first = merged(POTTER)
    noted = dataclasses.replace(first.concepts[0], related=("arts",))
    own = dataclasses.replace(first, concepts=(noted, Concept(id="mine", kind="subject", labels={"fr": ("à moi",)})))
    assert merged(POTTER, own=own).fates == {"potter": UNCHANGED, "mine": UNCHANGED}


@pytest.mark.parametrize(
    ("labels", "id"),
    [
        ({"fr": "infirmier", "nl": "verpleegkundige", "en": "nurse"}, "nurse"),
        ({"fr": "œnologue d’été", "nl": "wijnkenner"}, "oenologue-d-ete"),
        ({"nl": "3D-ontwerper"}, "3d-ontwerper"),
        ({"fr": "ж"}, "occupation"),
        ({"fr": "x"}, "occupation"),
        ({"fr": "mot " * 40}, "-".join(["mot"] * 17)),
        ({"fr": "m" * 300}, "m" * 70),
    ],
)
def test_an_id_is_made_of_a_label(labels: dict[str, str], id: str) -> None:
    assert merged(occupation("a", **labels)).concepts[0].id == id
    assert re.fullmatch(r"[a-z0-9-]{2,80}", id)


def test_shared_labels_give_different_ids_and_an_id_is_never_given_again() -> None:
    one, two, three = (occupation(uri, fr="portier") for uri in "abc")
    first = merged(one, two, others=curated("portier", ""))
    assert {c.uri: c.id for c in first.concepts} == {one.uri: "esco-portier", two.uri: "esco-portier-2"}
    assert [c.labels["fr"] for c in first.concepts] == [("portier",), ("portier",)]
    gone = merged(two, own=first)
    later = merged(two, three, own=gone)
    assert {c.uri: c.id for c in later.concepts} == {
        one.uri: "esco-portier",
        two.uri: "esco-portier-2",
        three.uri: "portier",
    }


def test_what_left_esco_is_retired_and_may_come_back() -> None:
    first = merged(POTTER, CERAMIST)
    without = merged(POTTER, own=first)
    assert without.fates == {"potter": UNCHANGED, "artistic-ceramist": RETIRED}
    assert without.concepts[0] == dataclasses.replace(first.concepts[0], retired=True)
    assert set(merged(POTTER, own=without).fates.values()) == {UNCHANGED}, "it is retired once"
    back = merged(POTTER, CERAMIST, own=without)
    assert back.fates == {"potter": UNCHANGED, "artistic-ceramist": CHANGED}
    assert back.concepts == first.concepts


def test_what_the_centre_describes_is_retired_leads_to_it_and_is_no_broader_concept() -> None:
    found = merged(POTTER, CERAMIST, others=curated("potter", "a"))
    assert found.fates == {"esco-potter": ADDED, "artistic-ceramist": ADDED}
    assert found.counts[REPLACED] == 1
    ceramist, potter = found.concepts
    assert ceramist.broader == ("potter",)
    assert potter == Concept(
        id="esco-potter",
        kind="occupation",
        uri=POTTER.uri,
        labels=POTTER.labels,
        retired=True,
        replaced_by="potter",
    )
    again = merged(POTTER, CERAMIST, own=found, others=curated("potter", "a"))
    assert (again.concepts, set(again.fates.values())) == (found.concepts, {UNCHANGED})


def test_an_imported_concept_gives_way_to_the_centre_s_and_comes_back_under_its_id() -> None:
    alone = merged(POTTER, CERAMIST)
    beside = merged(POTTER, CERAMIST, own=alone, others=curated("mine", "b"))
    assert beside.fates == {"artistic-ceramist": CHANGED, "potter": UNCHANGED}
    replaced = dataclasses.replace(alone.concepts[0], broader=(), retired=True, replaced_by="mine")
    assert beside.concepts == (replaced, alone.concepts[1])
    fresh = merged(POTTER, CERAMIST, others=curated("mine", "b"))
    assert fresh.concepts == beside.concepts, "which came first does not matter"
    for without in ({}, curated("mine", "")):
        assert merged(POTTER, CERAMIST, own=beside, others=without).concepts == alone.concepts


def test_what_left_esco_still_leads_to_the_centre_s_concept_as_long_as_there_is_one() -> None:
    first = merged(POTTER, others=curated("mine", "a"))
    gone = merged(own=first, others=curated("mine", "a"))
    assert (gone.concepts, gone.fates) == (first.concepts, {"potter": UNCHANGED})
    alone = merged(own=gone)
    assert alone.concepts == (dataclasses.replace(first.concepts[0], replaced_by=""),)


@pytest.mark.parametrize(
    ("mine", "used"),
    [
        ({**curated("mine", "a", retired=True, replaced_by="other"), **curated("other", "")}, "other"),
        ({**curated("mine", "a"), **curated("older", "a", retired=True)}, "mine"),
        (curated("mine", "a", retired=True), "mine"),
    ],
)
def test_it_leads_to_the_concept_that_the_centre_uses(mine: dict[str, Concept], used: str) -> None:
    assert merged(POTTER, others=mine).concepts[0].replaced_by == used


def test_a_concept_moved_by_hand_with_its_id_is_the_centre_s_and_esco_s_gets_another() -> None:
    first = merged(POTTER, CERAMIST)
    found = merged(POTTER, CERAMIST, own=first, others=curated("potter", "a"))
    assert found.fates == {"artistic-ceramist": UNCHANGED, "esco-potter": ADDED}
    taken = merged(POTTER, own=merged(POTTER), others=curated("potter", ""))
    assert [(c.id, c.retired) for c in taken.concepts] == [("esco-potter", False)], "an id taken is not fought for"


def test_the_file_keeps_its_comments_and_the_bytes_of_what_did_not_change(tmp_path: Path) -> None:
    path = tmp_path / "thesaurus" / "esco.yaml"
    first = merged(POTTER, CERAMIST)
    esco_thesaurus.write(path, first.concepts)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# The occupations of ESCO")
    assert (
        "# This service uses the ESCO classification of the European Commission.\n\n- id: artistic-ceramist\n" in text
    )
    edited = text.replace("- id: potter\n", "# about potters\n- id:   potter   # why\n")
    path.write_text(edited, encoding="utf-8")
    esco_thesaurus.write(path, merged(POTTER, CERAMIST, own=first).concepts)
    assert path.read_text(encoding="utf-8") == edited
    smith = occupation("c", fr="forgeron", en="blacksmith")
    esco_thesaurus.write(path, merged(POTTER, smith, own=first).concepts)
    written = path.read_text(encoding="utf-8")
    assert written.endswith(edited[edited.index("# about potters") :])
    assert written.index("- id: artistic-ceramist") < written.index("- id: blacksmith") < written.index("# about pott")
    problems: list[Problem] = []
    again = esco_thesaurus.prepare([POTTER, smith], path, problems)
    assert (problems, set(again.fates.values())) == ([], {UNCHANGED})


def test_a_file_with_a_fault_is_never_written_over(tmp_path: Path) -> None:
    path = write(tmp_path / "esco.yaml", "- {id: potter, kind: trade, labels: {fr: [potier]}}\n")
    write(tmp_path / "own.yaml", "- {id: [\n")
    problems: list[Problem] = []
    esco_thesaurus.prepare([POTTER], path, problems)
    assert [problem.path.name for problem in problems] == ["esco.yaml", "own.yaml"]
    broken = write(tmp_path / "esco.yaml", "- {id: [\n")
    with pytest.raises(WriteFailed):
        esco_thesaurus.write(broken, [])
    assert broken.read_text() == "- {id: [\n"


# --- the real classification ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(test_data: Path) -> dict[str, Path]:
    return {lang: test_data / "esco" / f"occupations_{lang}.csv" for lang in ("fr", "nl", "en")}


@pytest.fixture(scope="module")
def occupations(files: dict[str, Path]) -> dict[str, Occupation]:
    problems: list[Problem] = []
    found = esco.read(files, problems)
    assert problems == []
    return {found.uri: found for found in found}


@pytest.fixture(scope="module")
def imported(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder above the example centre after ``catalogue thesaurus import-esco`` on the three files."""
    root = tmp_path_factory.mktemp("esco")
    shutil.copytree(PROJECT / "resources", root / "resources")
    given = chain.from_iterable((f"--{lang}", str(path.resolve())) for lang, path in files.items())
    done = run(root, "thesaurus", "import-esco", *given)
    assert (done.returncode, done.stderr) == (0, "")
    return root


def test_all_of_esco_is_read(occupations: dict[str, Occupation], files: dict[str, Path]) -> None:
    assert len(occupations) == 3039
    raw = files["fr"].read_text(encoding="utf-8-sig")
    assert raw.count("’") > 1000
    for found in occupations.values():
        assert found.labels.keys() == {"fr", "nl", "en"}
        for label in chain.from_iterable(found.labels.values()):
            assert label == " ".join(label.split())
            assert not re.search("[’‘\u00ad\u200b;\n]", label)


def test_two_gendered_forms_are_two_labels_in_the_real_files(occupations: dict[str, Occupation]) -> None:
    french = {found.labels["fr"][:2] for found in occupations.values()}
    for pair in (
        ("opérateur de tréfilerie", "opératrice de tréfilerie"),
        ("technicien biochimiste", "technicienne biochimiste"),
        ("vendeur en articles de sport", "vendeuse en articles de sport"),
        ("chef décorateur spectacle", "chef décoratrice spectacle"),
        ("transporteur non exploitant de navire", "transporteuse non exploitante de navire"),
        ("trancheur-dérouleur de bois de placage", "trancheuse dérouleuse de bois de placage"),
        ("chargé d'enseignement général du second degré", "chargée d'enseignement général du second degré"),
        ("scaphandrier TP sur réseaux et ouvrages immergés", "scaphandrière TP sur réseaux et ouvrages immergés"),
        ("sellier-garnisseur en automobile", "sellière-garnisseuse en automobile"),
        ("valet de chambre", "femme de chambre"),
        ("barman", "barmaid"),
        ("maïeuticien", "sage-femme"),
        ("aide-soignant", "aide-soignante"),
        ("géologue minier", "géologue minière"),
    ):
        assert pair in french
    slashes = {label for found in occupations.values() for label in found.labels["fr"] if "/" in label}
    assert slashes == {
        "formateur «lutte contre l'illettrisme/français langue étrangère»",
        "formatrice «lutte contre l'illettrisme/français langue étrangère»",
        'formateur "lutte contre l\'illettrisme/français langue étrangère"',
        'formatrice "lutte contre l\'illettrisme/français langue étrangère"',
        "opératrice sur système informatisé patronage/gradation",
        "animatrice d'équipe de fabrication de papier/carton",
        "responsable développement/expansion immobilière",
    }, "what is left are no pairs of genders"


def test_the_forms_are_those_that_esco_lists_apart(files: dict[str, Path]) -> None:
    """ESCO gives most forms a second time as other labels: a judgement of the splits that is not ours."""
    split = attested = 0
    with files["fr"].open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            forms = esco.labels_of({**row, "altLabels": ""}, "fr")
            apart = {fold(esco.clean(label)) for label in row["altLabels"].split("\n")}
            if "/" in row["preferredLabel"] and len(forms) == 2:
                split += 1
                attested += {fold(form) for form in forms} <= apart
    assert split == 2312, "of 2,315 with a slash three have the same words on both sides"
    assert attested / split > 0.92


def test_check_finds_nothing_wrong(imported: Path) -> None:
    done = run(imported, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert " 0 errors, 0 warnings" in done.stdout


def test_every_id_is_unique_and_well_formed_and_leads_somewhere(imported: Path) -> None:
    found = Vocabularies.load(imported / "resources" / "vocabularies")
    assert found.problems == (), "a duplicate id would be a problem"
    assert all(re.fullmatch(r"[a-z0-9-]{2,80}", id) for id in found.concepts)
    uris = [concept.uri for concept in found.concepts.values() if concept.in_esco and not concept.retired]
    assert len(uris) == len(set(uris)) == 3039
    for concept in found.concepts.values():
        for reference in (*concept.broader, *filter(None, [concept.replaced_by])):
            assert not found.concepts[reference].retired


def test_the_centre_s_own_concepts_answer_to_their_uri_and_esco_s_lead_to_them(imported: Path) -> None:
    found = Vocabularies.load(imported / "resources" / "vocabularies")
    mine = [concept for concept in example_centre().concepts.values() if concept.in_esco]
    replaced = {c.uri: c for c in found.concepts.values() if c.retired}
    assert len(replaced) == len(mine) > 400
    for concept in mine:
        esco_s = replaced[concept.uri]
        assert (esco_s.replaced_by, esco_s.broader) == (concept.id, ())
        assert esco_s.labels.keys() == {"fr", "nl", "en"}
        assert found.concept(concept.uri) == found.concept(esco_s.id) == found.concepts[concept.id] == concept
        assert esco_s not in found.neighbours(concept)


def test_importing_esco_again_leaves_the_file_as_it_is(imported: Path, occupations: dict[str, Occupation]) -> None:
    path = imported / "resources" / "vocabularies" / "thesaurus" / "esco.yaml"
    before = path.read_bytes()
    again = esco_thesaurus.prepare(occupations.values(), path, [])
    own = len([concept for concept in example_centre().concepts.values() if concept.in_esco])
    assert again.counts == {ADDED: 0, CHANGED: 0, UNCHANGED: 3039, RETIRED: 0, REPLACED: own}
    esco_thesaurus.write(path, again.concepts)
    assert path.read_bytes() == before
    assert len(before) < yamlfile.MAX_BYTES / 2


def example_centre() -> Vocabularies:
    return Vocabularies.load(PROJECT / "resources" / "vocabularies")
