"""A network of centres: whose a record is, what a centre offers, which centre's site this is.

There is a network where ``vocabularies/centres.yaml`` names at least two centres; else nothing of this shows anywhere.
A record of no centre belongs to all of them. One that is shared belongs to its centre, and the others offer it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.errors import N_, BadInput, SettingsError
from catalogue.fields import CENTRE, OF_A_NETWORK, RecordFields
from catalogue.settings import nearest
from catalogue.values import CENTRE_LANGUAGES
from catalogue.vocabulary import EVERY_CENTRE, SHARED_BY_CENTRES, Vocabularies

EVERY = EVERY_CENTRE
"""The value of the filter that every record has: chosen, it takes the filter of a centre's site away."""

SHARED = SHARED_BY_CENTRES
"""The value of records that others than their own centre offer."""

WHOLE_NETWORK = N_("The whole network")
"""What stands for all centres where somebody belongs to one of them, or to all."""

Filters = tuple[tuple[str, tuple[str, ...]], ...]


def holders(record: RecordFields, vocabularies: Vocabularies) -> tuple[str, ...]:
    """Return the centres to which a record belongs: its own, or all of them; none where there is no network."""
    if not vocabularies.centres:
        return ()
    return (record.centre,) if record.centre else tuple(vocabularies.centres)


def values(record: RecordFields, vocabularies: Vocabularies) -> Iterator[str]:
    """Yield the values of a record in the filter of centres: who holds it, and whether others offer it."""
    if not vocabularies.centres:
        return
    yield from holders(record, vocabularies)
    if record.shared or not record.centre:
        yield SHARED
    yield EVERY


def is_offered(record: RecordFields, home: str) -> bool:
    """Tell whether the site of the centre ``home`` offers a record unasked; without a centre: the site of all."""
    return not home or record.centre in ("", home) or record.shared


def with_default(filters: Filters, home: str) -> Filters:
    """Return filters as an engine is to apply them: on a centre's site what it offers, unless centres are chosen."""
    if not home or CENTRE in dict(filters):
        return filters
    return (*filters, (CENTRE, tuple(sorted((home, SHARED)))))


def home_of(centre: str, vocabularies: Vocabularies) -> str:
    """Return the centre whose site this is (``CATALOGUE_CENTRE``), nothing where there is none of this name."""
    return centre if centre in vocabularies.centres else ""


def check_setting(centre: str, vocabularies: Vocabularies) -> None:
    """Raise SettingsError where ``CATALOGUE_CENTRE`` names none of the centres."""
    listed = vocabularies.terms.get("centres", {})
    if centre and not listed:
        message = N_("CATALOGUE_CENTRE is “%(value)s”, but there is no list of centres: vocabularies/centres.yaml.")
        raise SettingsError(message, value=centre)
    if centre and centre not in listed:
        message = N_("CATALOGUE_CENTRE: there is no centre “%(value)s”. Did you mean %(near)s?")
        raise SettingsError(message, value=centre, near=nearest(centre, list(listed)))


def check_centre(centre: str, vocabularies: Vocabularies) -> str:
    """Return the id of a centre that somebody belongs to, empty for the whole network. Raises BadInput for another."""
    if centre and centre not in vocabularies.centres:
        raise BadInput(N_("There is no centre “%(value)s”."), value=centre, field=CENTRE)
    return centre


def name(centre: str, vocabularies: Vocabularies) -> str:
    """Return what a centre is called in the languages of the centres: ``Liège / Luik``."""
    labels = (vocabularies.label("centres", centre, lang).text for lang in CENTRE_LANGUAGES)
    return " / ".join(dict.fromkeys(labels))


def unseen(vocabularies: Vocabularies) -> tuple[str, ...]:
    """Return the fields that nobody is shown: those of a network, where there is none."""
    return () if vocabularies.centres else OF_A_NETWORK


def seen(mapping: Mapping[str, object], vocabularies: Vocabularies) -> dict[str, object]:
    """Return what may be shown of the mapping of a record."""
    hidden = unseen(vocabularies)
    return {key: value for key, value in mapping.items() if key not in hidden}
