"""What can be asked here, for programs: ZeeRex (http://zeerex.z3950.org/dtd/)."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from catalogue.i18n import languages
from catalogue.sru.asked import MOST_RECORDS, RECORDS, SCHEMAS, VERSIONS
from catalogue.sru.indexes import INDEXES, SETS, Index
from catalogue.sru.responses import ZEEREX
from catalogue.values import Text


def explanation(address: str, name: Text, lang: str) -> Element:
    """Return the description of the service at ``address`` of a centre called ``name``, ``lang`` first."""
    top = Element(_zr("explain"))
    _server(top, address)
    database = _add(top, "databaseInfo")
    for code, title in name.items():
        _add(database, "title", title, lang=code, primary=str(code == name.best(lang).lang).lower())
    info = _add(top, "indexInfo")
    for prefix, identifier in SETS.items():
        _add(info, "set", name=prefix, identifier=identifier)
    for index in INDEXES:
        _index(info, index)
    schemas = _add(top, "schemaInfo")
    for short, identifier in SCHEMAS.items():
        schema = _add(schemas, "schema", name=short, identifier=identifier, sort="false", retrieve="true")
        _add(schema, "title", {"dc": "Dublin Core", "marcxml": "MARC 21 (MARCXML)"}[short])
    _config(top)
    return top


def _server(top: Element, address: str) -> None:
    parts = urlsplit(address)
    server = _add(top, "serverInfo", protocol="SRU", version=VERSIONS[-1], transport=parts.scheme, method="GET")
    _add(server, "host", parts.hostname or "")
    _add(server, "port", str(parts.port or (443 if parts.scheme == "https" else 80)))
    _add(server, "database", parts.path.lstrip("/"))


def _index(info: Element, index: Index) -> None:
    made = _add(info, "index", search="true", scan="false", sort="false")
    for code, language in languages().items():
        _add(made, "title", language.gettext(index.label), lang=code)
    for name in index.names:
        prefix, _, bare = name.partition(".")
        _add(_add(made, "map"), "name", bare, set=prefix)
    config = _add(made, "configInfo")
    for relation in index.relations:
        _add(config, "supports", relation, type="relation")


def _config(top: Element) -> None:
    config = _add(top, "configInfo")
    _add(config, "default", str(RECORDS), type="numberOfRecords")
    _add(config, "default", "cql.serverChoice", type="index")
    _add(config, "default", "=", type="relation")
    _add(config, "default", next(iter(SCHEMAS)), type="retrieveSchema")
    _add(config, "setting", str(MOST_RECORDS), type="maximumRecords")
    for operator in ("and", "or", "not"):
        _add(config, "supports", operator, type="boolean")
    _add(config, "supports", "*", type="maskingCharacter")


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    made = SubElement(parent, _zr(tag), attributes)
    made.text = text or None
    return made


def _zr(name: str) -> str:
    return f"{{{ZEEREX}}}{name}"
