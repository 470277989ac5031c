"""Where a cluster is: ``opensearch+https://user:password@host:9200,host:9200/name``."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from catalogue.errors import N_, SettingsError

PORT = 9200
SCHEMES = ("opensearch+https", "opensearch+http")

_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True)
class Address:
    """The nodes of a cluster, the name of the index there, and who asks. The password is never shown."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    secure: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, index: str, user: str = "", password: str = "") -> Address:
        """Read the setting; ``user`` and ``password`` win over those that stand in it.

        Raises SettingsError for what cannot be understood, and for plain HTTP to another machine. No message repeats
        the setting: it may hold a password.
        """
        scheme, _, rest = index.partition("://")
        places, _, name = rest.partition("/")
        given, _, hosts = places.rpartition("@")
        found = [_HOST.fullmatch(host) for host in hosts.split(",")]
        if scheme not in SCHEMES or not all(found) or not _NAME.fullmatch(name):
            raise SettingsError(
                N_("CATALOGUE_INDEX should be “%(example)s”: nodes apart by commas, then a name in small letters."),
                example="opensearch+https://host:9200/catalogue",
            )
        own, _, secret = given.partition(":")
        address = cls(
            tuple((each["host"].strip("[]"), int(each["port"] or PORT)) for each in found if each),
            name,
            scheme == "opensearch+https",
            user or unquote(own),
            password or unquote(secret),
        )
        address._demand_secrecy()
        return address

    def part(self, name: str) -> Address:
        """Return the address of another index on the same cluster, ``name`` behind the name of this one."""
        return Address(self.hosts, f"{self.name}-{name}", self.secure, self.user, self.password)

    def _demand_secrecy(self) -> None:
        if not self.secure and not all(_is_loopback(host) for host, _ in self.hosts):
            raise SettingsError(
                N_("CATALOGUE_INDEX: to other machines only “opensearch+https”, so that nobody reads along.")
            )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
