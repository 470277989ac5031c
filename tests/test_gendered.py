"""Labels with two gendered forms become two labels, each complete; any other slash stays."""

from __future__ import annotations

import pytest

from catalogue.exchange.gendered import forms


@pytest.mark.parametrize(
    ("label", "both"),
    [
        ("infirmier/infirmière", "infirmier|infirmière"),
        ("directeur technique/directrice technique", "directeur technique|directrice technique"),
        ("journaliste sportif/journaliste sportive", "journaliste sportif|journaliste sportive"),
        ("aide-soignant à domicile/aide-soignante à domicile", "aide-soignant à domicile|aide-soignante à domicile"),
        ("inspecteur / inspectrice de magasin", "inspecteur de magasin|inspectrice de magasin"),
        ("technicien/technicienne biochimiste", "technicien biochimiste|technicienne biochimiste"),
        ("conducteur/conductrice de four à coke", "conducteur de four à coke|conductrice de four à coke"),
        ("artisan/artisane sur cuir", "artisan sur cuir|artisane sur cuir"),
        ("vendeur en boucherie/vendeuse", "vendeur en boucherie|vendeuse en boucherie"),
        ("chef décorateur/décoratrice spectacle", "chef décorateur spectacle|chef décoratrice spectacle"),
        ("boucher/bouchère-charcutière", "boucher|bouchère-charcutière"),
        (
            "ouvrier brasseur-malteur/ouvrière brasseuse malteuse",
            "ouvrier brasseur-malteur|ouvrière brasseuse malteuse",
        ),
        (
            "transporteur non exploitant/transporteuse non exploitante de navire",
            "transporteur non exploitant de navire|transporteuse non exploitante de navire",
        ),
        (
            "psychologue clinicien de la santé/clinicienne de la santé",
            "psychologue clinicien de la santé|psychologue clinicienne de la santé",
        ),
        (
            "sellier-garnisseur/sellière-garnisseuse en automobile",
            "sellier-garnisseur en automobile|sellière-garnisseuse en automobile",
        ),
        (
            "inspecteur en foresterie/inspectrice du travail en foresterie",
            "inspecteur en foresterie|inspectrice du travail en foresterie",
        ),
        (
            "formateur «illettrisme/français»/formatrice «illettrisme/français»",
            "formateur «illettrisme/français»|formatrice «illettrisme/français»",
        ),
        ("coordinateurs sportifs/coordinatrice sportive", "coordinateurs sportifs|coordinatrice sportive"),
        ("Agent commercial/agente commerciale", "Agent commercial|agente commerciale"),
        ("designer textile/designeuse textile", "designer textile|designeuse textile"),
        ("homme de pont/femme de pont", "homme de pont|femme de pont"),
        ("fantassin/femme fantassin", "fantassin|femme fantassin"),
        ("maïeuticien/sage-femme", "maïeuticien|sage-femme"),
        ("steward urbain/hôtesse urbaine", "steward urbain|hôtesse urbaine"),
        ("gouvernantes/intendants à domicile", "gouvernantes à domicile|intendants à domicile"),
        ("maître pâtissier/maîtresse pâtissière", "maître pâtissier|maîtresse pâtissière"),
        ("acheteur public/acheteuse publique", "acheteur public|acheteuse publique"),
        ("ingénieure ferroviaire/ingénieure ferroviaire", "ingénieure ferroviaire"),
        ("employé(e) de maison", "employé de maison|employée de maison"),
    ],
)
def test_two_french_forms_are_two_complete_labels(label: str, both: str) -> None:
    assert forms(label, "fr") == tuple(both.split("|"))


@pytest.mark.parametrize(
    ("lang", "label", "both"),
    [
        ("nl", "medisch schrijver/medisch schrijfster", "medisch schrijver|medisch schrijfster"),
        ("nl", "leraar/lerares bijzonder onderwijs", "leraar bijzonder onderwijs|lerares bijzonder onderwijs"),
        ("nl", "steward/stewardess rondvaart", "steward rondvaart|stewardess rondvaart"),
        ("nl", "cytotechnoloog/cytotechnologe", "cytotechnoloog|cytotechnologe"),
        ("nl", "gastheer/gastvrouw", "gastheer|gastvrouw"),
        ("nl", "kleuterleider/kleuterleidster", "kleuterleider|kleuterleidster"),
        ("nl", "huishoud(st)er", "huishouder|huishoudster"),
        ("en", "foreman/forewoman shunter", "foreman shunter|forewoman shunter"),
        ("en", "prop master/mistress assistant", "prop master assistant|prop mistress assistant"),
        ("en", "head waiter/head waitress", "head waiter|head waitress"),
    ],
)
def test_dutch_and_english_have_such_labels_too(lang: str, label: str, both: str) -> None:
    assert forms(label, lang) == tuple(both.split("|"))


@pytest.mark.parametrize(
    ("lang", "label"),
    [
        ("fr", "infirmier"),
        ("fr", ""),
        ("fr", "/"),
        ("fr", "/infirmière"),
        ("fr", "animatrice d'équipe de fabrication de papier/carton"),
        ("fr", "responsable développement/expansion immobilière"),
        ("fr", 'formateur "lutte contre l\'illettrisme/français langue étrangère"'),
        ("fr", "soudeur (h/f)"),
        ("nl", "QA/RA-medewerker"),
        ("nl", "chauffeur/verhuizer"),
        ("nl", "pilote/astronaute"),
        ("nl", "kapitein roll-on/roll-offvaart"),
        ("nl", "afdelingsmanager verkoop (para)medisch materiaal"),
        ("nl", "chemisch ingenieur (procestechnoloog/productontwikkelaar)"),
        ("en", "quality assurance/quality control manager"),
        ("en", "dog/cat boarding manager"),
        ("en", "HVAC(R) draughter"),
        ("de", "Lehrer/Lehrerin"),
    ],
)
def test_what_is_no_pair_of_genders_stays(lang: str, label: str) -> None:
    assert forms(label, lang) == (label,)
