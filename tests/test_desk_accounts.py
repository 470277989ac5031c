"""Accounts over HTTP, for administrators: each change at once, everywhere; somebody always stays who can make it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from catalogue.settings import Settings
from catalogue.state import ROLES, Accounts
from tests.desk_site import PASSWORD, STAFF, DeskSite, desk_site

ACCOUNTS = "/desk/nl/accounts/"
MADE = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>")
NEW = "vier losse woorden hier"


@pytest.fixture
def site(settings: Settings) -> Iterator[DeskSite]:
    with desk_site(settings) as opened:
        yield opened


@pytest.fixture
def piet(site: DeskSite) -> TestClient:
    return site.browser("piet")


@pytest.fixture
def accounts(site: DeskSite) -> Accounts:
    return site.catalogue.state.accounts


def test_the_list_shows_everyone(piet: TestClient, accounts: Accounts) -> None:
    accounts.disable("marie")
    text = piet.get(ACCOUNTS).text
    assert re.findall(r'<a href="/desk/nl/accounts/(\w+)">', text) == sorted(STAFF)
    assert text.count('class="disabled"') == 1
    assert "argon2" not in text


@pytest.mark.parametrize("role", ROLES)
def test_an_account_is_made_with_a_password_that_is_shown_once(piet: TestClient, accounts: Accounts, role: str) -> None:
    answer = piet.post(ACCOUNTS, data={"name": "Els", "role": role, "password": ""})
    assert answer.status_code == 200
    (password,) = MADE.findall(answer.text)
    assert accounts.get("els").role == role
    assert accounts.sign_in("els", password)
    for page in (ACCOUNTS, ACCOUNTS + "els"):
        assert password not in piet.get(page).text


def test_a_typed_password_is_taken_and_not_shown(piet: TestClient, accounts: Accounts) -> None:
    answer = piet.post(ACCOUNTS, data={"name": "els", "role": "advisor", "password": NEW})
    assert NEW not in answer.text
    assert not MADE.search(answer.text)
    assert accounts.sign_in("els", NEW)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "piet", "role": "advisor"}, "account"),
        ({"name": "PIET", "role": "advisor"}, "account"),
        ({"name": "", "role": "advisor"}, "name"),
        ({"name": "<script>alert(1)</script>", "role": "advisor"}, "name"),
        ({"name": "els", "role": "king"}, "role"),
        ({"name": "els"}, "role"),
        ({"name": "els", "role": "advisor", "password": "kort"}, "password"),
        ({}, "name"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_is_made(
    piet: TestClient, accounts: Accounts, form: dict[str, str], field: str
) -> None:
    before = accounts.list()
    answer = piet.post(ACCOUNTS, data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'id="{field}-problem"' in answer.text or field in ("account", "role")
    assert "<script>alert" not in answer.text
    assert accounts.list() == before


def test_each_change_signs_the_account_out_everywhere(site: DeskSite, piet: TestClient, accounts: Accounts) -> None:
    for change, form in (("role", {"role": "documentalist"}), ("password", {"password": NEW}), ("disable", {})):
        accounts.enable("marie")
        accounts.set_password("marie", PASSWORD)
        here, there = site.browser("marie"), site.browser("marie")
        assert here.get("/desk/nl/").status_code == 200
        answer = piet.post(f"{ACCOUNTS}marie/{change}", data=form)
        assert answer.status_code in (200, 303)
        assert [one.get("/desk/nl/").status_code for one in (here, there)] == [303, 303], change
        assert piet.get("/desk/nl/").status_code == 200
    assert accounts.get("marie").role == "documentalist"
    assert accounts.sign_in("marie", PASSWORD) is None
    answer = piet.post(ACCOUNTS + "marie/enable")
    assert 'role="status"' in piet.get(answer.headers["location"]).text
    assert accounts.sign_in("marie", PASSWORD)


def test_a_new_password_is_made_where_none_is_typed(piet: TestClient, accounts: Accounts) -> None:
    answer = piet.post(ACCOUNTS + "marie/password", data={"password": " "})
    (password,) = MADE.findall(answer.text)
    assert accounts.sign_in("marie", password)
    refused = piet.post(ACCOUNTS + "marie/password", data={"password": "kort"})
    assert refused.status_code == 422
    assert 'id="password-problem"' in refused.text
    assert accounts.sign_in("marie", password)


@pytest.mark.parametrize(("change", "form"), [("disable", {}), ("role", {"role": "advisor"})])
def test_the_last_administrator_stays(piet: TestClient, accounts: Accounts, change: str, form: dict[str, str]) -> None:
    answer = piet.post(f"{ACCOUNTS}piet/{change}", data=form)
    assert answer.status_code == 409
    assert "piet" in re.findall(r'role="alert">([^<]+)', answer.text)[0]
    account = accounts.get("piet")
    assert (account.role, account.disabled) == ("administrator", False)
    assert piet.get("/desk/nl/").status_code == 200, "nothing was changed, nobody is signed out"


@pytest.mark.parametrize("path", ["nobody", "nobody/disable", "marie/delete", "%3Cscript%3E"])
def test_what_is_not_there_is_not_found(piet: TestClient, path: str) -> None:
    assert piet.request("POST" if path.count("/") else "GET", ACCOUNTS + path).status_code in (404, 405)


def test_a_role_that_is_none_changes_nothing(piet: TestClient, accounts: Accounts) -> None:
    assert piet.post(ACCOUNTS + "marie/role", data={"role": "king"}).status_code == 422
    assert accounts.get("marie").role == "advisor"


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_without_any_account_the_sign_in_page_says_how_to_make_the_first(settings: Settings, lang: str) -> None:
    with desk_site(settings) as site:
        page = site.browser().get(f"/desk/{lang}/sign-in").text
        assert "--role administrator" not in page
        with site.catalogue.state.transaction(True) as connection:
            connection.exec_driver_sql("delete from accounts")
        browser = site.browser()
        assert "--role administrator" in browser.get(f"/desk/{lang}/sign-in").text
        wrong = browser.post(f"/desk/{lang}/sign-in", data={"name": "marie", "password": PASSWORD})
        assert "--role administrator" in wrong.text
