"""A network of three centres, for tests: whose records are whose, and what they share."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import AddRecord, write

CENTRES = {"bruxelles": ("Bruxelles", "Brussel"), "liege": ("Liège", "Luik"), "gent": ("Gand", "Gent")}


def make_network(centre: Path) -> None:
    """Write the list of the three centres."""
    lines = (f"- {{id: {id}, labels: {{fr: {fr}, nl: {nl}}}}}\n" for id, (fr, nl) in CENTRES.items())
    write(centre / "vocabularies" / "centres.yaml", "".join(lines))


def fill(add: AddRecord) -> None:
    """Write a record of everybody's, two of Brussels, one that Liège shares, one that it keeps, one of Ghent."""
    add("everybody", "title: {fr: Emploi pour tous, nl: Werk voor iedereen}", "added: 2026-01-01")
    add("ours", "title: {fr: Emploi à Bruxelles, nl: Werk in Brussel}", "centre: bruxelles", "added: 2026-01-02")
    add(
        "ours-too", "title: {fr: Emploi encore, nl: Nog werk}", "centre: bruxelles", "shared: true", "added: 2026-01-03"
    )
    add("lent", "title: {fr: Emploi partagé, nl: Gedeeld werk}", "centre: liege", "shared: true", "added: 2026-01-04")
    shelf = "holdings: [{shelf: K1.07, use: take}]"
    add("kept", "title: {fr: Emploi à Liège, nl: Werk in Luik}", "centre: liege", "added: 2026-01-05", shelf)
    add("ghent", "title: {fr: Emploi à Gand, nl: Werk in Gent}", "centre: gent", "added: 2026-01-06")


ALL = {"everybody", "ours", "ours-too", "lent", "kept", "ghent"}
OFFERED_IN_BRUSSELS = {"everybody", "ours", "ours-too", "lent"}
