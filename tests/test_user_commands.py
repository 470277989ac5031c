"""``catalogue user …`` as it is used: real processes, a password on standard input or typed at a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue.state import State
from tests.centres import make_network
from tests.test_cli import Inside, environment, inside

__all__ = ["inside"]

PASSWORD = "fenêtre lampe gare onze"


def state_of(root: Path) -> State:
    return State.open(environment(root)["CATALOGUE_STATE"], interval=0)


def user(root: Path, *arguments: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "catalogue", "user", *arguments]
    own = {**environment(root), **environ}
    return subprocess.run(
        command, env=own, cwd=root, input=typed, capture_output=True, text=True, encoding="utf-8", timeout=60
    )


def test_the_first_administrator(tmp_path: Path) -> None:
    done = user(tmp_path, "list")
    assert "catalogue user add NAME --role administrator" in done.stdout
    done = user(tmp_path, "add", "Marie", "--role", "administrator", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "“marie” can sign in at http://localhost:8000/desk/" in done.stdout
    with state_of(tmp_path) as state:
        assert state.accounts.sign_in("marie", PASSWORD)
        assert state.accounts.get("marie").role == "administrator"


def test_an_account_from_beginning_to_end(tmp_path: Path, inside: Inside) -> None:
    with state_of(tmp_path) as state:
        accounts = state.accounts
        accounts.add("marie", "advisor", PASSWORD)
        token = accounts.sign_in("marie", PASSWORD)
        assert token
        status, out, _ = inside(tmp_path, "user", "disable", "Marie")
        assert (status, "signed out everywhere" in out) == (0, True)
        assert accounts.of(token) is None
        assert accounts.sign_in("marie", PASSWORD) is None
        _, out, _ = inside(tmp_path, "user", "list")
        assert out.splitlines()[1].split() == ["marie", "Advisor", str(accounts.get("marie").created), "disabled"]
        assert inside(tmp_path, "user", "enable", "marie")[0] == 0
        assert accounts.sign_in("marie", PASSWORD)
    done = user(tmp_path, "password", "marie", "--password-stdin", typed="vier losse woorden hier\r\n")
    assert done.returncode == 0
    with state_of(tmp_path) as state:
        assert state.accounts.sign_in("marie", "vier losse woorden hier")
        assert state.accounts.sign_in("marie", PASSWORD) is None


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["add", "marie", "--role", "advisor", "--password-stdin"], "short\n", "at least 12 characters"),
        (["add", "marie", "--role", "advisor", "--password-stdin"], "", "at least 12 characters"),
        (["add", "marie dupont", "--role", "advisor", "--password-stdin"], PASSWORD, "2 to 40"),
        (["add", "piet", "--role", "advisor", "--password-stdin"], PASSWORD, "already an account “piet”"),
        (["password", "nobody", "--password-stdin"], PASSWORD, "no account “nobody”"),
        (["disable", "nobody"], "", "no account “nobody”"),
    ],
)
def test_what_will_not_do_is_said_and_nothing_changes(
    tmp_path: Path, arguments: list[str], typed: str, says: str
) -> None:
    with state_of(tmp_path) as state:
        state.accounts.add("piet", "advisor", "vier losse woorden hier")
    done = user(tmp_path, *arguments, typed=typed)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    with state_of(tmp_path) as state:
        assert [account.name for account in state.accounts.list()] == ["piet"]
        assert state.accounts.sign_in("piet", "vier losse woorden hier")


def test_an_unknown_role_and_a_missing_one_are_a_misuse(tmp_path: Path) -> None:
    assert user(tmp_path, "add", "marie", "--role", "king").returncode == 2
    assert user(tmp_path, "add", "marie").returncode == 2
    assert user(tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("lang", "says"), [("fr_BE.UTF-8", "au moins 12 caractères"), ("nl_BE.UTF-8", "minstens 12 tekens")]
)
def test_it_speaks_the_language_of_the_terminal(tmp_path: Path, lang: str, says: str) -> None:
    done = user(tmp_path, "add", "marie", "--role", "advisor", "--password-stdin", typed="x\n", LANG=lang)
    assert says in done.stderr


def test_a_database_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "catalogue.db").write_bytes(b"no database at all, but a file of some length " * 40)
    done = user(tmp_path, "list")
    assert done.returncode == 1
    assert "file is not a database" in done.stderr
    assert "Traceback" not in done.stderr


# In a process of its own: to fork one that has threads is asking for trouble.
TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def typed_at_a_terminal(root: Path, *lines: str) -> tuple[int, str]:
    """Run ``user add marie`` at a terminal of its own and type ``lines``, each when it is asked for."""
    asking = [sys.executable, "-m", "catalogue", "user", "add", "marie", "--role", "advisor"]
    command = [sys.executable, "-c", TERMINAL, *asking]
    shown, waiting = b"", list(lines)
    with subprocess.Popen(
        command, env=environment(root), cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        while part := os.read(process.stdout.fileno(), 1024):
            shown += part
            if waiting and shown.count(b": ") > len(lines) - len(waiting):
                time.sleep(0.2)  # until the terminal has stopped showing what is typed
                os.write(process.stdin.fileno(), waiting.pop(0).encode() + b"\n")
    return process.returncode, shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_password_typed_at_a_terminal_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    status, shown = typed_at_a_terminal(tmp_path, PASSWORD, PASSWORD)
    assert status == 0, shown
    assert "fen" not in shown
    assert "The same again" in shown
    with state_of(tmp_path) as state:
        assert state.accounts.sign_in("marie", PASSWORD)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(
    ("lines", "says"), [((PASSWORD, PASSWORD + "."), "not the same"), (("short",), "at least 12 characters")]
)
def test_a_password_mistyped_at_a_terminal_changes_nothing(tmp_path: Path, lines: tuple[str, ...], says: str) -> None:
    status, shown = typed_at_a_terminal(tmp_path, *lines)
    assert status == 1
    assert says in shown
    with state_of(tmp_path) as state:
        assert state.accounts.list() == []


def test_without_a_terminal_it_says_how(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "catalogue", "user", "add", "marie", "--role", "advisor"]
    done = subprocess.run(
        command, env=environment(tmp_path), cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        encoding="utf-8", timeout=60, start_new_session=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "--password-stdin" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("lang", "says"), [("fr", "dernier administrateur"), ("nl", "laatste beheerder")])
def test_the_last_administrator_is_not_disabled(tmp_path: Path, lang: str, says: str) -> None:
    with state_of(tmp_path) as state:
        state.accounts.add("piet", "administrator", PASSWORD)
        state.accounts.add("marie", "documentalist", PASSWORD)
    done = user(tmp_path, "disable", "Piet", LC_ALL=f"{lang}_BE.UTF-8")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    with state_of(tmp_path) as state:
        assert state.accounts.sign_in("piet", PASSWORD)


def test_an_account_of_a_centre(tmp_path: Path, inside: Inside) -> None:
    folder = Path(environment(tmp_path)["CATALOGUE_RESOURCES"]) / "vocabularies"
    with state_of(tmp_path) as state:
        state.accounts.add("marie", "advisor", PASSWORD)
        assert inside(tmp_path, "user", "centre", "marie", "liege")[0] == 1, "there is one centre"
        make_network(folder.parent)
        status, out, _ = inside(tmp_path, "user", "centre", "marie", "liege")
        assert (status, state.accounts.get("marie").centre) == (0, "liege")
        assert "Liège / Luik" in out and "Liège / Luik" in inside(tmp_path, "user", "list")[1]
        status, _, error = inside(tmp_path, "user", "centre", "marie", "paris")
        assert (status, "There is no centre “paris”." in error) == (1, True)
        assert inside(tmp_path, "user", "centre", "marie")[0] == 0
        assert state.accounts.get("marie").centre == ""
    done = user(
        tmp_path, "add", "lise", "--role", "advisor", "--centre", "gent", "--password-stdin", typed=f"{PASSWORD}\n"
    )
    assert done.returncode == 0
    with state_of(tmp_path) as state:
        assert state.accounts.get("lise").centre == "gent"
