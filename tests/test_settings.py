"""The settings: every variable has a default and help, a wrong one is refused with what would be right."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from catalogue.errors import SettingsError
from catalogue.settings import FILE, PREFIX, Settings, nearest


def test_without_variables_everything_has_a_default() -> None:
    assert Settings.from_env({"PATH": "/bin", "XCATALOGUE_PORT": "x", "catalogue_port": "x"}) == Settings()
    assert (Settings().port, Settings().host, Settings().resources) == (8000, "127.0.0.1", Path("resources"))


def test_every_variable_is_read_and_has_help() -> None:
    for field in dataclasses.fields(Settings):
        number = str(min(80, field.metadata["between"][1]))
        value = {"int": number, "Path": "some/where"}.get(str(field.type), "text")
        settings = Settings.from_env({PREFIX + field.name.upper(): value})
        assert str(getattr(settings, field.name)) == value
        assert type(getattr(settings, field.name)) in (type(field.default), type(Path()))
        assert field.metadata["help"].endswith(".")


def test_a_file_of_settings_is_read_and_the_environment_wins_over_it(tmp_path: Path) -> None:
    text = (
        "\ufeff# ours\r\n\r\nCATALOGUE_PORT=81\n  CATALOGUE_HOST = '::1' \nCATALOGUE_BASE_URL=\"https://a.example/\"\n"
    )
    (tmp_path / FILE).write_text(text + "CATALOGUE_STATE=\n#CATALOGUE_PRT=1\nCATALOGUE_INDEX=a # b='c'\n", "utf-8")
    found = Settings.load(tmp_path, {"CATALOGUE_PORT": "82", "HOME": "/"})
    assert (found.port, found.host, found.base_url, found.state) == (82, "::1", "https://a.example", "")
    assert found.index == "a # b='c'", "nothing but whole quotes is taken away, as by systemd"
    assert Settings.load(tmp_path / "elsewhere", {}) == Settings()


@pytest.mark.parametrize(
    "wrong", ["PORT=80", "CATALOGUE_PORT", "export CATALOGUE_PORT=80", "CATALOGUE_PORT=80\nCATALOGUE_PORT=80", "[x]"]
)
def test_a_line_that_is_no_setting_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / FILE).write_text(f"# ours\n{wrong}\n")
    line = 2 + wrong.count("\n")
    with pytest.raises(SettingsError, match=rf"catalogue\.env:{line}: a line should be CATALOGUE_…=value"):
        Settings.load(tmp_path, {})


def test_a_file_of_settings_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"CATALOGUE_HOST=caf\xe9\n")
    with pytest.raises(SettingsError, match=r"catalogue\.env” cannot be read"):
        Settings.load(tmp_path, {})
    (tmp_path / FILE).write_text("CATALOGUE_PRT=80\n")
    with pytest.raises(SettingsError, match=r"CATALOGUE_PRT is not a setting\. Did you mean CATALOGUE_PORT"):
        Settings.load(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "near"),
    [("PRT", "PORT"), ("RESOURCE", "RESOURCES"), ("INDEX_PASS", "INDEX_PASSWORD"), ("port", "PORT"), ("", "HOST")],
)
def test_an_unknown_variable_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(SettingsError, match=f"^CATALOGUE_{name} is not a setting. Did you mean CATALOGUE_{near}?"):
        Settings.from_env({f"CATALOGUE_{name}": "x"})


@pytest.mark.parametrize("port", ["", "0", "-1", "65536", "80.0", " 80", "8_0", "٨٠", "http", "9" * 5000])
def test_a_port_is_a_number_from_1_to_65535(port: str) -> None:
    with pytest.raises(SettingsError, match=r"CATALOGUE_PORT: .* is not a number from 1 to 65535"):
        Settings.from_env({"CATALOGUE_PORT": port})


@pytest.mark.parametrize("port", ["1", "00080", "65535"])
def test_ports_at_the_edge(port: str) -> None:
    assert Settings.from_env({"CATALOGUE_PORT": port}).port == int(port)


@pytest.mark.parametrize("name", ["RESOURCES", "CACHE", "TEST_DATA"])
def test_an_empty_folder_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"CATALOGUE_{name} is empty; it needs a folder"):
        Settings.from_env({f"CATALOGUE_{name}": ""})


def test_addresses_lose_their_last_slash() -> None:
    settings = Settings.from_env({"CATALOGUE_BASE_URL": "http://a.example:8000/", "CATALOGUE_PUBLIC_URL": ""})
    assert (settings.base_url, settings.public_url) == ("http://a.example:8000", "")


@pytest.mark.parametrize(
    ("index", "folder"),
    [
        ("index", "index"),
        ("whoosh:a/b", "a/b"),
        ("/abs/ix", "/abs/ix"),
        ("C:\\ix", "C:\\ix"),
        ("whoosh:C:\\ix", "C:\\ix"),
    ],
)
def test_where_the_index_is(index: str, folder: str) -> None:
    assert Settings(index=index).index_folder == Path(folder)


@pytest.mark.parametrize("index", ["", "whoosh:"])
def test_an_index_without_a_folder_is_refused(index: str) -> None:
    with pytest.raises(SettingsError, match="CATALOGUE_INDEX is empty; it needs a folder"):
        _ = Settings(index=index).index_folder


@pytest.mark.parametrize(("index", "engine"), [("C:\\ix", "whoosh"), ("whoosh:a", "whoosh"), ("solr:x", "solr")])
def test_the_engine_stands_before_the_colon(index: str, engine: str) -> None:
    assert Settings(index=index).index_engine == engine


@pytest.mark.parametrize(
    ("state", "var"),
    [
        ("sqlite:///var/catalogue.db", "var"),
        ("sqlite:////srv/data/c.db", "/srv/data"),
        ("sqlite:///file:/srv/data/c.db?mode=ro&uri=true", "/srv/data"),
        ("sqlite://", "var"),
        ("sqlite:///", "var"),
        ("postgresql://h/db", "var"),
    ],
)
def test_the_lock_lies_beside_the_database(state: str, var: str) -> None:
    assert Settings(state=state).var == Path(var)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_nearest_of_few() -> None:
    assert nearest("tittle", ["kind", "title", "themes"]) == "title"
    assert nearest("x", []) == ""


@pytest.mark.parametrize("minutes", ["-1", "1441", "five", ""])
def test_idle_minutes_are_a_day_at_most(minutes: str) -> None:
    with pytest.raises(SettingsError, match=r"CATALOGUE_IDLE_MINUTES: .* is not a number from 0 to 1440"):
        Settings.from_env({"CATALOGUE_IDLE_MINUTES": minutes})
