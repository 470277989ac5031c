"""Controlled lists and the thesaurus: faulty entries are left out and named, the others stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import Severity
from catalogue.values import Said
from catalogue.vocabulary import Vocabularies, is_id
from tests.conftest import PROJECT, write


def load(folder: Path, **lists: str) -> Vocabularies:
    for name, text in lists.items():
        write(folder / ("thesaurus" if name.startswith("concepts") else "") / f"{name}.yaml", text)
    folder.mkdir(exist_ok=True)
    return Vocabularies.load(folder)


def faults(vocabularies: Vocabularies, root: Path) -> list[str]:
    return [problem.render(root=root) for problem in vocabularies.problems]


def test_list_order_is_display_order_unless_an_order_is_given(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        plain="- {id: zz, labels: {fr: Z}}\n- {id: aa, labels: {fr: A}}\n",
        ordered="- {id: zz, labels: {fr: Z}, order: 2}\n- {id: aa, labels: {fr: A}, order: 1}\n",
    )
    assert list(found.order("plain").items()) == [("zz", 0), ("aa", 1)]
    assert list(found.terms["ordered"]) == ["aa", "zz"]
    assert found.order("missing") == {}


def test_labels_and_codes(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        languages=(
            "- {id: fr, labels: {fr: français, nl: Frans, de: Französisch}}\n"
            "- {id: old, labels: {fr: x}, retired: true}\n"
        ),
        shelves="- {id: K1, labels: {fr: Armoire}}\n",
        concepts=(
            "- {id: nurse, kind: occupation, uri: 'https://esco.example/1', labels: {fr: [infirmier, infirmière]}}\n"
            "- {id: grants, kind: subject, labels: {fr: [bourse]}}\n"
            "- {id: sister, kind: occupation, labels: {fr: [sœur]}, retired: true, replaced_by: nurse}\n"
        ),
    )
    assert found.problems == ()
    assert found.label("languages", "fr", "de") == Said("Französisch", "de")
    assert found.label("languages", "fr", "en") == Said("français", "fr")
    assert found.label("languages", "xx", "fr") == Said("xx", "und")
    assert found.label("occupations", "https://esco.example/1", "fr") == Said("infirmier", "fr")
    assert found.label("occupations", "sister", "fr") == Said("infirmier", "fr"), "replaced_by is followed"
    assert found.concept("") is None
    assert found.label("subjects", "nothing", "fr") == Said("nothing", "und")
    assert found.concept("nurse") is found.concept("https://esco.example/1") is found.concept("sister")
    assert found.known("languages") == ["fr"], "what is retired is not suggested"
    assert (found.known("subjects"), found.known("occupations")) == (["grants"], ["nurse"])
    ids = found.ids("occupations")
    assert ids is not None
    assert "nurse" in ids
    assert "https://esco.example/1" in ids
    assert "plumber" not in ids
    shelf = found.shelf("K1.14")
    assert shelf is not None
    assert shelf.id == "K1"
    assert found.shelf("Z9.1") is None


def test_what_cannot_be_read_is_not_checked_against(tmp_path: Path) -> None:
    found = load(tmp_path, kinds="- {id: [\n", concepts="- {id: [\n")
    assert found.ids("kinds") is None
    assert found.ids("subjects") is None
    assert len(found.problems) == 2


def test_faulty_entries_are_left_out_and_each_is_named(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        a="- {id: BAD ID, labels: {fr: x}}\n- {id: good, labels: {fr: x}}\n- {id: good, labels: {nl: y}}\n",
        b="- {labels: {fr: y}}\n- {id: no-label}\n- {id: odd, labels: {fr: x}, ordr: 3}\n- word\n",
        c="id: x\n",
        d="",
        concepts_a="- {id: same, kind: subject, labels: {fr: [a]}}\n- {id: verb, kind: verb, labels: {fr: [a]}}\n",
        concepts_b="- {id: same, kind: subject, labels: {fr: [b]}}\n- {id: empty, kind: subject, labels: {fr: []}}\n",
    )
    assert {name: list(terms) for name, terms in found.terms.items()} == {"a": ["good"], "b": []}
    assert found.terms["a"]["good"].labels == {"fr": "x"}
    assert {id: concept.labels["fr"] for id, concept in found.concepts.items()} == {"same": ("a",)}
    assert faults(found, tmp_path) == [
        "a.yaml:1: 0.id: “BAD ID” is not of the right form; right would be “health-care”",
        "a.yaml:3: 2: the id “good” stands twice in this list",
        "b.yaml:1: 0: “id” is missing",
        "b.yaml:2: 1: “labels” is missing",
        "b.yaml:3: 2.ordr: unknown key; did you mean “order”?",
        "b.yaml:4: 3: this should be a list of keys and values, such as “id: …”",
        "c.yaml:1: this file should be a list: each entry begins with “- id: …”",
        "d.yaml: the file is empty",
        "thesaurus/concepts_a.yaml:2: 1.kind: “verb” is not one of occupation, subject",
        "thesaurus/concepts_b.yaml:1: 0: the concept “same” is already described elsewhere",
        "thesaurus/concepts_b.yaml:2: 1: “labels” is missing",
    ]


@pytest.mark.parametrize("as_file", [False, True])
def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path, as_file: bool) -> None:
    folder = tmp_path / "vocabularies"
    if as_file:
        folder.write_text("not a folder")
    assert faults(Vocabularies.load(folder), tmp_path) == ["vocabularies: the folder is not there or cannot be read"]


def test_a_preferred_label_in_each_language(tmp_path: Path) -> None:
    found = load(tmp_path, concepts="- {id: ab, kind: subject, labels: {fr: [un, deux], nl: [een], en: []}}\n")
    assert found.concepts["ab"].preferred == {"fr": "un", "nl": "een"}


@pytest.mark.parametrize("first", ["old", "new"])
def test_of_concepts_that_share_a_uri_the_one_in_use_answers_to_it(tmp_path: Path, first: str) -> None:
    uri = "uri: 'https://esco.example/1'"
    of = {
        "new": f"- {{id: nurse, kind: occupation, {uri}, labels: {{fr: [infirmier]}}}}\n",
        "old": f"- {{id: sister, kind: occupation, {uri}, labels: {{fr: [sœur]}}, retired: true}}\n",
    }
    found = load(tmp_path, concepts_a=of.pop(first), concepts_b=of.popitem()[1])
    assert found.problems == ()
    assert found.concept("https://esco.example/1") is found.concepts["nurse"]
    assert found.concept("sister") is found.concepts["sister"], "an id is its own concept's"


@pytest.mark.parametrize(
    ("text", "right"), [("ab", True), ("a", False), ("a\n", False), ("ab\n", False), ("A-b", False)]
)
def test_the_form_of_an_id(text: str, right: bool) -> None:
    assert is_id(text) is right


def test_the_references_of_the_example_thesaurus_lead_somewhere() -> None:
    found = Vocabularies.load(PROJECT / "resources" / "vocabularies")
    assert found.problems == ()
    for concept in found.concepts.values():
        for reference in (*concept.broader, *concept.related, *filter(None, [concept.replaced_by])):
            assert reference in found.concepts, (concept.id, reference)


def test_neighbours_take_turns_and_are_never_retired_or_twice(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        concepts=(
            "- {id: care, kind: subject, labels: {fr: [soins]}, broader: [all], related: [studies, old, old-care]}\n"
            "- {id: all, kind: subject, labels: {fr: [tout]}}\n"
            "- {id: nurse, kind: occupation, labels: {fr: [infirmier]}, broader: [care, nowhere]}\n"
            "- {id: helper, kind: occupation, labels: {fr: [aide]}, broader: [care], related: [nurse]}\n"
            "- {id: studies, kind: subject, labels: {fr: [études]}, broader: [care]}\n"
            "- {id: old, kind: subject, labels: {fr: [vieux]}, retired: true}\n"
            "- {id: old-care, kind: subject, labels: {fr: [anciens]}, retired: true, replaced_by: care}\n"
        ),
    )
    near = {concept.id: [other.id for other in found.neighbours(concept)] for concept in found.concepts.values()}
    assert near["care"] == ["all", "nurse", "studies", "helper"]
    assert near["all"] == ["care"]
    assert near["helper"] == ["care", "nurse"]
    assert near["nurse"] == ["care"]


def test_a_reference_to_nothing_is_named_where_it_stands_and_the_entry_stays(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        kinds="- {id: film, labels: {fr: f}, retired: true, replaced_by: vidoe}\n- {id: video, labels: {fr: v}}\n",
        concepts_a=(
            "- {id: nurse, kind: occupation, labels: {fr: [infirmier]}, broader: [care], related: [midwife, doctr]}\n"
            "- {id: sister, kind: occupation, labels: {fr: [sœur]}, retired: true, replaced_by: nurze}\n"
        ),
        concepts_b=(
            "- {id: doctor, kind: occupation, labels: {fr: [médecin]}, broader:\n    [cares]}\n"
            "- {id: care, kind: subject, labels: {fr: [soins]}}\n"
            "- {id: midwife, kind: unheard, labels: {fr: [sage-femme]}}\n"
        ),
    )
    unknown = "“%s” is not in the list “%s”; did you mean “%s”?"
    assert [fault for fault in faults(found, tmp_path) if "unheard" not in fault] == [
        f"kinds.yaml:1: 0.replaced_by: {unknown % ('vidoe', 'kinds', 'video')}",
        f"thesaurus/concepts_a.yaml:1: 0.related: {unknown % ('doctr', 'thesaurus', 'doctor')}",
        f"thesaurus/concepts_a.yaml:2: 1.replaced_by: {unknown % ('nurze', 'thesaurus', 'nurse')}",
        f"thesaurus/concepts_b.yaml:1: 0.broader: {unknown % ('cares', 'thesaurus', 'care')}",
    ], "an entry with a fault of its own is known all the same, and a file may name what stands in the next"
    assert set(found.concepts) == {"nurse", "sister", "doctor", "care"}
    assert {problem.severity for problem in found.problems if "unheard" not in problem.text()} == {Severity.WARNING}


def test_where_a_file_cannot_be_read_no_reference_is_doubted(tmp_path: Path) -> None:
    nurse = "- {id: nurse, kind: occupation, labels: {fr: [infirmier]}, broader: [care]}\n"
    found = load(tmp_path, concepts_a=nurse, concepts_b="- {id: care, kind: [\n")
    assert [problem.path.name for problem in found.problems] == ["concepts_b.yaml"]
