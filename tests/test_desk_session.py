"""The desk over HTTP: the cookie, who may see what, where one is led, and what happens without a database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from argon2 import PasswordHasher
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from catalogue.errors import CatalogueError, StateUnavailable, TooManyTries
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import ROLES, Accounts, State
from catalogue.web.app import create_app
from catalogue.web.desk import errors
from catalogue.web.desk.errors import cause_of
from catalogue.web.desk.session import is_loopback, own_page, require
from catalogue.web.desk.sign_in import Door
from catalogue.web.throttle import FREE
from tests.conftest import AddRecord
from tests.desk_site import PASSWORD, QUICK

OURS = {"sec-fetch-site": "same-origin"}
LANGS = tuple(languages())
SIGN_OUT = "/desk/fr/sign-out"

Open = Callable[..., TestClient]


@pytest.fixture
def open_site(settings: Settings, add: AddRecord) -> Iterator[Open]:
    """``open_site("https://…", client=("10.0.0.1", 1))``: clients of one site, as others on the network are."""
    add("one", "title: {fr: Trouver un emploi, nl: Werk vinden}")
    catalogue = Catalogue.open(settings)
    catalogue.state.accounts = Accounts(catalogue.state.transaction, catalogue.now, QUICK)
    catalogue.state.accounts.add("marie", "advisor", PASSWORD)
    app = create_app(catalogue, watch=False)

    def opened(base_url: str = "https://centre.example", host: str = "10.0.0.1") -> TestClient:
        return TestClient(app, base_url, client=(host, 1), headers=OURS, raise_server_exceptions=False)

    yield opened
    catalogue.close()


@pytest.fixture
def desk(open_site: Open) -> TestClient:
    return open_site()


@pytest.fixture
def accounts(desk: TestClient) -> Accounts:
    return state_of(desk).accounts


def state_of(client: TestClient) -> State:
    guard: Any = client.app
    state: State = guard.app.state.catalogue.state
    return state


def sign_in(client: TestClient, password: str = PASSWORD, **form: str) -> tuple[int, str]:
    """Return the status and where one is led."""
    data = {"name": "marie", "password": password, **form}
    answer = client.post("/desk/fr/sign-in", data=data, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


# --- the way in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_the_desk_leads_to_the_sign_in_page_and_back(desk: TestClient, lang: str) -> None:
    answer = desk.get(f"/desk/{lang}/password?x=1&y=%C3%A9")
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    back = re.findall('name="next" value="([^"]+)"', answer.text)
    assert back == [f"/desk/{lang}/password?x=1&amp;y=%C3%A9"]
    form = {"name": "marie", "password": PASSWORD, "next": back[0].replace("&amp;", "&")}
    led = desk.post(f"/desk/{lang}/sign-in", data=form, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, f"/desk/{lang}/password?x=1&y=%C3%A9")
    assert desk.get(f"/desk/{lang}/").status_code == 200


def test_the_desk_without_a_language_speaks_the_browser_s(desk: TestClient) -> None:
    answer = desk.get("/desk", headers={"accept-language": "nl-BE"})
    assert str(answer.url).startswith("https://centre.example/desk/nl/sign-in")


def test_the_switch_of_language_stays_at_the_desk(desk: TestClient) -> None:
    assert 'href="/desk/nl/sign-in?next=%2Fdesk%2Ffr%2F"' in desk.get("/desk/fr/").text


def test_who_is_signed_in_is_not_asked_again(desk: TestClient) -> None:
    sign_in(desk)
    answer = desk.get("/desk/nl/sign-in?next=/desk/nl/password", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/nl/password")


@pytest.mark.parametrize(
    "wanted",
    ["", "//evil.example/desk/", "https://evil.example/desk/fr/", "/fr/", "/deskish", "/desk/../fr/", "javascript:x"]
    + ["/desk/%2e%2e/fr/", "/desk/\\evil.example", "/desk/%5c..", "desk/fr/", "/desk/\r\nx: y", "//["],
)
def test_sign_in_leads_to_no_other_site_or_page(desk: TestClient, wanted: str) -> None:
    assert sign_in(desk, next=wanted) == (303, "/desk/fr/")


def test_sign_in_leads_to_pages_of_the_desk() -> None:
    for page in ("/desk/fr/advise/", "/desk/nl/advise/list/123456789?lang=nl&q=%C3%A9", "/desk/fr/#x"):
        assert own_page(page, "fr") == page


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_wrong_password_is_said_the_same_way_whatever_was_wrong(
    desk: TestClient, accounts: Accounts, lang: str
) -> None:
    accounts.add("piet", "advisor", PASSWORD)
    accounts.disable("piet")
    said = set()
    for name, password in (("marie", "wrong"), ("piet", PASSWORD), ("nobody", PASSWORD)):
        answer = desk.post(f"/desk/{lang}/sign-in", data={"name": name, "password": password})
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
        assert password not in answer.text
        said.add(answer.text.replace(f'value="{name}"', ""))
    assert len(said) == 1


@pytest.mark.parametrize("form", [{}, {"name": "marie"}, {"name": "<script>", "password": "x"}, {"name": "\0"}])
def test_a_form_that_lacks_something_is_a_wrong_one(desk: TestClient, form: dict[str, str]) -> None:
    answer = desk.post("/desk/fr/sign-in", data=form)
    assert answer.status_code == 422
    assert "<script>" not in answer.text.replace('<script type="module"', "")


# --- the cookie ---------------------------------------------------------------------------------------------------


def test_the_cookie_is_the_desk_s_alone(desk: TestClient) -> None:
    answer = desk.post("/desk/fr/sign-in", data={"name": "marie", "password": PASSWORD}, follow_redirects=False)
    said = answer.headers["set-cookie"].lower().split("; ")
    assert {"path=/desk", "httponly", "samesite=strict", "secure"} <= set(said)
    assert not [part for part in said if part.startswith(("max-age", "expires", "domain"))]


def test_on_this_machine_it_works_without_tls(open_site: Open) -> None:
    for address in ("http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"):
        here = open_site(address)
        answer = here.post("/desk/fr/sign-in", data={"name": "marie", "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 303
        assert "secure" not in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("page", ["/", "/fr/", "/fr/search?q=emploi", "/nl/record/one", "/fr/nowhere", "/api/search"])
def test_visitors_pages_neither_set_nor_read_a_cookie(desk: TestClient, page: str) -> None:
    without = desk.get(page)
    sign_in(desk)
    answer = desk.get(page, headers={"cookie": "desk=x"})
    assert "set-cookie" not in answer.headers
    assert answer.text == without.text


@pytest.mark.parametrize("cookie", ["desk=", "desk=x", "desk=" + "a" * 5000, 'desk="; DROP', "desk=\xe9"])
def test_a_cookie_of_nobody_opens_nothing(desk: TestClient, cookie: str) -> None:
    headers = {b"cookie": cookie.encode("latin-1")}
    answer = desk.get("/desk/fr/", headers=headers, follow_redirects=False)
    assert answer.status_code == 303


# --- the way out --------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_on_the_server_too(desk: TestClient, accounts: Accounts) -> None:
    sign_in(desk)
    token = desk.cookies["desk"]
    assert accounts.of(token)
    answer = desk.post(SIGN_OUT, follow_redirects=False)
    assert answer.status_code == 303
    assert not desk.cookies
    assert accounts.of(token) is None
    assert 'role="status"' in desk.get(answer.headers["location"]).text
    assert desk.post(SIGN_OUT, follow_redirects=False).status_code == 303
    assert desk.get(SIGN_OUT).status_code == 405


def test_a_disabled_account_is_out_at_once(desk: TestClient, accounts: Accounts) -> None:
    sign_in(desk)
    assert desk.get("/desk/fr/", follow_redirects=False).status_code == 200
    accounts.disable("marie")
    assert desk.get("/desk/fr/", follow_redirects=False).status_code == 303


def test_a_post_without_a_session_is_not_led_back_to_itself(desk: TestClient) -> None:
    answer = desk.post("/desk/fr/password", data={}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/fr/sign-in")


# --- one's own password -------------------------------------------------------------------------------------------


def change(client: TestClient, current: str, new: str, again: str | None = None) -> Any:
    data = {"current": current, "new": new, "again": new if again is None else again}
    return client.post("/desk/nl/password", data=data, follow_redirects=False)


def test_a_new_password_keeps_this_browser_in_and_the_others_out(open_site: Open) -> None:
    here, there = open_site(), open_site()
    sign_in(here)
    sign_in(there)
    assert change(here, PASSWORD, "vier losse woorden hier").status_code == 303
    assert here.get("/desk/fr/", follow_redirects=False).status_code == 200
    assert there.get("/desk/fr/", follow_redirects=False).status_code == 303
    assert sign_in(there)[0] == 422
    assert sign_in(there, "vier losse woorden hier")[0] == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [
        (PASSWORD, "kort", "kort", "new"),
        (PASSWORD, "vier losse woorden hier", "vier losse woorden", "again"),
        ("wrong", "vier losse woorden hier", "vier losse woorden hier", "current"),
        (PASSWORD, "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "new"),
        ("", "", "", "new"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(
    desk: TestClient, current: str, new: str, again: str, field: str
) -> None:
    sign_in(desk)
    answer = change(desk, current, new, again)
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-problem"', answer.text) == [field]
    assert "woorden hier" not in answer.text
    assert desk.get("/desk/fr/", follow_redirects=False).status_code == 200


# --- who guesses --------------------------------------------------------------------------------------------------


def test_guessing_slows_who_guesses_and_never_locks_out_a_right_password(
    open_site: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    guesser, colleague = open_site(host="10.0.0.66"), open_site(host="10.0.0.7")
    statuses = [sign_in(guesser, f"guess {number}")[0] for number in range(40)]
    assert set(statuses) == {422, 429}
    assert statuses[: FREE + 1] == [422] * (FREE + 1)
    assert len([status for status in statuses if status == 422]) < 15
    waited = len(slept)
    assert waited
    assert sign_in(colleague)[0] == 303, "the same account, from another PC"
    assert len(slept) == waited, "and at once"


def test_who_mistyped_gets_in_after_a_wait(open_site: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    client = open_site()
    for _ in range(FREE + 2):
        assert sign_in(client, "wrong")[0] == 422
    assert sign_in(client)[0] == 303
    assert 0 < sum(slept) < 10


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_too_many_tries_are_said_in_the_form(open_site: Open, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    async def sleep(seconds: float) -> None:
        pass

    monkeypatch.setattr(anyio, "sleep", sleep)
    client = open_site()
    form = {"name": "marie", "password": "guess"}
    while (answer := client.post(f"/desk/{lang}/sign-in", data=form)).status_code != 429:
        assert answer.status_code == 422
    assert re.search(r'id="problem" role="alert">[^<]*\d+ second', answer.text)
    assert 'value="marie"' in answer.text


def test_guesses_sent_all_at_once_are_not_all_looked_at(accounts: Accounts) -> None:
    looked_at = 0

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            nonlocal looked_at
            looked_at += 1
            return super().verify(hash, password)

    watched = Accounts(accounts._transaction, accounts._clock, Watched(time_cost=1, memory_cost=8, parallelism=1))
    door, refused = Door(), 0

    async def guess() -> None:
        nonlocal refused
        try:
            await door.look(Request({"type": "http", "client": ("10.0.0.1", 1), "headers": []}), watched, "marie", "x")
        except TooManyTries:
            refused += 1

    async def all_at_once() -> None:
        with anyio.move_on_after(1):
            async with anyio.create_task_group() as group:
                for _ in range(200):
                    group.start_soon(guess)

    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop running in this one
        thread.submit(anyio.run, all_at_once).result()
    assert looked_at < 20
    assert refused > 150


# --- who may what -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_page_asks_for_a_role(settings: Settings, centre: Path, role: str) -> None:
    def page(request: Request) -> Response:
        return PlainTextResponse(require(request, "documentalist").name)

    catalogue = Catalogue.open(settings)
    catalogue.state.accounts.add("marie", role, PASSWORD)
    app: Any = create_app(catalogue, watch=False)
    app.app.router.routes.insert(0, Route("/desk/{lang:lang}/secret", page))
    with TestClient(app, "https://centre.example", headers=OURS) as client:
        assert client.get("/desk/fr/secret", follow_redirects=False).status_code == 303
        sign_in(client)
        answer = client.get("/desk/nl/secret")
    if role == "advisor":
        assert answer.status_code == 403
        assert "Met jouw account kan dit niet" in answer.text
        assert "marie" in answer.text, "still signed in"
    else:
        assert (answer.status_code, answer.text) == (200, "marie")


def test_what_is_not_there_looks_like_the_desk(desk: TestClient) -> None:
    sign_in(desk)
    answer = desk.get("/desk/nl/nowhere")
    assert answer.status_code == 404
    assert 'href="/desk/nl/"' in answer.text


# --- posts from elsewhere -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://centre.example"}, False),
        ({"origin": "https://centre.example"}, True),
        ({"origin": "http://centre.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({}, False),
    ],
)
def test_a_post_to_the_desk_says_that_it_comes_from_the_desk(
    desk: TestClient, headers: dict[str, str], passes: bool
) -> None:
    del desk.headers["sec-fetch-site"]
    for path in ("/desk/fr/sign-in", SIGN_OUT, "/desk/fr/advise/anything", "/desk"):
        assert (desk.post(path, headers=headers, follow_redirects=False).status_code != 403) is passes, path


# --- over plain HTTP ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_over_plain_http_the_desk_is_closed(open_site: Open, lang: str) -> None:
    client = open_site("http://pc.example:8000")
    for path in ("", "sign-in", "password", "sign-in?next=/desk/fr/"):
        answer = client.get(f"/desk/{lang}/{path}")
        assert answer.status_code == 403
        assert "CATALOGUE_BASE_URL" in answer.text
        assert "reverse_proxy 127.0.0.1:8000" in answer.text
        assert "<input" not in answer.text
    answer = client.post(f"/desk/{lang}/sign-in", data={"name": "marie", "password": PASSWORD})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert client.get(f"/{lang}/search?q=emploi").status_code == 200


def test_a_session_is_worth_nothing_over_plain_http(open_site: Open) -> None:
    desk, plain = open_site(), open_site("http://centre.example")
    sign_in(desk)
    answer = plain.get("/desk/fr/", headers={"cookie": f"desk={desk.cookies['desk']}"})
    assert answer.status_code == 403
    assert "marie" not in answer.text


def test_what_a_proxy_passes_on_counts(open_site: Open) -> None:
    here = open_site("http://localhost:8000")
    assert here.get("/desk/fr/sign-in").status_code == 200
    assert here.get("/desk/fr/sign-in", headers={"x-forwarded-for": "10.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [("localhost", True), ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("10.0.0.1", False), ("", False)]
    + [("localhost.evil.example", False), ("127.0.0.1.evil.example", False), ("0.0.0.0", False)],
)
def test_only_this_machine_is_this_machine(host: str, is_this_machine: bool) -> None:
    assert is_loopback(host) is is_this_machine


# --- without a database -------------------------------------------------------------------------------------------


def damaged(settings: Settings, file: Path) -> tuple[Settings, str]:
    file.write_bytes(b"no database at all, but a file of some length " * 40)
    return settings, "abîmé"


def read_only(settings: Settings, file: Path) -> tuple[Settings, str]:
    with State.open(settings.state, interval=0):
        pass
    return Settings(**{**vars(settings), "state": f"sqlite:///file:{file}?mode=ro&uri=true"}), "pas y écrire"


def a_folder(settings: Settings, file: Path) -> tuple[Settings, str]:
    file.mkdir()
    return settings, "CATALOGUE_STATE"


@pytest.mark.parametrize("break_it", [damaged, read_only, a_folder])
def test_without_a_database_the_desk_says_why_and_visitors_search(
    settings: Settings,
    add: AddRecord,
    tmp_path: Path,
    break_it: Callable[[Settings, Path], tuple[Settings, str]],
) -> None:
    add("one", "title: {fr: Trouver un emploi, nl: Werk vinden}")
    (tmp_path / "var").mkdir()
    broken, why = break_it(settings, tmp_path / "var" / "catalogue.db")
    app = create_app(Catalogue.open(broken), watch=False)
    with TestClient(app, "https://centre.example", headers=OURS) as client:
        answers = [
            client.get("/desk/fr/"),
            client.get("/desk/fr/", headers={"cookie": "desk=x"}),
            client.post("/desk/fr/sign-in", data={"name": "marie", "password": PASSWORD}),
            client.post(SIGN_OUT, headers={"cookie": "desk=x"}),
        ]
        for answer in answers:
            assert answer.status_code == 503
            assert why in answer.text
            assert PASSWORD not in answer.text
        assert client.get("/desk/nl/").status_code == 503
        assert 'href="/fr/record/one"' in client.get("/fr/search?q=emploi").text


def test_a_database_that_goes_away_while_it_runs(desk: TestClient, tmp_path: Path) -> None:
    sign_in(desk)
    for file in (tmp_path / "var").glob("catalogue.db*"):
        file.unlink()
    answer = desk.get("/desk/nl/")
    assert answer.status_code == 503
    assert "is weggehaald of vervangen" in answer.text
    assert desk.get("/nl/search?q=werk").status_code == 200


def test_sessions_survive_a_restart(settings: Settings, centre: Path) -> None:
    with TestClient(create_app(Catalogue.open(settings), watch=False), "https://centre.example", headers=OURS) as one:
        state_of(one).accounts.add("marie", "advisor", PASSWORD)
        sign_in(one)
        token = one.cookies["desk"]
    with TestClient(create_app(Catalogue.open(settings), watch=False), "https://centre.example") as two:
        assert "marie" in two.get("/desk/fr/", headers={"cookie": f"desk={token}"}).text


def test_the_cause_is_ours_where_we_know_it_and_never_an_address() -> None:
    assert cause_of(StateUnavailable(reason="attempt to write a readonly database")) == errors._CAUSES[0][1]
    assert cause_of(StateUnavailable(reason="something new")) == "something new"
    assert cause_of(StateUnavailable("It is newer.")) == ""
    assert isinstance(StateUnavailable(), CatalogueError)
    assert cause_of(StateUnavailable()) == ""


def test_no_password_name_or_token_is_logged(
    desk: TestClient, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(0)
    sign_in(desk, "wrong guess of someone")
    sign_in(desk)
    token = desk.cookies["desk"]
    with closing(sqlite3.connect(tmp_path / "var" / "catalogue.db")) as connection:
        connection.execute("drop table sessions")
    assert desk.get("/desk/fr/").status_code == 503
    for secret in ("wrong guess", PASSWORD, token):
        assert secret not in caplog.text
