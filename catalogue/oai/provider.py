"""The six verbs of OAI-PMH 2.0, answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from catalogue.contents import Contents
from catalogue.fields import CENTRE
from catalogue.oai import dates
from catalogue.oai.markup import element, line
from catalogue.oai.publication import KIND, THEME, Page, Publication
from catalogue.oai.requests import (
    BAD_ARGUMENT,
    BAD_TOKEN,
    BAD_VERB,
    NO_FORMAT,
    NO_FORMATS,
    NO_IDENTIFIER,
    NO_RECORDS,
    TOKEN,
    Listing,
    OaiError,
    arguments,
    listing,
)
from catalogue.resource import Resource
from catalogue.state.datestamps import Datestamp
from catalogue.values import CENTRE_LANGUAGES

SIZES = {"ListRecords": 100, "ListIdentifiers": 500}
"""How many a part of a list has at most."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OAI = "http://www.openarchives.org/OAI/2.0/"
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_NAMESPACE = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z][A-Za-z0-9-]*)+")
"""What a repository may be called in its identifiers (http://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm)."""


@dataclass(frozen=True)
class MetadataFormat:
    """A format in which records are given: ``write`` makes the XML element of a record, its namespaces declared."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[Resource, Contents], str]


@dataclass(frozen=True)
class Repository:
    """Who gives the records: ``id`` stands in every identifier, and must never change; ``url`` is that of ``/oai``."""

    id: str
    url: str
    email: str

    def identifier(self, record: str) -> str:
        """Return what a record is called among all records of all repositories."""
        return f"oai:{self.id}:{record}"

    def record(self, identifier: str) -> str:
        """Return which of our records is called so, empty where none can be."""
        prefix = f"oai:{self.id}:"
        return identifier.removeprefix(prefix) if identifier.startswith(prefix) else ""


def is_repository_id(text: str) -> bool:
    """Tell whether a repository can be called so in identifiers: like a domain, of two parts or more."""
    return _NAMESPACE.fullmatch(text) is not None


class Provider:
    """Answers what harvesters of one repository ask."""

    def __init__(
        self,
        repository: Repository,
        publication: Publication,
        formats: Iterable[MetadataFormat],
        contents: Callable[[], Contents],
        sizes: Mapping[str, int] = SIZES,
    ) -> None:
        self.repository, self._publication, self._newest, self._sizes = repository, publication, contents, sizes
        self._formats = {format.prefix: format for format in formats}

    def answer(self, pairs: Iterable[tuple[str, str]], now: int) -> str:
        """Return the XML document that answers a request. ``now``: the second since 1970 at which it came.

        It is the response date, from which the next harvest goes on: whatever changes later is given by that.
        Raises StateUnavailable.
        """
        verb, given = "", dict[str, str]()
        try:
            verb, given = arguments(pairs)
            content = element(verb, self._content(verb, given))
        except OaiError as error:
            content = line("error", error.said, code=error.code)
            if error.code in (BAD_VERB, BAD_ARGUMENT):
                verb, given = "", {}
        asked = {"verb": verb, **{f"{name}_": value for name, value in given.items()}} if verb else {}
        head = line("responseDate", dates.written(now)) + line("request", self.repository.url, **asked)
        root = element("OAI-PMH", head + content, xmlns=_OAI, xmlns__xsi=_XSI, **_schema(_OAI, "OAI-PMH.xsd"))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'

    # --- the verbs -------------------------------------------------------------------------------------------

    def _content(self, verb: str, given: Mapping[str, str]) -> str:
        verbs: Mapping[str, Callable[[], Iterator[str]]] = {
            "Identify": self._identify,
            "ListMetadataFormats": lambda: self._list_formats(given.get("identifier")),
            "ListSets": lambda: self._list_sets(given),
            "GetRecord": lambda: self._get_record(given["identifier"], given["metadataPrefix"]),
        }
        return "".join(verbs[verb]() if verb in verbs else self._list(listing(verb, given)))

    def _identify(self) -> Iterator[str]:
        repository, name = self.repository, self._newest().frame.centre.name
        yield line("repositoryName", " – ".join(dict.fromkeys(name[lang] for lang in CENTRE_LANGUAGES if lang in name)))
        yield line("baseURL", repository.url)
        yield line("protocolVersion", "2.0")
        yield line("adminEmail", repository.email)
        yield line("earliestDatestamp", dates.written(self._publication.earliest()))
        yield line("deletedRecord", "persistent")
        yield line("granularity", dates.SECONDS)
        named = (
            line("scheme", "oai"),
            line("repositoryIdentifier", repository.id),
            line("delimiter", ":"),
            line("sampleIdentifier", repository.identifier("devenir-infirmier")),
        )
        schema = _schema(_IDENTIFIER, "oai-identifier.xsd", "http://www.openarchives.org/OAI/2.0/")
        yield element("description", element("oai-identifier", "".join(named), xmlns=_IDENTIFIER, **schema))

    def _list_formats(self, identifier: str | None) -> Iterator[str]:
        if identifier is not None:
            _, record, _ = self._found(identifier)
            if record is None:
                raise OaiError(NO_FORMATS, "This record was deleted.")
        for format in self._formats.values():
            named = line("metadataPrefix", format.prefix) + line("schema", format.schema)
            yield element("metadataFormat", named + line("metadataNamespace", format.namespace))

    def _list_sets(self, given: Mapping[str, str]) -> Iterator[str]:
        if TOKEN in given:
            raise OaiError(BAD_TOKEN, "The sets come in one answer: there is no token for more.")
        vocabularies = self._newest().frame.vocabularies
        kept = ((THEME, "themes", "Themes"), (KIND, "kinds", "Kinds"))
        for spec, vocabulary, name in (*kept, (CENTRE, "centres", "Centres")) if vocabularies.centres else kept:
            yield element("set", line("setSpec", spec) + line("setName", name))
            for id in vocabularies.terms.get(vocabulary, {}):
                names = dict.fromkeys(vocabularies.label(vocabulary, id, lang).text for lang in CENTRE_LANGUAGES)
                yield element("set", line("setSpec", f"{spec}:{id}") + line("setName", " – ".join(names)))

    def _get_record(self, identifier: str, prefix: str) -> Iterator[str]:
        stamp, record, contents = self._found(identifier)
        yield self._record(stamp, record, contents, self._format(prefix))

    def _list(self, asked: Listing) -> Iterator[str]:
        format = self._format(asked.prefix)
        size = self._sizes[asked.verb]
        page = self._publication.page(asked.window, size)
        if not page.items:
            raise OaiError(NO_RECORDS, "Nothing changed in that time, in that set.")
        for stamp, record in page.items:
            whole = asked.verb == "ListRecords"
            yield self._record(stamp, record, page.contents, format) if whole else self._header(stamp)
        yield _resumption(asked, page)

    # --- their parts -----------------------------------------------------------------------------------------

    def _format(self, prefix: str) -> MetadataFormat:
        if prefix not in self._formats:
            raise OaiError(NO_FORMAT, f"Records are given as {', '.join(self._formats)}.")
        return self._formats[prefix]

    def _found(self, identifier: str) -> tuple[Datestamp, Resource | None, Contents]:
        found = self._publication.item(self.repository.record(identifier))
        if found is None:
            raise OaiError(NO_IDENTIFIER, "No record has this identifier.")
        return found

    def _record(self, stamp: Datestamp, record: Resource | None, contents: Contents, format: MetadataFormat) -> str:
        metadata = element("metadata", format.write(record, contents)) if record else ""
        return element("record", self._header(stamp) + metadata)

    def _header(self, stamp: Datestamp) -> str:
        named = line("identifier", self.repository.identifier(stamp.record))
        named += line("datestamp", dates.written(stamp.seconds))
        # The sets that only hold others go without saying (section 2.6).
        named += "".join(line("setSpec", name) for name in stamp.sets if ":" in name)
        return element("header", named, **({"status": "deleted"} if stamp.state == "gone" else {}))


def _resumption(asked: Listing, page: Page) -> str:
    """Return where a list goes on: an empty token ends one that came in parts, one that did not has none."""
    more = page.remaining > len(page.items)
    if not more and not asked.after:
        return ""
    rest = replace(asked, after=page.items[-1][0].moment, cursor=asked.cursor + len(page.items))
    size = str(asked.cursor + page.remaining)
    return line(TOKEN, rest.token() if more else "", completeListSize=size, cursor=str(asked.cursor))


def _schema(namespace: str, file: str, base: str = "") -> Mapping[str, str]:
    return {"xsi__schemaLocation": f"{namespace} {base or namespace}{file}"}
