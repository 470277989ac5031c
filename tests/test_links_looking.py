"""Links looked at over a real network: every way in which a server answers, or does not."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import time
from collections.abc import Iterator

import pytest
import trustme

from catalogue.links.asking import Asker, Manners, host_of
from catalogue.links.looking import Finding, Looker
from tests.link_hosts import Hosts, hosts

PATIENT = Manners(delay=0.0, inside=True)
QUICK = Manners(delay=0.0, silence=0.3, longest=0.5, inside=True)


@pytest.fixture(scope="module")
def shared() -> Iterator[Hosts]:
    with hosts() as running:
        yield running


@pytest.fixture
def web() -> Iterator[Hosts]:
    with hosts() as running:
        yield running


def look(*urls: str, manners: Manners = PATIENT, tls: ssl.SSLContext | None = None) -> list[Finding]:
    async def looked() -> list[Finding]:
        async with Asker(manners, tls) as asker:
            looker = Looker(asker)
            return [await looker.look(url) for url in urls]

    return asyncio.run(looked())


@pytest.mark.parametrize(
    ("path", "outcome", "reason"),
    [
        ("/page", "answers", ""),
        ("/no-head", "answers", ""),
        ("/head-lies", "answers", ""),
        ("/cookie", "answers", ""),
        ("/busy", "answers", ""),
        ("/odd-charset", "answers", ""),
        ("/odd-markup", "answers", ""),
        ("/film", "answers", ""),
        ("/giant", "answers", ""),
        ("/301/to/soft", "doubtful", "words"),
        ("/soft", "doubtful", "words"),
        ("/zacht", "doubtful", "words"),
        ("/gone-home", "doubtful", "home"),
        ("/404", "absent", "404"),
        ("/410", "absent", "410"),
        ("/301/to/404", "absent", "404"),
        ("/302/to/404", "absent", "404"),
        ("/401", "unknown", "401"),
        ("/403", "unknown", "403"),
        ("/451", "unknown", "451"),
        ("/500", "unknown", "500"),
        ("/503", "unknown", "503"),
        ("/loop", "unknown", "loop"),
        ("/endless", "unknown", "loop"),
        ("/reset", "unknown", "reset"),
        ("/noise", "unknown", "protocol"),
        ("/silent", "unknown", "timeout"),
        ("/dripping-head", "unknown", "timeout"),
        ("/dripping-page", "unknown", "timeout"),
        ("/script", "unknown", "302"),
    ],
)
def test_what_a_server_does_is_told_for_what_it_is(shared: Hosts, path: str, outcome: str, reason: str) -> None:
    (found,) = look(shared.at(path), manners=QUICK if reason == "timeout" else PATIENT)
    assert (found.outcome, found.reason) == (outcome, reason)
    assert not found.target


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/301/to", "/page"),
        ("/308/to", "/page"),
        ("/301/to/308/to", "/page"),
        ("/302/to", ""),
        ("/303/to", ""),
        ("/307/to", ""),
        ("/302/to/301/to", ""),
        ("/301/to/302/to", "/302/to"),
        ("/301/to#part", "/page#part"),
    ],
)
def test_only_what_moved_for_good_has_another_address(shared: Hosts, path: str, target: str) -> None:
    (found,) = look(shared.at(path))
    assert found.outcome == "answers"
    assert found.target == (shared.at(target) if target else "")


def test_another_host_is_followed_and_its_own_robots_asked(web: Hosts) -> None:
    web.seen.robots["127.0.0.2"] = (200, "User-agent: *\nDisallow: /")
    (found,) = look(web.at("/elsewhere"))
    assert found.reason == "robots"
    assert ("127.0.0.2", "GET", "/robots.txt") in web.seen.asked
    assert "/page" not in [path for _, _, path in web.seen.asked]


@pytest.mark.parametrize(
    ("status", "text", "allowed"),
    [
        (200, "User-agent: *\nDisallow: /private", True),
        (200, "User-agent: *\nDisallow: /", False),
        (200, "User-agent: catalogue-links\nDisallow: /page", False),
        (200, "User-agent: *\nDisallow: /\n\nUser-agent: catalogue-links\nAllow: /", True),
        (404, "", True),
        (403, "", True),
        (500, "", False),
        (200, "<html>not one at all", True),
    ],
)
def test_robots_txt_is_respected(web: Hosts, status: int, text: str, allowed: bool) -> None:
    web.seen.robots["127.0.0.1"] = (status, text)
    (found,) = look(web.at("/page"), manners=Manners(agent="catalogue-links/1 (+https://x.be)", delay=0, inside=True))
    assert found.outcome == ("answers" if allowed else "unknown")
    assert found.reason == ("" if allowed else "robots")
    assert bool(web.seen.methods("/page")) == allowed
    assert web.seen.agents == {"catalogue-links/1 (+https://x.be)"}


def test_a_robots_txt_elsewhere_is_followed(web: Hosts) -> None:
    with hosts() as other:
        web.seen.robots["127.0.0.1"] = (301, other.at("/robots.txt"))
        other.seen.robots["127.0.0.1"] = (200, "User-agent: *\nDisallow: /page")
        assert [found.reason for found in look(web.at("/page"), web.at("/film"))] == ["robots", ""]


def test_what_is_wrong_with_https_is_not_held_against_http(web: Hosts) -> None:
    """A port that answers on one of the two alone: the rules of each are its own."""
    tls, plain = look(f"https://127.0.0.1:{web.port}/page", web.at("/page"))
    assert (tls.reason, plain.outcome) == ("tls", "answers")


def test_robots_txt_is_read_once_and_a_pause_is_kept(web: Hosts) -> None:
    look(web.at("/page"), web.at("/403"), manners=Manners(delay=0.05, inside=True))
    assert web.seen.methods("/robots.txt") == ["GET"]
    between = [later - earlier for earlier, later in zip(web.seen.times, web.seen.times[1:], strict=False)]
    assert len(between) >= 4
    assert min(between) >= 0.05


def test_a_host_that_asks_for_more_delay_gets_it(web: Hosts) -> None:
    web.seen.robots["127.0.0.1"] = (200, "User-agent: *\nCrawl-delay: 1\nAllow: /")
    began = time.monotonic()
    look(web.at("/film"), web.at("/film?2"), manners=Manners(delay=0, inside=True))
    assert time.monotonic() - began > 1


def test_a_big_file_is_asked_for_its_head_alone(web: Hosts) -> None:
    look(web.at("/film"))
    assert web.seen.methods("/film") == ["HEAD"]


def test_of_a_giant_page_little_is_read(web: Hosts) -> None:
    look(web.at("/giant"))
    time.sleep(0.2)
    assert 3 < web.seen.giant < 200, "less than 14 MB left the server, most of it in the buffers between"


def test_who_is_told_to_wait_waits_and_a_host_that_wants_peace_has_it(web: Hosts) -> None:
    busy, first, second = look(web.at("/busy"), web.at("/very-busy"), web.at("/page"))
    assert (busy.outcome, web.seen.methods("/busy")) == ("answers", ["HEAD", "HEAD", "GET"])
    assert (first.outcome, first.reason) == ("unknown", "429")
    assert second.outcome == "later"
    assert web.seen.methods("/very-busy") == ["HEAD"]
    assert not web.seen.methods("/page")


def test_a_retry_after_is_kept_to(web: Hosts) -> None:
    tired = [web.at("/429")]
    began = time.monotonic()
    (found,) = look(*tired, manners=Manners(delay=0.05, inside=True))
    assert time.monotonic() - began > 0.1 + 0.2, "twice the pause, then four times"
    assert found.reason == "429"
    assert web.seen.methods("/429") == ["HEAD"] * 3


def test_a_site_that_answers_everything_with_one_page_is_doubted() -> None:
    with hosts(soft=True) as web:
        found = look(web.at("/anything"), web.at("/"), web.at("/fr/"))
    assert [(f.outcome, f.reason) for f in found] == [("doubtful", "same"), ("answers", ""), ("answers", "")]


def test_a_name_that_is_none_and_a_port_where_nothing_listens(web: Hosts) -> None:
    nobody = "http://127.0.0.1:9/"
    found = look("http://nothing.invalid/", nobody, "http://[::bad/", "https:///x", "http://-bad-.example./")
    assert [f.reason for f in found][:4] == ["name", "connect", "address", "address"]
    assert found[4].outcome == "unknown"


def test_the_house_is_not_looked_at_neither_directly_nor_by_redirect(web: Hosts) -> None:
    (found,) = look(web.at("/page"), manners=Manners(delay=0))
    assert found.reason == "inside"
    assert not web.seen.asked
    names = ["http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "http://0.0.0.0/"]
    assert {f.reason for f in look(*names, manners=Manners(delay=0))} == {"inside"}


# --- TLS ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.mark.parametrize(
    ("kind", "reason"), [("good", ""), ("expired", "expired"), ("unknown", "certificate"), ("name", "certificate")]
)
def test_certificates(authority: trustme.CA, kind: str, reason: str) -> None:
    past = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    issuer = trustme.CA() if kind == "unknown" else authority
    name = "elsewhere.example" if kind == "name" else "localhost"
    certificate = issuer.issue_cert(name, not_after=past if kind == "expired" else None)
    with hosts(serving(certificate)) as web:
        (found,) = look(f"https://localhost:{web.port}/page", tls=trusting(authority))
    assert (found.outcome, found.reason) == ("unknown" if reason else "answers", reason)


def test_a_host_that_does_not_speak_tls(web: Hosts) -> None:
    (found,) = look(f"https://127.0.0.1:{web.port}/page")
    assert (found.outcome, found.reason) == ("unknown", "tls")


def test_hosts_are_told_apart_by_name_and_port() -> None:
    assert [host_of(url) for url in ("https://A.be/x", "http://a.be:81/", "ftp://a.be/", "x", "http://a:b/")] == [
        "a.be",
        "a.be:81",
        "",
        "",
        "",
    ]
