"""A concept of the thesaurus as a form: labels by language, and its neighbours named by their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from catalogue import edits, wordlists
from catalogue.errors import N_, Problem, Translate
from catalogue.folding import fold
from catalogue.service import Catalogue
from catalogue.settings import nearest
from catalogue.vocabulary import Concept, Term, Vocabularies
from catalogue.web.desk import boxes
from catalogue.web.desk.boxes import Box

FORM = Path("form")
LINKS = ("broader", "narrower", "related")
TEXTS = ("labels.fr", "labels.nl", "labels.en", "note.fr", "note.nl", "note.en")
BOXES = (*TEXTS, *LINKS)

UNKNOWN = N_("“%(label)s” is not in this list; did you mean “%(near)s”?")
SEVERAL = N_("Several are called “%(label)s”: add its id, as in “%(example)s”.")
ITSELF = N_("An entry cannot be its own neighbour.")
CIRCLE = N_("“%(label)s” is below this one already: it cannot be above it too.")
_WITH_ID = re.compile(r"(?:.*\[)?([A-Za-z0-9-]+)\]?")


class Names:
    """The entries of a list by id and by label, to be found as a person writes them."""

    def __init__(self, entries: Iterable[Term | Concept]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._preferred: dict[str, list[str]] = {}
        self._every: dict[str, list[str]] = {}
        for entry in self.entries.values():
            if not entry.retired:
                _add(self._preferred, _preferred(entry), entry.id)
                _add(self._every, _every(entry), entry.id)

    def find(self, text: str) -> tuple[Term | Concept | None, Problem | None]:
        """Return the entry with this id or label (a preferred one before the others), or what is wrong."""
        wanted = text.strip()
        by_id = _WITH_ID.fullmatch(wanted)
        if by_id and by_id[1] in self.entries:
            return self.entries[by_id[1]], None
        found = self._preferred.get(fold(wanted)) or self._every.get(fold(wanted)) or []
        if len(found) == 1:
            return self.entries[found[0]], None
        if found:
            return None, Problem(FORM, 0, "", SEVERAL, {"label": wanted, "example": f"{wanted} [{found[0]}]"})
        known = [label for entry in self.entries.values() if not entry.retired for label in _preferred(entry)]
        return None, Problem(FORM, 0, "", UNKNOWN, {"label": wanted, "near": nearest(wanted, known)})

    def name(self, id: str, lang: str) -> str:
        """Return the label by which an entry is found again: with its id where several are called so."""
        entry = self.entries.get(id)
        if entry is None:
            return id
        label = (entry.preferred if isinstance(entry, Concept) else entry.labels).best(lang).text
        called_so = self._preferred.get(fold(label), [])
        return label if called_so == [id] else f"{label} [{id}]"


def values(vocabularies: Vocabularies, entry: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Return a concept by the names of its boxes, its neighbours by label."""
    names = Names(vocabularies.concepts.values())
    found = boxes.flat({key: entry[key] for key in ("labels", "note") if key in entry})
    links = {key: entry.get(key, ()) for key in ("broader", "related")}
    links["narrower"] = vocabularies.narrower.get(entry.get("id", ""), ())
    return found | {key: "\n".join(names.name(id, lang) for id in ids) for key, ids in links.items()}


def read(
    vocabularies: Vocabularies, vocabulary: str, typed: Mapping[str, str], id: str, lang: str
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the concept that was typed, its neighbours by id, and every problem of it."""
    texts = {name: typed.get(name, "") for name in TEXTS}
    made = boxes.nested({n: t for n, t in texts.items() if n.startswith("labels.")}, ("labels",))
    made |= boxes.nested({n: " ".join(t.splitlines()) for n, t in texts.items() if n.startswith("note.")})
    problems = [*edits.in_both(made, ("labels",), ("note",))]
    names = Names(vocabularies.concepts.values())
    for name in LINKS:
        made[name], faults = _neighbours(names, name, typed.get(name, ""), id)
        problems += faults
    circles = (
        names.name(other, lang) for other in made["broader"] if other in _below(vocabularies, made["narrower"], id)
    )
    problems += [Problem(FORM, 0, "broader", CIRCLE, {"label": label}) for label in circles]
    label = next(iter(made.get("labels", {}).get("fr", ())), "")
    made["id"] = id or wordlists.proposed_id(label, lambda other: other in vocabularies.concepts)
    made["kind"] = wordlists.THESAURUS[vocabulary]
    _concept, faults_of_form = edits.checked(Concept, {key: item for key, item in made.items() if key != "narrower"})
    return made, (*problems, *faults_of_form)


def save(
    catalogue: Catalogue, edition: wordlists.Edition, entry: dict[str, Any], typed: Mapping[str, Any], by: str
) -> int:
    """Write a concept, and into its narrower ones that it is above them; returns the action. Hold the writer's turn."""
    id = typed["id"]
    own = {key: item for key, item in typed.items() if key not in ("narrower", "id", "kind") and item}
    first = {"id": id, "kind": typed["kind"]}
    rest = {key: item for key, item in entry.items() if key not in first}
    edition.put(
        {**first, **boxes.over(rest, own, (*TEXTS, "broader", "related"))}, beside=next(iter(typed["broader"]), "")
    )
    before = catalogue.contents.frame.vocabularies.narrower.get(id, ())
    for other in dict.fromkeys((*before, *typed["narrower"])):
        _set_broader(edition, other, id, other in typed["narrower"])
    label = typed["labels"]["fr"][0]
    return catalogue.write_files(edition.changes(), account=by, kind="terms", label=label)


def rows(typed: Mapping[str, str], translate: Translate) -> boxes.Rows:
    """Return the boxes of a concept."""
    _ = translate
    hint = _(N_("One on each line: first what it is called here, then what people also say."))
    labels = tuple(
        Box(
            f"labels.{code}",
            _(N_("Labels")),
            typed.get(f"labels.{code}", ""),
            "area",
            code,
            hint,
            rows=5,
            required=code != "en",
        )
        for code in ("fr", "nl", "en")
    )
    names = {"broader": N_("Broader"), "narrower": N_("Narrower"), "related": N_("Related")}
    links = tuple(Box(name, _(label), typed.get(name, ""), "links") for name, label in names.items())
    note = tuple(
        Box(f"note.{code}", _(N_("Note")), typed.get(f"note.{code}", ""), "area", code, rows=2)
        for code in ("fr", "nl", "en")
    )
    return labels, links, note


def _neighbours(names: Names, name: str, lines: str, id: str) -> tuple[list[str], list[Problem]]:
    found, problems = [], []
    for line in filter(None, map(str.strip, lines.splitlines())):
        concept, problem = names.find(line)
        if problem:
            problems.append(Problem(FORM, 0, name, problem.message, problem.params))
        elif concept is not None and concept.id == id:
            problems.append(Problem(FORM, 0, name, ITSELF))
        elif concept is not None:
            found.append(concept.id)
    return list(dict.fromkeys(found)), problems


def _below(vocabularies: Vocabularies, narrower: Iterable[str], id: str) -> set[str]:
    """Return everything below a concept: what is there cannot be above it too, the tree would have no top."""
    below, pending = set[str](), list(narrower)
    while pending:
        one = pending.pop()
        if one not in below and one != id:
            below.add(one)
            pending += vocabularies.narrower.get(one, ())
    return below


def _set_broader(edition: wordlists.Edition, other: str, id: str, wanted: bool) -> None:
    entry = edition.entry(other)
    broader = [one for one in entry.get("broader", ()) if one != id] + [id] * wanted
    if not entry or (id in entry.get("broader", ())) == wanted:
        return
    kept = {key: item for key, item in entry.items() if key != "broader"}
    edition.put({**kept, "broader": broader} if broader else kept)


def _add(names: dict[str, list[str]], labels: Iterable[str], id: str) -> None:
    for label in dict.fromkeys(map(fold, labels)):
        names.setdefault(label, []).append(id)


def _preferred(entry: Term | Concept) -> tuple[str, ...]:
    return tuple((entry.preferred if isinstance(entry, Concept) else entry.labels).values())


def _every(entry: Term | Concept) -> tuple[str, ...]:
    return entry.all_labels if isinstance(entry, Concept) else tuple(entry.labels.values())
