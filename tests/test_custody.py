"""Each desk writes its own records: every way of writing, over HTTP and at the catalogue itself, and who may what."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue.errors import OfAnotherCentre
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.writing import Change
from tests.at_desk import Desk, hidden, shown
from tests.centres import ALL, fill, make_network
from tests.conftest import AddRecord
from tests.desk_site import PASSWORD, DeskSite, desk_site, imports_of
from tests.media_samples import SAMPLES
from tests.test_desk_imports import act, send
from tests.test_importing import files

OURS, THEIRS, EVERYBODYS = "kept", "ours", "everybody"  # to Lise, of Liège


@pytest.fixture
def site(settings: Settings, centre: Path, add: AddRecord) -> Iterator[DeskSite]:
    make_network(centre)
    fill(add)
    (centre / "media").mkdir()
    (centre / "media" / "gids.pdf").write_bytes(SAMPLES["a.pdf"])
    add("with-file", "centre: gent", "holdings: [{file: media/gids.pdf}]")
    with desk_site(settings) as opened:
        accounts = opened.catalogue.state.accounts
        accounts.add("lise", "documentalist", PASSWORD, "liege")
        accounts.add("luc", "administrator", PASSWORD, "liege")
        yield opened
        imports_of(opened).runner.close()


@pytest.fixture
def lise(site: DeskSite) -> TestClient:
    return site.browser("lise", raise_server_exceptions=False)


@pytest.fixture
def dirk(site: DeskSite) -> TestClient:
    return site.browser("dirk", raise_server_exceptions=False)


def form_of(client: TestClient, id: str, lang: str = "fr") -> dict[str, str]:
    page = client.get(f"/desk/{lang}/records/{id}").text
    fields = {"title.fr": f"Titre {id}", "kind": "website", "themes": "work", "holdings.0.url": "https://example.org"}
    named = re.search(r'<input type="hidden" name="centre" value="([^"]*)"', page)
    return {**fields, "seen": hidden(page).get("seen", ""), "status": "published", "centre": named[1] if named else ""}


def save(client: TestClient, id: str, lang: str = "fr", do: str = "save", **form: str) -> Any:
    return client.post(f"/desk/{lang}/records/{id}", data={**form_of(client, id, lang), **form, "do": do})


def record(site: DeskSite, id: str) -> Resource:
    return site.catalogue.contents.records[id]


# --- the form --------------------------------------------------------------------------------------------------------


def test_one_changes_what_is_of_ones_own_centre(site: DeskSite, lise: TestClient) -> None:
    assert save(lise, OURS, shared="true").status_code == 303
    assert (record(site, OURS).centre, record(site, OURS).shared) == ("liege", True)
    assert dict(record(site, OURS).title)["fr"] == "Titre kept"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", ("appartient à un autre centre (Bruxelles / Brussel)", "appartient à tous les centres")),
        ("nl", ("is van een ander centrum (Bruxelles / Brussel)", "is van alle centra")),
    ],
)
@pytest.mark.parametrize("do", ["save", "publish", "withdraw", "draft"])
def test_a_record_of_others_is_read_and_not_written(
    site: DeskSite, lise: TestClient, centre: Path, lang: str, words: tuple[str, str], do: str
) -> None:
    before = files(centre)
    for id, sentence in zip((THEIRS, EVERYBODYS), words, strict=True):
        page = lise.get(f"/desk/{lang}/records/{id}")
        assert page.status_code == 200
        assert sentence in html.unescape(page.text)
        assert '<fieldset class="only-read" disabled>' in page.text and 'value="withdraw"' not in page.text
        answer = save(lise, id, lang, do, centre="liege")
        assert answer.status_code == 403
        assert sentence in html.unescape(answer.text)
    assert files(centre) == before


def test_a_new_record_is_of_ones_own_centre(site: DeskSite, lise: TestClient, dirk: TestClient) -> None:
    page = lise.get("/desk/fr/records/new").text
    assert re.search(r"<strong>Liège</strong><input type=\"hidden\" name=\"centre\" value=\"liege\">", page)
    assert save(lise, "new", do="publish", centre="gent").status_code == 303
    assert record(site, "titre-new").centre == "liege"
    assert '<option value="gent"' in dirk.get("/desk/fr/records/new").text
    assert save(dirk, "new", do="publish", centre="gent", **{"title.fr": "Nouveau"}).status_code == 303
    assert record(site, "nouveau").centre == "gent"


def test_only_the_network_gives_a_record_away(site: DeskSite, lise: TestClient, dirk: TestClient) -> None:
    assert save(lise, OURS, centre="gent").status_code == 403
    assert save(dirk, OURS, centre="gent").status_code == 303
    assert record(site, OURS).centre == "gent"


def test_a_copy_of_a_record_of_others_is_ones_own(site: DeskSite, lise: TestClient) -> None:
    assert 'name="centre" value="liege"' in lise.get(f"/desk/fr/records/new?like={THEIRS}").text


# --- the other ways --------------------------------------------------------------------------------------------------


def test_bulk_leaves_what_is_of_others(site: DeskSite, lise: TestClient) -> None:
    asked = {"ids": " ".join(sorted(ALL)), "field": "audiences", "does": "add", "new": "workers", "do": "preview"}
    preview = lise.post("/desk/fr/bulk", data=asked).text
    assert "2 notices seraient" in shown(preview)
    assert "4 restent telles quelles. D'un autre centre" in html.unescape(shown(preview))
    assert lise.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"}).status_code == 303
    assert {id for id in ALL if record(site, id).audiences} == {"lent", "kept"}
    assert 'value="field:centre"' not in lise.post("/desk/fr/bulk", data={"do": "choose", "id": "kept"}).text


def test_bulk_gives_no_record_away(site: DeskSite, lise: TestClient, dirk: TestClient) -> None:
    asked = {"ids": "kept", "field": "centre", "does": "set", "new": "gent", "do": "preview"}
    preview = lise.post("/desk/fr/bulk", data=asked).text
    assert lise.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"}).status_code == 403
    preview = dirk.post("/desk/fr/bulk", data=asked).text
    assert dirk.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"}).status_code == 303
    assert record(site, "kept").centre == "gent"


def test_many_are_shared_at_once(site: DeskSite, dirk: TestClient) -> None:
    how = dirk.post("/desk/fr/bulk", data={"ids": "kept ghent", "do": "field:shared"}).text
    assert '<option value="true"' in how
    asked = {"ids": "kept ghent", "field": "shared", "does": "set", "new": "true", "do": "preview"}
    preview = dirk.post("/desk/fr/bulk", data=asked).text
    assert dirk.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"}).status_code == 303
    assert record(site, "kept").shared and record(site, "ghent").shared


def test_an_import_fills_in_ones_own_centre_and_leaves_others(site: DeskSite, centre: Path) -> None:
    lise = site.browser("lise", follow_redirects=True, raise_server_exceptions=False)
    before = files(centre)
    table = "id;title.fr;centre\nours;Autre;\nghent;Autre;liege\nkept;Autre;\nneuf;Neuf;\nneuf-gand;Neuf aussi;gent\n"
    page = send(lise, table).headers["location"]
    said = {"to.0": "id", "to.1": "title.fr", "to.2": "centre", "existing": "update"}
    everything = {"all.kind": "guide", "all.themes": "work", "all.status": "draft"}
    report = act(lise, site, page, "check", **said, **everything)
    assert "Refusée" in report or "Refusé" in report
    act(lise, site, page, "run")
    changed = {path.partition("/")[2] for path, data in files(centre).items() if before.get(path) != data}
    assert changed == {"kept.yaml", "neuf.yaml"}
    assert record(site, "neuf").centre == "liege"


def test_undo_takes_back_all_of_an_action_or_nothing(site: DeskSite, lise: TestClient, centre: Path) -> None:
    asked = {"ids": "kept ghent", "field": "audiences", "does": "add", "new": "workers", "do": "preview"}
    dirk = site.browser("dirk")
    preview = dirk.post("/desk/fr/bulk", data=asked).text
    dirk.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"})
    (action,) = site.catalogue.state.history.actions(["bulk"])
    before = files(centre)
    assert lise.post(f"/desk/fr/actions/{action.id}/undo").status_code == 403
    assert files(centre) == before
    assert dirk.post(f"/desk/fr/actions/{action.id}/undo").status_code == 303


def test_no_version_of_others_is_brought_back(site: DeskSite, lise: TestClient, dirk: TestClient) -> None:
    save(dirk, THEIRS, centre="bruxelles")
    page = lise.get(f"/desk/fr/records/{THEIRS}/history").text
    first = re.findall(r'href="(/desk/fr/history/\d+)"', page)[-1]
    seen = hidden(lise.get(first).text).get("seen", "")
    assert lise.post(f"{first}/restore", data={"seen": seen}).status_code == 403
    assert dict(record(site, THEIRS).title)["fr"] == "Titre ours"


def test_records_of_two_centres_are_merged_by_who_is_of_the_network(site: DeskSite, lise: TestClient) -> None:
    pair = f"/desk/fr/duplicates/{OURS}/{THEIRS}"
    digests = dict(re.findall(r'name="(seen\.[\w-]+)" value="(\w+)"', lise.get(pair).text))
    merging = {**digests, "do": "merge", "keep": OURS}
    assert lise.post(pair, data=merging).status_code == 403
    assert THEIRS in site.catalogue.contents.records
    assert site.browser("dirk").post(pair, data=merging).status_code == 303


def test_a_file_that_others_show_is_not_replaced(site: DeskSite, lise: TestClient, centre: Path) -> None:
    sent = {"file": ("b.pdf", io.BytesIO(SAMPLES["a.pdf"] + b"\n"))}
    answer = lise.post("/desk/fr/files/replace/gids.pdf", files=sent)
    assert answer.status_code == 403
    assert "appartient à un autre centre (Gand / Gent)" in html.unescape(answer.text)
    assert (centre / "media" / "gids.pdf").read_bytes() == SAMPLES["a.pdf"]


def test_words_in_records_of_others_are_not_replaced(site: DeskSite, lise: TestClient, centre: Path) -> None:
    dirk = Desk(site)
    for id in (OURS, THEIRS):
        _saved(site.catalogue, "dirk", id, places=("brussels",))
    desk = replace_client(dirk, lise)
    before = files(centre)
    page = desk.post("words/places/brussels", status=403, do="merge", into="flanders", sure="1")
    assert "appartient à un autre centre" in page
    assert files(centre) == before
    desk.post("words/places/brussels", labels__fr="Bruxelles", labels__nl="Brussel", labels__en="")
    _saved(site.catalogue, "dirk", THEIRS, places=())
    desk.post("words/places/brussels", do="merge", into="flanders", sure="1")
    assert record(site, OURS).places == ("flanders",)


def replace_client(desk: Desk, client: TestClient) -> Desk:
    """Let somebody else sit down at a desk."""
    desk.client = client
    return desk


Write = Callable[[Catalogue, str], object]


def _saved(catalogue: Catalogue, account: str, id: str = THEIRS, **changed: Any) -> Any:
    return catalogue.save(replace(catalogue.contents.records[id], **changed), account=account)


def _saved_all(catalogue: Catalogue, account: str) -> Any:
    records = [replace(catalogue.contents.records[id], year=2026) for id in (OURS, THEIRS)]
    return catalogue.save_all(records, account=account, kind="bulk", label="")


def _written(catalogue: Catalogue, account: str) -> Any:
    path = catalogue.settings.resources / "records" / f"{THEIRS}.yaml"
    return catalogue.write_files([Change(path, None)], account=account, kind="terms")


WAYS: dict[str, Write] = {
    "save": lambda catalogue, account: _saved(catalogue, account, year=2026),
    "take over": lambda catalogue, account: _saved(catalogue, account, centre="liege"),
    "give away": lambda catalogue, account: _saved(catalogue, account, OURS, centre="gent"),
    "make one of all": lambda catalogue, account: _saved(catalogue, account, OURS, centre=""),
    "new, of others": lambda catalogue, account: _saved(catalogue, account, id_new(catalogue)),
    "all together": _saved_all,
    "delete": lambda catalogue, account: catalogue.delete(THEIRS, account=account),
    "other files": _written,
}


def id_new(catalogue: Catalogue) -> str:
    """Let the catalogue know a record that is in no file yet."""
    made = replace(catalogue.contents.records[THEIRS], id="fresh")
    catalogue.contents.records["fresh"] = made  # type: ignore[index]
    return "fresh"


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_is_guarded_below_all_pages(site: DeskSite, centre: Path, way: str) -> None:
    before = files(centre)
    with pytest.raises(OfAnotherCentre):
        WAYS[way](site.catalogue, "lise")
    assert files(centre) == before
    assert WAYS[way](site.catalogue, "dirk")


def test_the_list_of_centres_is_of_the_network(site: DeskSite, lise: TestClient, centre: Path) -> None:
    desk = replace_client(Desk(site), lise)
    before = files(centre)
    named: dict[str, Any] = {"labels__fr": "La Gantoise", "labels__nl": "Gent", "labels__en": ""}
    assert "La liste des centres appartient à tout le réseau" in desk.post("words/centres/gent", status=403, **named)
    assert files(centre) == before
    replace_client(desk, site.browser("dirk")).post("words/centres/gent", **named)


@pytest.mark.parametrize("slip", ["- {id: bruxelles", "- {id: bruxelles, labels: {fr: Bruxelles}}\n- {id: gent}\n"])
def test_a_slip_in_the_list_of_centres_opens_no_door(site: DeskSite, centre: Path, slip: str) -> None:
    (centre / "vocabularies" / "centres.yaml").write_text(slip)
    site.catalogue.refresh()
    assert not site.catalogue.contents.frame.vocabularies.centres
    with pytest.raises(OfAnotherCentre):
        _saved(site.catalogue, "lise", year=2026)
    assert _saved(site.catalogue, "lise", OURS, year=2026)


def test_commands_on_the_server_and_one_centre_are_not_asked(site: DeskSite, centre: Path) -> None:
    assert _saved(site.catalogue, "", year=2026)
    (centre / "vocabularies" / "centres.yaml").unlink()
    site.catalogue.refresh()
    assert _saved(site.catalogue, "lise", year=2025)


# --- the lists and the accounts --------------------------------------------------------------------------------------


def rows(client: TestClient, query: str = "") -> set[str]:
    return set(re.findall(r'<span class="row-id">([\w-]+)</span></th>', client.get(f"/desk/fr/records{query}").text))


def test_the_list_of_records_begins_with_ones_own(site: DeskSite, lise: TestClient, dirk: TestClient) -> None:
    assert rows(lise) == {"lent", "kept"}
    assert rows(lise, "?centre=gent") == {"ghent", "with-file"}
    assert rows(lise, "?centre=") == rows(lise, "?centre=all") == rows(dirk) == {*ALL, "with-file"}
    assert rows(dirk, "?centre=shared") == {"lent", "ours-too"}
    found = hidden(lise.get("/desk/fr/records?centre=").text)["found"]
    assert "centre=all" in found, "what is done with all that was found is done with that"


def test_what_waits_is_ones_own(site: DeskSite, lise: TestClient, dirk: TestClient) -> None:
    """All records were never checked; each desk has its own to check, the network all of them."""
    waits = {
        id: [f"records/{id}?from=unchecked" in c.get("/desk/fr/todo/unchecked").text for c in (lise, dirk)]
        for id in ALL
    }
    assert waits == {id: [id in ("lent", "kept"), True] for id in ALL}


def test_an_account_gets_its_centre_on_the_page(site: DeskSite) -> None:
    piet = site.browser("piet", follow_redirects=True)
    page = piet.get("/desk/nl/accounts/lise").text
    assert '<option value="liege" selected>Luik</option>' in page
    piet.post("/desk/nl/accounts/lise/centre", data={"centre": "gent"})
    assert site.catalogue.state.accounts.get("lise").centre == "gent"
    assert piet.post("/desk/nl/accounts/lise/centre", data={"centre": "paris"}).status_code == 422
    made = {"name": "griet", "role": "advisor", "password": PASSWORD, "centre": "gent"}
    assert "Gent" in piet.post("/desk/nl/accounts/", data=made).text
    assert site.catalogue.state.accounts.get("griet").centre == "gent"


def test_an_administrator_of_a_centre_keeps_to_its_accounts(site: DeskSite) -> None:
    luc, accounts = site.browser("luc", raise_server_exceptions=False), site.catalogue.state.accounts
    page = luc.get("/desk/fr/accounts/").text
    assert "lise" in page and "dirk" not in page and 'name="centre"' not in page
    assert luc.get("/desk/fr/accounts/dirk").status_code == 403
    assert luc.post("/desk/fr/accounts/dirk/password").status_code == 403
    assert luc.post("/desk/fr/accounts/luc/centre", data={"centre": ""}).status_code == 403
    made = {"name": "griet", "role": "advisor", "password": PASSWORD, "centre": "gent"}
    assert luc.post("/desk/fr/accounts/", data=made).status_code == 200
    assert (accounts.get("griet").centre, accounts.get("luc").centre) == ("liege", "liege")


def test_one_centre_shows_staff_nothing_of_it(settings: Settings, add: AddRecord) -> None:
    add("old", "centre: Cité des métiers, Bruxelles", "shared: true")
    add("other", "centre: ailleurs")
    with desk_site(settings) as site:
        dirk, piet = site.browser("dirk", follow_redirects=True), site.browser("piet")
        form = dirk.get("/desk/fr/records/old").text
        for page in (form, dirk.get("/desk/fr/records").text, piet.get("/desk/fr/accounts/").text):
            assert 'name="centre"' not in page and 'name="shared"' not in page
            assert "Cité des métiers, Bruxelles" not in page and "ailleurs" not in page
        assert "section-network" not in form
        pair = dirk.get("/desk/fr/duplicates/old/other").text
        assert "choose.title" in pair and "choose.centre" not in pair and "choose.shared" not in pair
        chosen = dirk.post("/desk/fr/bulk", data={"do": "choose", "id": "old"}).text
        assert "field:centre" not in chosen and "field:shared" not in chosen
        assert "centre" not in hidden(dirk.get("/desk/fr/records?centre=ailleurs").text)["found"]
        page = send(dirk, "Titre FR;Centre\nUn;ici\n").headers["location"]
        assert '<option value="centre"' not in dirk.get(page).text
        answer = dirk.post("/desk/fr/records/old", data={**form_of(dirk, "old"), "do": "save"})
        assert answer.status_code == 200
        kept = record(site, "old")
        assert (dict(kept.title)["fr"], kept.centre, kept.shared) == ("Titre old", "Cité des métiers, Bruxelles", True)
        imports_of(site).runner.close()
