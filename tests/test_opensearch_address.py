"""What CATALOGUE_INDEX says of a cluster: understood or refused, and never repeated where somebody could read it."""

from __future__ import annotations

import pytest

from catalogue.errors import SettingsError
from catalogue.search.engines import open_engine
from catalogue.search.opensearch.address import Address
from catalogue.settings import Settings


def test_nodes_name_and_who_asks() -> None:
    found = Address.of("opensearch+https://anna:p%40ss:w@one.example:9201,two.example/centre-1")
    assert found.hosts == (("one.example", 9201), ("two.example", 9200))
    assert (found.name, found.secure, found.user, found.password) == ("centre-1", True, "anna", "p@ss:w")
    assert found.part("concepts").name == "centre-1-concepts"
    assert found.part("concepts").password == "p@ss:w"


def test_settings_of_their_own_win_over_the_address() -> None:
    found = Address.of("opensearch+https://anna:old@one.example/x", "piet", "new")
    assert (found.user, found.password) == ("piet", "new")


def test_who_looks_at_an_address_sees_no_password() -> None:
    assert "secret" not in repr(Address.of("opensearch+https://anna:secret@one.example/x"))


@pytest.mark.parametrize("host", ["127.0.0.1:9400", "localhost", "[::1]:9400", "127.0.0.1,localhost:9401"])
def test_this_machine_may_be_asked_without_tls(host: str) -> None:
    assert not Address.of(f"opensearch+http://{host}/x").secure


@pytest.mark.parametrize("host", ["search.example", "127.0.0.1,10.0.0.1", "localhost.example", "0.0.0.0"])
def test_other_machines_may_not(host: str) -> None:
    with pytest.raises(SettingsError, match="only “opensearch\\+https”"):
        Address.of(f"opensearch+http://{host}/x")


@pytest.mark.parametrize(
    "index",
    [
        "opensearch+https://",
        "opensearch+https://h",
        "opensearch+https://h/",
        "opensearch+https://h/Name",
        "opensearch+https://h/a/b",
        "opensearch+https://h/-x",
        "opensearch+https://h/x*",
        "opensearch+https:///x",
        "opensearch+https://h:port/x",
        "opensearch+https://h,,i/x",
        "opensearch+https:h/x",
        "opensearch+https://anna:secret@h h/x",
    ],
)
def test_what_cannot_be_understood_is_refused_without_being_repeated(index: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_engine(Settings(index=index))
    assert "opensearch+https://host:9200/catalogue" in str(caught.value)
    assert "secret" not in str(caught.value)
