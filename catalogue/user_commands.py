"""``catalogue user …``: the accounts of staff. There is no default account and no default password: whoever can run
this command on the machine opens the first one."""

from __future__ import annotations

import argparse
import sys
import warnings
from getpass import GetPassWarning, getpass

from catalogue.errors import N_, BadInput
from catalogue.i18n import Language
from catalogue.network import WHOLE_NETWORK, check_centre, name
from catalogue.settings import Settings
from catalogue.state import ROLES, State
from catalogue.state.accounts import ROLE_NAMES, check_password
from catalogue.terminal import print_table
from catalogue.vocabulary import Vocabularies


def add_to(parser: argparse.ArgumentParser, language: Language) -> None:
    """Give ``parser`` the commands on accounts."""
    _ = language.gettext
    commands = parser.add_subparsers(required=True, metavar="command")
    add = commands.add_parser("add", help=_(N_("open an account and ask for its password")))
    add.add_argument("--role", choices=ROLES, required=True, help=_(N_("each may do what those before it may")))
    add.set_defaults(run=_add)
    password = commands.add_parser(
        "password", help=_(N_("give an account a new password; it is signed out everywhere"))
    )
    password.set_defaults(run=_password)
    centre = commands.add_parser(
        "centre", help=_(N_("say whose records an account may change, in a network of centres; it signs in again"))
    )
    centre.set_defaults(run=_centre)
    disable = commands.add_parser("disable", help=_(N_("let nobody in under this name; it is signed out everywhere")))
    disable.set_defaults(run=_disable)
    enable = commands.add_parser("enable", help=_(N_("let a disabled account in again")))
    enable.set_defaults(run=_enable)
    for command in (add, password, centre, disable, enable):
        command.add_argument("name", help=_(N_("the name to sign in with")))
    of_centre = _(N_("the id of its centre; without one: the whole network"))
    centre.add_argument("centre", nargs="?", default="", help=of_centre)
    add.add_argument("--centre", default="", help=of_centre)
    for command in (add, password):
        help = _(N_("read the password from the first line of standard input instead of asking"))
        command.add_argument("--password-stdin", action="store_true", help=help)
    commands.add_parser("list", help=_(N_("show the accounts"))).set_defaults(run=_list)


def _add(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    with State.open(settings.state, interval=0) as state:
        if any(account.name == arguments.name.casefold() for account in state.accounts.list()):
            raise BadInput(N_("There is already an account “%(name)s”."), name=arguments.name)
        of = check_centre(arguments.centre, _vocabularies(settings))
        account = state.accounts.add(arguments.name, arguments.role, _new_password(arguments, language), of)
    address = f"{settings.base_url or f'http://localhost:{settings.port}'}/desk/"
    message = language.gettext(N_("“%(name)s” can sign in at %(address)s"))
    print(message % {"name": account.name, "address": address})
    return 0


def _password(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    with State.open(settings.state, interval=0) as state:
        name = state.accounts.get(arguments.name).name
        state.accounts.set_password(name, _new_password(arguments, language))
    print(language.gettext(N_("“%(name)s” has a new password and is signed out everywhere.")) % {"name": name})
    return 0


def _centre(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    vocabularies = _vocabularies(settings)
    centre = check_centre(arguments.centre, vocabularies)
    with State.open(settings.state, interval=0) as state:
        state.accounts.set_centre(arguments.name, centre)
    if centre:
        message = language.gettext(N_("“%(name)s” changes records of %(centre)s, and signs in again."))
    else:
        message = language.gettext(N_("“%(name)s” changes records of the whole network, and signs in again."))
    print(message % {"name": arguments.name, "centre": name(centre, vocabularies)})
    return 0


def _vocabularies(settings: Settings) -> Vocabularies:
    return Vocabularies.load(settings.resources / "vocabularies")


def _disable(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    with State.open(settings.state, interval=0) as state:
        state.accounts.disable(arguments.name)
    message = language.gettext(N_("“%(name)s” is signed out everywhere and cannot sign in any more."))
    print(message % {"name": arguments.name})
    return 0


def _enable(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    with State.open(settings.state, interval=0) as state:
        state.accounts.enable(arguments.name)
    print(language.gettext(N_("“%(name)s” can sign in again.")) % {"name": arguments.name})
    return 0


def _list(_arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    _ = language.gettext
    vocabularies = _vocabularies(settings)
    with State.open(settings.state, interval=0) as state:
        rows = [
            (
                a.name,
                _(ROLE_NAMES[a.role]),
                str(a.created),
                *((name(a.centre, vocabularies) if a.centre else _(WHOLE_NETWORK),) if vocabularies.centres else ()),
                _(N_("disabled")) if a.disabled else "",
            )
            for a in state.accounts.list()
        ]
    if not rows:
        print(_(N_("There is no account yet: catalogue user add NAME --role administrator")))
        return 0
    centres = (_(N_("centre")),) if vocabularies.centres else ()
    print_table((_(N_("name")), _(N_("role")), _(N_("since")), *centres, ""), rows)
    return 0


def _new_password(arguments: argparse.Namespace, language: Language) -> str:
    """Return a password that will do: from standard input, or asked for twice without showing it. Raises BadInput."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    _ = language.gettext
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # a terminal that cannot hide it
            password = getpass(_(N_("New password (it is not shown): ")))
            check_password(arguments.name, password)
            again = getpass(_(N_("The same again: ")))
    except (GetPassWarning, EOFError):
        message = N_("There is no terminal to ask for a password. Give it on standard input with --password-stdin.")
        raise BadInput(message, field="password") from None
    if again != password:
        raise BadInput(N_("The two passwords are not the same. Nothing was changed."), field="password")
    return password
