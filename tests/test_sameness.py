"""Addresses, book numbers and titles that are written differently and mean the same; and such as only look so."""

from __future__ import annotations

import pytest

from catalogue.sameness import are_alike, is_front_page, is_same_url, is_slip, isbn_key, may_slip, title_words, url_key

SAME_URLS = [
    "https://www.actiris.brussels/fr/citoyens",
    "http://actiris.brussels/fr/citoyens/",
    "HTTPS://WWW.Actiris.BRUSSELS:443/fr/citoyens#section-2",
    "https://www.actiris.brussels/fr/citoyens?utm_source=nieuwsbrief&fbclid=x",
    "https://actiris.brussels/fr/citoyens/index.html",
    " https://www.actiris.brussels./fr/citoyens ",
]


def test_spellings_of_one_address_have_one_key() -> None:
    assert {url_key(url) for url in SAME_URLS} == {"actiris.brussels/fr/citoyens"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.be/?id=1", "https://a.be/?id=2"),
        ("https://a.be/Fr", "https://a.be/fr"),
        ("https://a.be:8080/", "https://a.be/"),
        ("https://a.be/#/cours/1", "https://a.be/#/cours/2"),
        ("https://fr.a.be/", "https://nl.a.be/"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_the_order_of_what_is_asked_does_not_count() -> None:
    assert url_key("https://a.be/x?b=2&a=1") == url_key("https://a.be/x?a=1&b=2")
    assert url_key("https://a.be/%C3%A9cole") == url_key("https://a.be/école")


@pytest.mark.parametrize("url", ["", "mailto:a@b.be", "https://", "www.a.be", "https://[", "https://a.be:port/"])
def test_what_is_no_address_has_no_key(url: str) -> None:
    assert url_key(url) == ""


def test_what_is_no_address_is_the_same_only_to_the_letter() -> None:
    assert is_same_url(SAME_URLS[0], SAME_URLS[3])
    assert is_same_url("https://[", "https://[")
    assert not is_same_url("https://[", "")


def test_a_front_page_is_a_whole_site() -> None:
    assert is_front_page(url_key("https://www.vdab.be/index.php"))
    assert not is_front_page(url_key("https://www.vdab.be/jobs"))


@pytest.mark.parametrize(
    "number",
    [
        "2-07-036822-X",
        "207036822x",
        "978-2-07-036822-8",
        "9782070368228",
        "ISBN-13: 978–2–07–036822–8",
        "ISBN 207036822X",
    ],
)
def test_both_lengths_of_an_isbn_are_one(number: str) -> None:
    assert isbn_key(number) == "9782070368228"


@pytest.mark.parametrize("number", ["", "5410228142119", "0378-5955", "97820703682", "titre"])
def test_other_numbers_are_no_isbn(number: str) -> None:
    assert isbn_key(number) == ""


def test_words_of_a_title() -> None:
    assert title_words("L'École de la « seconde chance »") == ("ecole", "seconde", "chance")
    assert title_words("De la") == ("de", "la"), "a title of nothing else keeps it"
    assert title_words("Trouver un emploi") != title_words("Chercher un emploi")
    assert title_words("?!") == ()


@pytest.mark.parametrize(
    "pair", [("infirmier", "infimier"), ("infirmiers", "infirmier"), ("verpleegkundige", "verplegkundigen")]
)
def test_slips_of_the_pen(pair: tuple[str, str]) -> None:
    assert is_slip(*pair)


@pytest.mark.parametrize("pair", [("infirmier", "infirmerie"), ("boucher", "bouclier"), ("formation", "information")])
def test_other_words_are_no_slips(pair: tuple[str, str]) -> None:
    assert not is_slip(*pair)


def test_figures_and_short_words_are_never_mistyped() -> None:
    assert not any(map(may_slip, ("2025", "volume2", "bois", "hbo5")))


def test_alike_share_half_their_words() -> None:
    assert are_alike("Devenir infirmier", "Comment devenir infirmier")
    assert not are_alike("Devenir infirmier", "Devenir boucher ou charcutier")
