"""What the columns of a file probably hold: by their names in French, Dutch or English, and by what is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from catalogue.exchange.mapping import ColumnMapping, Rule
from catalogue.exchange.targets import TARGETS
from catalogue.exchange.terms import Recogniser
from catalogue.folding import fold
from catalogue.i18n import languages

# Names by which others' programs and people call what a target holds; "title" without a language is that of the rows.
_NAMES = {
    "id": "record id;notice id interne;permalien;permalink",
    "title": "titre;titel;title;titre propre;hoofdtitel;name;nom;naam;intitule;label;preferredlabel;libelle;benaming",
    "summary": "resume;samenvatting;summary;description;beschrijving;omschrijving;abstract;n resume;annotation;"
    "presentation;what it does;contenu;inhoud;accroche",
    "easy": "facile a lire;falc;eenvoudige taal;easy to read;wablieft",
    "body": "texte;tekst;text;texte integral",
    "keywords": "mots cles;mot cle;motscles;trefwoorden;trefwoord;keywords;keyword;tags;descripteurs;altlabels;"
    "altlabel;alt;synonymes;synoniemen;steekwoorden;alternative labels;mots clefs;indexation libre",
    "authors": "auteur;auteurs;author;authors;schrijver;auteur s;creator;responsabilite",
    "publisher": "editeur;uitgever;uitgeverij;publisher;organisme;organisatie;organisation;maison d edition",
    "year": "annee;jaar;year;date de publication;date d edition;jaar van uitgave;publicatiejaar;annee d edition;"
    "annee de publication;editie;parution;publication year",
    "languages": "langue;langues;taal;talen;language;languages;lang;langue du document;taal van het document",
    "kind": "type;typdoc;type de document;soort;documenttype;type document;support;drager;genre;kind;aard;nature",
    "themes": "theme;themes;thema;thema s;themas;espace;domaine;domein",
    "audiences": "public;publics;public cible;doelgroep;doelgroepen;audience;target group;pour qui;voor wie",
    "level": "niveau;niveau d etudes;studieniveau;level;opleidingsniveau",
    "sectors": "secteur;secteurs;sector;sectoren;sectors;branche",
    "places": "lieu;lieux;plaats;region;regio;place;localisation geographique;gebied",
    "subjects": "sujet;sujets;onderwerp;onderwerpen;subject;subjects;matiere;vedette matiere;thesaurus",
    "occupations": "metier;metiers;beroep;beroepen;occupation;occupations;profession;fonction",
    "series": "collection;reeks;serie;series",
    "identifiers.isbn": "isbn;isbn issn;isbn13;isbn 13;code isbn;ean isbn",
    "identifiers.issn": "issn",
    "identifiers.ean": "ean;code barre produit;ean13;barcode",
    "identifiers.publisher_ref": "reference editeur;reference;referentie;publisher reference;ref",
    "holdings.url": "url;lien;lien internet;site web;adresse web;link;webadres;website;site;internet;homepage;"
    "home page;hyperlink;liens;links;web;url home",
    "holdings.shelf": "cote;plaatskenmerk;shelf;shelf mark;shelfmark;call number;rangement;emplacement;plaatsnummer;"
    "signatuur;rek",
    "holdings.file": "fichier;bestand;file",
    "holdings.copies": "exemplaires;nombre d exemplaires;exemplaren;aantal;aantal exemplaren;copies;quantite;stock",
    "holdings.use": "pret;usage;gebruik;use;uitleen;conditions",
    "dates.start": "debut;date de debut;start;begin;begindatum;startdatum;date debut",
    "dates.end": "fin;date de fin;end;einde;einddatum;date fin",
    "dates.where": "lieu de l evenement;locatie;where;waar",
    "dates.register": "inscription;inschrijving;registration;inschrijven",
    "contact.phone": "telephone;tel;telefoon;phone;gsm;telefoonnummer;numero de telephone",
    "contact.email": "email;e mail;courriel;mail;adresse email;emailadres",
    "contact.address": "adresse;adres;address;adresse postale",
    "contact.hours": "horaire;horaires;heures d ouverture;openingsuren;opening hours;openingstijden",
    "source.id": "notice id;n de notice;n notice;beschrijvingsnummer;"
    "numero de notice;numero;nummer;record number;recordnummer;concepturi;uri;identifiant;"
    "identifier;identificatie;cb;no;nr;code notice",
    "source.from": "source;bron;provenance;herkomst",
    "source.updated": "modifieddate;modifie le;gewijzigd op;updated;date de modification",
    "staff_note": "note interne;remarque;remarques;opmerking;opmerkingen;note;notes;commentaire;interne nota",
    "status": "statut;status;etat;toestand",
    "added": "date d ajout;date d entree;toegevoegd;toegevoegd op;added;date de creation;invoerdatum",
    "checked": "verifie le;gecontroleerd op;checked",
    "review_by": "a revoir;a verifier avant;te herzien;herzien tegen;review by",
}

_LANGUAGE_WORDS = {
    "fr": "fr francais frans french fre fra",
    "nl": "nl neerlandais nederlands dutch dut nld",
    "en": "en anglais engels english eng",
}
_LANGUAGE_OF = {word: lang for lang, words in _LANGUAGE_WORDS.items() for word in words.split()}
_BY_LANGUAGE = frozenset(name.rpartition(".")[0] for name, target in TARGETS.items() if target.lang)
_SURE = 88
"""Likeness (0 to 100) from which a name counts as a misspelling of a known one."""


def guess(
    columns: Sequence[str], samples: Mapping[str, Sequence[str]], name: str, recogniser: Recogniser
) -> ColumnMapping:
    """Return the probable mapping of a file called ``name``. ``samples``: some cells of each column, none empty.

    No target is given twice, save those of which a record has several.
    """
    language = language_of(columns, samples, name)
    rules: dict[str, Rule] = {}
    taken: set[str] = set()
    for column in sorted(columns, key=lambda column: -_likeness(column)[1]):  # the surest first
        cells = samples.get(column, ())
        target = _checked(_target(column, cells, language), cells, recogniser) if cells else ""
        if target and target not in taken:
            taken.add(target)
            rules[column] = Rule(target, _separator(target, cells))
    ordered = {column: rules[column] for column in columns if column in rules}
    constants = {"status": "draft"} if "status" not in taken else {}
    if "source.id" in taken and "source.from" not in taken:
        constants["source.from"] = Path(name).stem[:80] or "import"
    return ColumnMapping(ordered, constants)


def language_of(columns: Sequence[str], samples: Mapping[str, Sequence[str]], name: str) -> str:
    """Return the language of texts whose columns do not say it: that of the file's name, or of its words."""
    for part in reversed(_words(Path(name).stem).split()):
        if part in _LANGUAGE_OF:
            return _LANGUAGE_OF[part]
    words = f" {_words(' '.join(cell for column in columns for cell in samples.get(column, ())))} "
    counts = {
        "fr": sum(words.count(f" {word} ") for word in ("le", "la", "les", "des", "une", "est", "pour", "dans", "et")),
        "nl": sum(words.count(f" {word} ") for word in ("het", "een", "van", "voor", "en", "met", "zijn", "niet")),
    }
    return "nl" if counts["nl"] > counts["fr"] else "fr"


def _words(text: str) -> str:
    """Return a name in plain words: ``Mots-clés_FR`` becomes ``mots cles fr``."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def _divided(column: str) -> tuple[str, str]:
    """Return a column's name without its language, and the language: ``titre (NL)`` → ``titre``, ``nl``."""
    words = _words(column).split()
    for place in (len(words) - 1, 0):
        if len(words) > 1 and words[place] in _LANGUAGE_OF:
            return " ".join(words[:place] + words[place + 1 :]), _LANGUAGE_OF[words[place]]
    return " ".join(words), ""


@cache
def _known() -> Mapping[str, str]:
    """Return every name that says what a column holds → target, texts without their language."""
    known: dict[str, str] = {}
    for name, target in TARGETS.items():
        base = name.rpartition(".")[0] if target.lang else name
        for language in languages().values():
            known.setdefault(_words(language.gettext(target.part or target.label)), base)
    for base, names in _NAMES.items():
        known |= dict.fromkeys(names.split(";"), base)
    return known | {_words(name): name for name in TARGETS if "." in name and not TARGETS[name].lang}


@cache
def _likeness(column: str) -> tuple[str, float]:
    """Return the target a column's name is most like, without language, and how sure that is (0 to 100)."""
    name, _lang = _divided(column)
    if name in _known():
        return _known()[name], 100
    found = process.extractOne(name, list(_known()), scorer=fuzz.ratio, score_cutoff=_SURE) if len(name) > 4 else None
    return (_known()[found[0]], found[1]) if found else ("", 0)


def _target(column: str, cells: Sequence[str], language: str) -> str:
    if column in TARGETS:
        return column
    base, _sure = _likeness(column)
    if not base and _share(cells, r"https?://\S+") > 0.8:
        base = "holdings.url"
    lang = _divided(column)[1] or language
    if base in _BY_LANGUAGE and (base != "contact.address" or _divided(column)[1]):
        return f"{base}.{lang}"  # an address alone is mostly the same in every language
    if base == "holdings.url" and _share(cells, r"https?://\S+") < 0.5:
        return ""
    return base if base in TARGETS else ""


def _checked(target: str, cells: Sequence[str], recogniser: Recogniser) -> str:
    """Return a target that suits what the cells hold. A status is never guessed: "released" elsewhere is no status."""
    if target == "status" and not all(recogniser.id_of(TARGETS[target], cell) for cell in cells):
        return ""
    if target == "id" and _share(cells, r"(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,80}") < 1:
        return "source.id"
    return target


def _share(cells: Sequence[str], pattern: str) -> float:
    return sum(bool(re.fullmatch(pattern, cell)) for cell in cells) / len(cells) if cells else 0.0


def _separator(target: str, cells: Sequence[str]) -> str:
    """Return what stands between the values of the cells of a list: the sign that divides most of them."""
    if not TARGETS[target].many:
        return ""
    # A comma also divides "surname, first name", and a stroke two forms of one word: they come last.
    counts = {sign: sum(sign in cell for cell in cells) for sign in (";", "|", "\n")}
    best = max(counts, key=lambda sign: counts[sign])
    if counts[best] >= max(1, len(cells) // 20):
        return best
    if target in ("authors", "holdings.url", "holdings.shelf"):
        return ""
    return "," if sum("," in cell for cell in cells) > len(cells) // 4 else ""
