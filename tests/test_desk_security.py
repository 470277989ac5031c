"""What somebody might try on the desk, each with the guard that stops it. Routes are taken from the application itself:
a new one is tried like the others, and fails here until ``LEAST_ROLE`` says who may use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import anyio
import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from catalogue.i18n import languages
from catalogue.settings import Settings
from catalogue.state import ROLES
from catalogue.state.accounts import Account
from catalogue.web.app import ROUTES
from catalogue.web.throttle import FREE
from tests.conftest import AddRecord, write
from tests.desk_site import NAMES, OURS, PASSWORD, DeskSite, desk_site
from tests.media_samples import SAMPLES

LEAST_ROLE = {
    "/desk/": "",
    "/desk/{lang}/sign-in": "",
    "/desk/{lang}/sign-out": "",
    "/desk/{lang}/": "advisor",
    "/desk/{lang}/advise/": "advisor",
    "/desk/{lang}/advise/list/{code}": "advisor",
    "/desk/{lang}/advise/list/{code}/change": "advisor",
    "/desk/{lang}/advise/list/{code}/screen": "advisor",
    "/desk/{lang}/advise/lists/": "advisor",
    "/desk/{lang}/advise/lists/{slug}/pick": "advisor",
    "/desk/{lang}/advise/lists/{slug}/poster": "advisor",
    "/desk/{lang}/advise/lists/{slug}/slides": "advisor",
    "/desk/{lang}/password": "advisor",
    "/desk/{lang}/report/": "advisor",
    "/desk/{lang}/report/{year}": "advisor",
    "/desk/{lang}/report/{year}/tables.zip": "advisor",
    "/desk/{lang}/report/{year}/{table}.csv": "advisor",
    "/desk/{lang}/actions/": "documentalist",
    "/desk/{lang}/actions/{action}": "documentalist",
    "/desk/{lang}/actions/{action}/undo": "documentalist",
    "/desk/{lang}/bulk": "documentalist",
    "/desk/{lang}/export": "documentalist",
    "/desk/{lang}/centre": "documentalist",
    "/desk/{lang}/drafts": "documentalist",
    "/desk/{lang}/duplicates/": "documentalist",
    "/desk/{lang}/duplicates/check": "documentalist",
    "/desk/{lang}/duplicates/{a}/{b}": "documentalist",
    "/desk/{lang}/files/": "documentalist",
    "/desk/{lang}/files/choose": "documentalist",
    "/desk/{lang}/files/delete/{path}": "documentalist",
    "/desk/{lang}/files/file/{path}": "documentalist",
    "/desk/{lang}/files/replace/{path}": "documentalist",
    "/desk/{lang}/files/see/{path}": "documentalist",
    "/desk/{lang}/history/{revision}": "documentalist",
    "/desk/{lang}/history/{revision}/raw": "documentalist",
    "/desk/{lang}/history/{revision}/restore": "documentalist",
    "/desk/{lang}/import/": "documentalist",
    "/desk/{lang}/import/{job}": "documentalist",
    "/desk/{lang}/import/{job}/report.csv": "documentalist",
    "/desk/{lang}/labels": "documentalist",
    "/desk/{lang}/harvest/": "documentalist",
    "/desk/{lang}/links/": "documentalist",
    "/desk/{lang}/links/moved/{host}": "documentalist",
    "/desk/{lang}/records": "documentalist",
    "/desk/{lang}/records/new": "documentalist",
    "/desk/{lang}/records/new/preview": "documentalist",
    "/desk/{lang}/records/{id}": "documentalist",
    "/desk/{lang}/records/{id}/history": "documentalist",
    "/desk/{lang}/records/{id}/preview": "documentalist",
    "/desk/{lang}/series/": "documentalist",
    "/desk/{lang}/series/{series}": "documentalist",
    "/desk/{lang}/series/{series}/claim": "documentalist",
    "/desk/{lang}/terms": "documentalist",
    "/desk/{lang}/texts/": "documentalist",
    "/desk/{lang}/texts/new": "documentalist",
    "/desk/{lang}/texts/{page}": "documentalist",
    "/desk/{lang}/todo/{list}": "documentalist",
    "/desk/{lang}/words/": "documentalist",
    "/desk/{lang}/words/labels": "documentalist",
    "/desk/{lang}/words/{vocabulary}/": "documentalist",
    "/desk/{lang}/words/{vocabulary}/new": "documentalist",
    "/desk/{lang}/words/{vocabulary}/{id}": "documentalist",
    "/desk/{lang}/jobs/{job}": "documentalist",
    "/desk/{lang}/accounts/": "administrator",
    "/desk/{lang}/accounts/{name}": "administrator",
    "/desk/{lang}/accounts/{name}/{change}": "administrator",
}
"""The least role that each page of the desk asks for; empty where nobody needs to be signed in."""

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
YAML_EVIL = '"\\"\'><script>alert(1)</script><img src=x onerror=alert(1)>"'
EVIL_FILE = "<img src=x onerror=alert(1)>.pdf"

PARAMS = {"lang": "fr", "name": "marie", "path": "gids.pdf", "slug": "liste", "id": "evil", "code": "123456789"}
PARAMS |= {"a": "evil", "b": "other", "action": "1", "revision": "1", "list": "drafts", "page": "help", "job": "none"}
PARAMS |= {"vocabulary": "publishers", "series": "yearly", "year": "2026", "table": "year"}


def shape(path: str) -> str:
    """Return a route's path without its convertors: ``/desk/{lang}/``."""
    return re.sub(r":\w+}", "}", path)


def example(path: str) -> str:
    """Return an address of a route; what a parameter is not known to be is ``x``."""
    return re.sub(r"{(\w+)}", lambda found: PARAMS.get(found[1], "x"), shape(path))


def desk_routes() -> list[tuple[str, str]]:
    """Return method and path of every way into the desk."""
    ways = [(method, route.path) for route in ROUTES for method in sorted(route.methods or ()) if method != "HEAD"]
    return [(method, path) for method, path in ways if path.startswith("/desk")]


WAYS = desk_routes()
POSTS = [path for method, path in WAYS if method not in ("GET", "OPTIONS")]
PAGES = sorted({example(route.path) for route in ROUTES if "GET" in (route.methods or ())})


@pytest.fixture
def site(settings: Settings, centre: Path, add: AddRecord) -> Iterator[DeskSite]:
    text = f"{{fr: {YAML_EVIL}, nl: {YAML_EVIL}}}"
    add(
        "evil",
        f"title: {text}",
        f"summary: {text}",
        f"staff_note: {YAML_EVIL}",
        "publisher: evil",
        "occupations: [nurse]",
        f'holdings: [{{file: "media/{EVIL_FILE}"}}, {{file: media/gids.pdf, title: {text}}}]',
    )
    add("hidden", f"title: {text}", "status: draft", f'holdings: [{{file: "media/{EVIL_FILE}"}}]')
    with (centre / "vocabularies" / "publishers.yaml").open("a") as file:
        file.write(f"- {{id: evil, labels: {{fr: {YAML_EVIL}, nl: {YAML_EVIL}, en: {YAML_EVIL}}}}}\n")
    write(
        centre / "lists" / "liste.yaml",
        f"kind: steps\ntitle: {text}\nintro: {text}\nthemes: [work]\nfrom: 2020-01-01\n"
        f"items:\n  - {{id: evil, note: {text}}}\n",
    )
    (centre / "media").mkdir()
    for name in ("gids.pdf", EVIL_FILE):
        (centre / "media" / name).write_bytes(SAMPLES["a.pdf"])
    with desk_site(settings) as opened:
        yield opened


def ask(client: TestClient, method: str, path: str) -> Response:
    data = {} if method == "GET" else {"data": {"x": "y"}}
    answer: Response = client.request(method, example(path), **data)  # type: ignore[arg-type,assignment]
    return answer


# --- requests from another site -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://centre.example"},
        {"origin": "https://evil.example"},
        {"origin": "http://centre.example"},
        {"origin": "https://centre.example.evil.example"},
        {"origin": "null"},
        {"referer": "https://centre.example/desk/fr/"},
    ],
    ids=str,
)
def test_no_form_of_another_site_is_taken_anywhere(site: DeskSite, headers: dict[str, str]) -> None:
    taken = []
    for path in POSTS:
        answer = site.browser("piet", headers).post(example(path), data={"x": "y"})
        if (answer.status_code, answer.text) != (403, "cross-origin"):
            taken.append((path, answer.status_code))
    assert POSTS
    assert not taken


def test_our_own_forms_are_taken_everywhere(site: DeskSite) -> None:
    for headers in (OURS, {"origin": "https://centre.example"}, {"sec-fetch-site": "none"}):
        for path in POSTS:
            assert site.browser("piet", headers).post(example(path)).text != "cross-origin", path


def test_no_address_that_changes_something_is_read_only_in_name(site: DeskSite) -> None:
    """What changes anything is no GET: a link or a picture of another site does nothing."""
    reading = {shape(path) for method, path in WAYS if method == "GET"}
    for path in POSTS:
        if shape(path) not in reading:
            assert site.browser("piet").get(example(path)).status_code == 405, path


# --- who may what -------------------------------------------------------------------------------------------------


def test_every_page_of_the_desk_says_who_may_use_it() -> None:
    assert {shape(path) for _, path in WAYS} == LEAST_ROLE.keys()
    assert set(LEAST_ROLE.values()) <= {"", *ROLES}


@pytest.mark.parametrize("role", ["", *ROLES])
def test_nobody_goes_where_their_role_does_not_allow(site: DeskSite, role: str) -> None:
    rank = ["", *ROLES].index
    wrong = []
    for method, path in WAYS:
        answer = ask(site.browser(NAMES.get(role, "")), method, path)
        least = LEAST_ROLE[shape(path)]
        to_sign_in = answer.status_code == 401 or "/sign-in?next" in answer.headers.get("location", "")
        to_sign_in = to_sign_in or (not role and answer.headers.get("location", "").endswith("/sign-in"))
        if rank(role) >= rank(least):
            right = answer.status_code not in (401, 403) and (not to_sign_in or not role)
        else:
            right = answer.status_code == 403 if role else to_sign_in
        if not right:
            wrong.append((method, path, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("role", ["advisor", "documentalist"])
def test_a_refused_change_changes_nothing(site: DeskSite, role: str, centre: Path) -> None:
    accounts = site.catalogue.state.accounts
    before, files = accounts.list(), sorted((centre / "media").iterdir())
    client = site.browser(NAMES.get(role, ""))
    for change, form in (("role", {"role": "administrator"}), ("disable", {}), ("password", {"password": "x" * 20})):
        assert client.post(f"/desk/fr/accounts/{NAMES[role]}/{change}", data=form).status_code == 403
    assert client.post("/desk/fr/accounts/", data={"name": "eve", "role": "administrator"}).status_code == 403
    if role == "advisor":
        assert client.post("/desk/fr/files/", files={"file": ("x.pdf", SAMPLES["a.pdf"])}).status_code == 403
        assert client.post("/desk/fr/files/delete/gids.pdf").status_code == 403
    assert accounts.list() == before
    assert sorted((centre / "media").iterdir()) == files
    assert accounts.sign_in("piet", PASSWORD)


# --- sessions -----------------------------------------------------------------------------------------------------


def sign_in(client: TestClient, name: str = "dirk", password: str = PASSWORD) -> str:
    """Sign in; return the header that gives the cookie, empty where there is none."""
    answer = client.post("/desk/fr/sign-in", data={"name": name, "password": password})
    return answer.headers.get("set-cookie", "")


def test_a_session_is_never_one_that_was_there_before(site: DeskSite) -> None:
    """Session fixation: a cookie that somebody planted, invented or their own, is not the session afterwards."""
    accounts = site.catalogue.state.accounts
    own = accounts.sign_in("marie", PASSWORD)
    for planted in ("planted", str(own)):
        victim = site.browser()
        cookie = re.match("desk=([^;]+)", sign_in_with(victim, planted))
        assert cookie
        assert cookie[1] != planted
        whose = accounts.of(cookie[1])
        assert isinstance(whose, Account)
        assert whose.name == "dirk"
        others = accounts.of(planted)
        assert others is None or others.name == "marie"


def sign_in_with(client: TestClient, planted: str) -> str:
    form = {"name": "dirk", "password": PASSWORD}
    answer = client.post("/desk/fr/sign-in", data=form, headers={"cookie": f"desk={planted}"})
    return answer.headers["set-cookie"]


def test_no_two_sessions_are_alike(site: DeskSite) -> None:
    cookies = {sign_in(site.browser()).split(";")[0] for _ in range(20)}
    assert len(cookies) == 20
    assert all(len(cookie) > 40 for cookie in cookies)


@pytest.mark.parametrize("place", ["sign-in", "password", "sign-out"])
def test_the_cookie_goes_nowhere_else(site: DeskSite, place: str) -> None:
    client = site.browser("dirk")
    forms = {
        "sign-in": {"name": "dirk", "password": PASSWORD},
        "password": {"current": PASSWORD, "new": "vier losse woorden", "again": "vier losse woorden"},
    }
    cookie = client.post(f"/desk/fr/{place}", data=forms.get(place, {})).headers["set-cookie"].lower().split("; ")
    assert {"path=/desk", "httponly", "samesite=strict", "secure"} <= set(cookie)
    assert not [part for part in cookie if part.startswith("domain")]


@pytest.mark.parametrize("change", ["disable", "password", "role", "sign-out"])
def test_a_session_ends_everywhere_when_it_is_to(site: DeskSite, change: str) -> None:
    accounts = site.catalogue.state.accounts
    token = accounts.sign_in("dirk", PASSWORD)
    assert token
    stolen = site.browser()
    stolen.cookies.set("desk", token, domain="centre.example", path="/desk")
    assert stolen.get("/desk/fr/files/").status_code == 200
    {
        "disable": lambda: accounts.disable("dirk"),
        "password": lambda: accounts.set_password("dirk", "vier losse woorden"),
        "role": lambda: accounts.set_role("dirk", "advisor"),
        "sign-out": lambda: accounts.sign_out(token),
    }[change]()
    wrong = [
        path
        for method, path in WAYS
        if LEAST_ROLE[shape(path)] and ask(stolen, method, path).status_code not in (303, 401)
    ]
    assert not wrong


# --- guessing -----------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_and_a_right_password_still_works(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    guessing = site.browser()
    answers = [guessing.post("/desk/fr/sign-in", data={"name": "dirk", "password": f"guess {n}"}) for n in range(30)]
    assert {answer.status_code for answer in answers} <= {422, 429}
    assert 429 in {answer.status_code for answer in answers}, "after some time it is not even looked at"
    assert len(waited) >= 3
    assert waited == sorted(waited)
    assert len([a for a in answers if a.status_code == 422]) < 30 - FREE
    elsewhere = TestClient(
        site.app, "https://centre.example", headers=OURS, client=("10.9.9.9", 1), follow_redirects=False
    )
    assert sign_in(elsewhere).startswith("desk=")


# --- what was stored ----------------------------------------------------------------------------------------------


def test_what_staff_and_imports_wrote_is_text_on_every_page(site: DeskSite) -> None:
    site.catalogue.state.drafts.put("piet", "records/evil", [("title.fr", EVIL), ("cover.file", f"media/{EVIL_FILE}")])
    with site.catalogue.state.transaction(True) as connection:
        connection.exec_driver_sql("update accounts set name = ? where name = 'marie'", (EVIL,))
    client = site.browser("piet")
    queries = ("", "?" + urlencode(dict.fromkeys(("q", "deleted", "next", "done", "show", "sort", "page"), EVIL)))
    shown, wrong = set(), []
    for page in PAGES:
        for query in queries:
            answer = client.get(page + query)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            if "<script>alert" in answer.text or "<img src=x" in answer.text:
                wrong.append(page + query)
            if "&lt;script&gt;alert" in answer.text or "&lt;img src=x" in answer.text:
                shown.add(page)
            check_headers(answer.headers.get("content-security-policy", ""))
    assert not wrong
    assert {"/fr/record/evil", "/fr/search", "/desk/fr/files/", "/desk/fr/accounts/", "/desk/fr/advise/lists/"} <= shown


def check_headers(policy: str) -> None:
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "object-src" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_file_is_never_a_page(site: DeskSite, centre: Path) -> None:
    (centre / "media" / "old.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    (centre / "media" / "old.html").write_text("<script>alert(1)</script>")
    client = site.browser("dirk")
    for name in ("old.svg", "old.html", EVIL_FILE, "gids.pdf"):
        answer = client.get(f"/desk/fr/files/see/{name}")
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        if name.startswith("old"):
            assert answer.headers["content-disposition"].startswith("attachment")
            assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("lang", languages())
def test_names_that_would_be_markup_are_never_taken(site: DeskSite, lang: str) -> None:
    client = site.browser("piet")
    answer = client.post(f"/desk/{lang}/accounts/", data={"name": EVIL, "role": "advisor"})
    assert answer.status_code == 422
    made = client.post(
        f"/desk/{lang}/files/",
        files={"file": (EVIL_FILE.replace('"', ""), SAMPLES["a.pdf"])},
        data={"title": EVIL},
        headers={"accept": "application/json"},
    )
    assert re.fullmatch(r"media/[a-z0-9-]+\.pdf", made.json()["file"])
