"""A record: everything wrong is said at once, and what is right goes from file to value and back unchanged."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import yamlfile
from catalogue.errors import InvalidRecord, Severity
from catalogue.fields import STATUSES, THEMES, USES
from catalogue.i18n import languages
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import as_value
from catalogue.vocabulary import Vocabularies
from tests.conftest import PROJECT

RECORDS = sorted((PROJECT / "resources" / "records").rglob("*.yaml"))
LEAST: dict[str, Any] = {"kind": "website", "themes": ["work"], "title": {"fr": "Un"}, "status": "draft"}


def parse(text: str, name: str = "some-record") -> tuple[Resource | None, list[str]]:
    resource, problems = Resource.from_document(yamlfile.parse(text.encode(), Path(f"{name}.yaml")))
    return resource, [problem.render() for problem in problems]


def test_the_least_a_record_needs() -> None:
    record = Resource.from_mapping("ab", LEAST)
    assert (record.id, record.kind, record.themes, record.title.best("nl").text) == ("ab", "website", ("work",), "Un")
    assert record.to_mapping() == LEAST
    assert not record.is_public


def test_every_problem_is_said_at_once_with_its_place(centre: Path) -> None:
    text = (
        "kind: websit\n"
        "themes: [work, cooking]\n"
        "titel: {fr: Un}\n"
        "titel: {fr: Deux}\n"
        "year: 12\n"
        "added: 2026-02-30\n"
        "audiences: [pupil]\n"
        "holdings:\n"
        "  - {url: example.org}\n"
        "  - {shelf: K1.1, file: media/x.mp4}\n"
        "status: [draft]\n"
    )
    terms = Vocabularies.load(centre / "vocabularies")
    record, problems = Resource.from_document(yamlfile.parse(text.encode(), Path("One.yaml")), terms)
    assert record is None
    assert [problem.render() for problem in problems] == [
        "One.yaml:4: titel: this key stands here a second time; the first is on line 3",
        "One.yaml:1: the file's name “One” should be 2 to 80 of a–z, 0–9 and -",
        "One.yaml:1: kind: “websit” is not in the list “kinds”; did you mean “website”?",
        "One.yaml:2: themes.1: “cooking” is not one of orient, learn, work, start, move",
        "One.yaml:4: titel: unknown key; did you mean “title”?",
        "One.yaml:5: year: “12” is not a number from 1800 to 2100",
        "One.yaml:6: added: “2026-02-30” is not a date; right would be “2026-03-01”",
        "One.yaml:7: audiences.0: “pupil” is not in the list “audiences”; did you mean “pupils”?",
        "One.yaml:9: holdings.0.url: “example.org” is not a web address; it begins with https://",
        "One.yaml:10: holdings.1: a holding is exactly one of url, shelf or file",
        "One.yaml:11: status: “['draft']” is not one of draft, published, withdrawn",
        "One.yaml:1: “title” is missing",
    ]
    french = languages()["fr"].gettext
    assert problems[3].render(french).startswith("One.yaml:2: themes.1: «\u00a0cooking\u00a0»")
    assert problems[2].severity is Severity.ERROR
    assert problems[7].severity is Severity.WARNING


@pytest.mark.parametrize("text", ["", "# only a comment\n", "--- \n"])
def test_an_empty_file_is_a_fault(text: str) -> None:
    record, problems = parse(text)
    assert record is None
    assert len(problems) == 1


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "12\n"])
def test_a_file_without_keys_is_a_fault(text: str) -> None:
    assert parse(text)[1] == ["some-record.yaml:1: this should be a list of keys and values, such as “kind: …”"]


@pytest.mark.parametrize("title", ["{fr: ''}", "{fr: '  ', nl: ''}", "{}", "''", "~"])
def test_a_title_with_nothing_in_it_is_missing(title: str) -> None:
    record, problems = parse(f"kind: website\nthemes: [work]\nstatus: draft\ntitle: {title}\n")
    assert record is None
    assert problems == ["some-record.yaml:1: “title” is missing"]


@pytest.mark.parametrize("name", ["a", "Majuscule", "é-t-é", "a_b", "a b", "x" * 81, "a.b", "caf\udce9"])
def test_a_malformed_id_keeps_a_record_out(name: str) -> None:
    record, problems = parse("kind: website\nthemes: [work]\nstatus: draft\ntitle: {fr: x}\n", name)
    assert record is None
    assert "should be 2 to 80 of a–z, 0–9 and -" in problems[0]
    assert problems[0].encode("utf-8"), "a name that is not UTF-8 can still be shown"


@pytest.mark.parametrize("name", ["ab", "x" * 80, "2026-sheet-"])
def test_a_well_formed_id(name: str) -> None:
    assert parse("kind: website\nthemes: [work]\nstatus: draft\ntitle: {fr: x}\n", name)[1] == []


def test_a_faulty_mapping_is_refused_with_all_its_problems() -> None:
    with pytest.raises(InvalidRecord) as refused:
        Resource.from_mapping("ab", {"kind": "website", "themes": [], "year": "x", "extra": 1})
    assert [problem.field for problem in refused.value.problems] == ["year", "extra", "", "", ""]
    assert (refused.value.status, str(refused.value)) == (422, "This record has 5 problems.")


def gaps(**fields: Any) -> list[tuple[str, str]]:
    document = yamlfile.Document(Path("some-record.yaml"), as_value({**LEAST, "status": "published", **fields}))
    return [(p.field, p.text()) for p in Resource.from_document(document)[1] if p.severity is Severity.GAP]


def test_what_a_good_record_would_have_is_said_but_not_of_drafts() -> None:
    assert gaps(status="draft") == []
    both = {"fr": "x", "nl": "x"}
    assert gaps() == [
        ("summary", "a published record should have this"),
        ("publisher", "a published record should have this"),
        ("holdings", "nothing says how to get this document"),
        ("title", "the text in “nl” is missing"),
    ]
    full = {"title": both, "summary": both, "publisher": "siep", "holdings": [{"url": "https://a.example"}]}
    assert gaps(**full) == []
    for way in ({"dates": [{"start": "2026-01-01"}]}, {"contact": {"phone": "02 000 00 00"}}):
        assert gaps(**{**full, "holdings": [], **way}) == []
    lacking = {
        "keywords": {"nl": ["x"]},
        "holdings": [{"url": "https://a.example"}, {"url": "https://b.example", "title": {"fr": "x"}}],
        "dates": [{"start": "2026-01-01", "where": {"nl": "x"}}, {"start": "2026-01-01", "where": "same in all"}],
        "contact": {"hours": {"fr": "x", "en": "x"}, "address": "same in all"},
        "cover": {"file": "media/x.jpg"},
    }
    assert gaps(**{**full, **lacking}) == [
        ("keywords", "the text in “fr” is missing"),
        ("holdings.1.title", "the text in “nl” is missing"),
        ("dates.0.where", "the text in “fr” is missing"),
        ("contact.hours", "the text in “nl” is missing"),
        ("cover.alt", "the text in “fr” is missing"),
        ("cover.alt", "the text in “nl” is missing"),
    ]


def test_a_gap_has_the_line_of_what_it_completes() -> None:
    holding = "- url: https://a.example\n  title: {fr: x}\n"
    text = f"kind: video\nthemes: [work]\ntitle: {{fr: x, nl: x}}\nstatus: published\nholdings:\n{holding}"
    document = yamlfile.parse(text.encode(), Path("ab.yaml"))
    assert [(p.line, p.field) for p in Resource.from_document(document)[1]][-1] == (7, "holdings.0.title")


def test_what_is_for_staff_stays_inside() -> None:
    record = Resource.from_mapping(
        "ab", {**LEAST, "staff_note": "secret", "source": {"from": "PMB"}, "review_by": "2027-01-01", "year": 2020}
    )
    assert record.to_mapping(public_only=True) == {**LEAST, "year": 2020}
    assert record.to_mapping()["source"] == {"from": "PMB"}


def test_what_is_derived() -> None:
    record = Resource.from_mapping("ab", {
        **LEAST,
        "kind": "event",
        "holdings": [
            {"url": "https://a.example", "language": "nl"}, {"url": "https://b.example"},
            {"shelf": "K1.1", "language": "fr"},
            {"file": "media/a.mp4", "language": "nl", "captions": {"fr": "media/a.vtt", "nl": "media/b.vtt"}},
        ],
        "dates": [{"start": "2026-12-04T14:00", "end": "2026-12-04T16:00"}, {"start": "2026-12-01"}],
    })  # fmt: skip
    assert record.forms == ("link", "shelf", "file")
    assert record.document_languages == ("nl", "fr")
    assert record.caption_languages == ("fr", "nl")
    assert record.expires == datetime.datetime(2026, 12, 4, 16)
    assert [occasion.until for occasion in record.dates][1] == datetime.datetime(2026, 12, 2)
    other = Resource.from_mapping("ab", {**record.to_mapping(), "kind": "course", "languages": ["en"]})
    assert other.expires is None, "only events leave the results"
    assert other.document_languages == ("en",)
    assert Resource.from_mapping("ab", {**LEAST, "kind": "event"}).expires is None


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_real_record_goes_round(path: Path) -> None:
    record, _ = Resource.from_document(yamlfile.read(path))
    assert record is not None
    assert Resource.from_mapping(record.id, record.to_mapping()) == record
    assert list(record.to_mapping()) == [name for name in FIELDS if name in record.to_mapping()]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
LANGS = st.sampled_from(["fr", "nl", "en"])
TEXTS = st.dictionaries(LANGS, WORDS)
PLACES = st.fixed_dictionaries(
    {}, optional={"address": TEXTS | WORDS, "hours": TEXTS, "walk_in": st.sampled_from(["true", "false"])}
)
HOLDINGS = st.sampled_from([{"url": "https://a.example"}, {"shelf": "K1.1"}, {"file": "media/a.mp4"}]).flatmap(
    lambda way: st.fixed_dictionaries(
        {key: st.just(value) for key, value in way.items()},
        optional={"title": TEXTS, "copies": st.integers(0, 99), "use": st.sampled_from(USES),
                  "captions": st.dictionaries(LANGS, st.sampled_from(["media/a.vtt", "media/b.vtt", ""]))},
    )
)  # fmt: skip
MAPPINGS = st.fixed_dictionaries(
    {
        "kind": st.just("website"),
        "themes": st.lists(st.sampled_from(THEMES), min_size=1, max_size=3),
        "title": st.dictionaries(LANGS, WORDS).map(lambda title: {**title, "fr": "Un titre"}),
        "status": st.sampled_from(STATUSES),
    },
    optional={
        "summary": TEXTS,
        "body": st.dictionaries(LANGS, st.lists(WORDS).map("\r\n".join)),
        "keywords": st.dictionaries(LANGS, st.lists(WORDS, max_size=3)),
        "authors": st.lists(WORDS, max_size=3),
        "year": st.integers(1800, 2100),
        "added": st.dates(datetime.date(1900, 1, 1)),
        "contact": PLACES,
        "holdings": st.lists(HOLDINGS, max_size=3),
        "dates": st.lists(
            st.fixed_dictionaries({"start": st.dates(datetime.date(1900, 1, 1))}, optional={"where": WORDS | TEXTS})
        ),
        "source": st.fixed_dictionaries({}, optional={"from": WORDS, "id": WORDS}),
        "staff_note": WORDS,
    },
)


@settings(deadline=None)
@given(MAPPINGS)
def test_any_record_goes_round_by_mapping_and_by_file(mapping: dict[str, Any]) -> None:
    record = Resource.from_mapping("ab", mapping)
    assert Resource.from_mapping("ab", record.to_mapping()) == record
    written = yamlfile.dump(record.to_mapping(), list(FIELDS))
    read, problems = Resource.from_document(yamlfile.parse(written, Path("ab.yaml")))
    assert [problem.render() for problem in problems if problem.severity > Severity.GAP] == []
    assert read == record
    assert yamlfile.rewrite(written, record.to_mapping(), list(FIELDS)) == written
