"""A session lost in the middle of a long text: what was typed is still there after signing in, and only then sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from catalogue.settings import Settings
from catalogue.web.desk.carried import MOST_BYTES, may_carry
from tests.conftest import AddRecord
from tests.desk_site import OURS, PASSWORD, STAFF, DeskSite, desk_site

FORM = "/desk/fr/advise/"
TYPED = [
    ("ids", "one"),
    ("note", 'Première ligne\r\nzweite "Zeile" <script>alert(1)</script> & 100 % + œuvre 🙂'),
    ("note", ""),
    ("a name with [brackets]=&", "x"),
]
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def site(settings: Settings, add: AddRecord) -> Iterator[DeskSite]:
    add("one")
    with desk_site(settings) as opened:
        yield opened


@pytest.fixture
def nobody(site: DeskSite) -> TestClient:
    return site.browser()


def send(client: TestClient, path: str = FORM, **headers: str) -> tuple[int, str]:
    answer = client.post(path, content=urlencode(TYPED), headers=URLENCODED | headers)
    return answer.status_code, answer.text


def hidden(text: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    return [(html.unescape(name), html.unescape(value)) for name, value in found]


def sign_in(
    client: TestClient, fields: list[tuple[str, str]], name: str = "dirk", password: str = PASSWORD
) -> tuple[int, str]:
    body = urlencode([*fields, ("name", name), ("password", password)])
    answer = client.post("/desk/fr/sign-in", content=body, headers=URLENCODED)
    return answer.status_code, answer.text


@pytest.mark.parametrize("name", STAFF)
def test_what_was_typed_is_there_after_signing_in(nobody: TestClient, name: str) -> None:
    status, page = send(nobody)
    assert status == 401
    assert "<script>alert" not in page
    assert dict(hidden(page))["next"] == FORM
    status, page = sign_in(nobody, hidden(page), name)
    assert status == 200
    assert "<script>alert" not in page
    assert hidden(page) == TYPED
    assert f'<form class="carried" method="post" action="{FORM}">' in page
    assert nobody.get("/desk/fr/").status_code == 200, "and the session has begun"


def test_a_wrong_password_in_between_loses_nothing(nobody: TestClient) -> None:
    _, page = send(nobody)
    for _ in range(3):
        status, page = sign_in(nobody, hidden(page), password="not this one, no")
        assert status == 422
        assert "set-cookie" not in page
    status, page = sign_in(nobody, hidden(page))
    assert hidden(page) == TYPED


def test_nothing_of_it_is_done_before_somebody_has_signed_in_and_sent_it_on(site: DeskSite, nobody: TestClient) -> None:
    before = site.catalogue.state.accounts.list()
    _, page = send(nobody)
    sign_in(nobody, hidden(page))
    assert site.catalogue.state.accounts.list() == before
    assert "Première" not in nobody.get(FORM).text


def test_sent_on_it_arrives_as_it_was_typed(site: DeskSite, nobody: TestClient) -> None:
    """The editor of lists shows again what it gets: the same for somebody who never lost the session."""
    fields = [("ids", "one"), ("op", "note"), ("note.one", "Première ligne\r\nseconde")]
    direct = site.browser("dirk").post(FORM, content=urlencode(fields), headers=URLENCODED)
    lost = nobody.post(FORM, content=urlencode(fields), headers=URLENCODED)
    _, page = sign_in(nobody, hidden(lost.text))
    later = nobody.post(FORM, content=urlencode(hidden(page)), headers=URLENCODED)
    assert (later.status_code, later.text) == (direct.status_code, direct.text)


def test_a_megabyte_is_kept_and_more_is_not(nobody: TestClient) -> None:
    for length, kept in ((MOST_BYTES - 10, True), (MOST_BYTES + 10, False)):
        answer = nobody.post(FORM, content="note=" + "x" * (length - 5), headers=URLENCODED)
        assert answer.status_code == (401 if kept else 303)
    _, page = sign_in(nobody, hidden(nobody.post(FORM, content="n=" + "é " * 90_000, headers=URLENCODED).text))
    assert hidden(page) == [("n", "é " * 90_000)]


@pytest.mark.parametrize(
    "path", ["/desk/fr/password", "/desk/fr/accounts/", "/desk/fr/accounts/marie/password", "/desk/fr/sign-out"]
)
def test_forms_with_passwords_are_never_kept(nobody: TestClient, path: str) -> None:
    status, page = send(nobody, path)
    assert status == 303
    assert "typed" not in page


def test_a_password_in_any_form_is_never_kept(nobody: TestClient) -> None:
    answer = nobody.post(FORM, data={"note": "x", "new-password": "secret words here"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/fr/sign-in")


def test_files_are_never_kept(nobody: TestClient) -> None:
    answer = nobody.post("/desk/fr/files/", files={"file": ("a.pdf", b"%PDF-")})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ],
)
def test_another_site_s_post_is_refused_before_anything_is_kept(site: DeskSite, headers: dict[str, str]) -> None:
    answer = site.browser(headers=headers).post(FORM, content=urlencode(TYPED), headers=URLENCODED)
    assert answer.status_code == 403
    assert "Première" not in answer.text


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/desk/fr/x", "/fr/list", "/desk/fr/sign-out", "/desk/fr/password"]
    + [
        "/desk/fr/accounts/piet/role",
        "/desk/fr/accounts?x",
        "javascript:alert(1)",
        "",
        "/desk/fr/../accounts/",
        "/desk/",
        "/desk/fr/%70assword",
    ],
)
def test_it_is_sent_on_to_no_other_place(nobody: TestClient, wanted: str) -> None:
    assert not may_carry(wanted)
    status, page = sign_in(nobody, [("carried", "role=administrator"), ("next", wanted)])
    assert status == 303
    assert "carried" not in page


def test_a_link_brings_nothing_into_the_form(nobody: TestClient) -> None:
    page = nobody.get("/desk/fr/sign-in", params={"carried": "x=evil", "next": FORM}).text
    assert "evil" not in page.split("<main")[1]


def test_a_script_is_told_in_json(nobody: TestClient) -> None:
    answer = nobody.post(FORM, data={"note": "x"}, headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "sign-in-needed"
    assert OURS["sec-fetch-site"] == "same-origin"
