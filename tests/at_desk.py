"""Reading the pages of the desk as staff do, and sending their forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.settings import Settings
from tests.desk_site import DeskSite, desk_site


class Desk:
    """A documentalist at the desk of a small centre."""

    def __init__(self, site: DeskSite) -> None:
        self.site, self.catalogue = site, site.catalogue
        self.client = site.browser("dirk", follow_redirects=True)

    def get(self, page: str, lang: str = "fr") -> str:
        answer = self.client.get(f"/desk/{lang}/{page}")
        assert answer.status_code == 200, answer.status_code
        return html.unescape(answer.text)

    def seen(self, page: str) -> str:
        found = re.search(r'name="seen" value="([^"]*)"', self.get(page))
        assert found
        return found[1]

    def post(self, page: str, lang: str = "fr", status: int = 303, **form: Any) -> str:
        """Send a form; return where one is led, or the page."""
        form = {"seen": self.seen(page) if "seen" not in form else form.pop("seen")} | {
            name.replace("__", "."): value for name, value in form.items()
        }
        answer = self.client.post(f"/desk/{lang}/{page}", data=form, follow_redirects=False)
        assert answer.status_code == status, (answer.status_code, html.unescape(answer.text)[-3000:])
        return answer.headers["location"] if status == 303 else html.unescape(answer.text)

    def file(self, name: str) -> str:
        return (self.catalogue.settings.resources / name).read_text(encoding="utf-8")

    def undo(self, location: str) -> None:
        action = int(location.rpartition("done=")[2])
        assert not self.catalogue.writer.undo(action, "dirk").left


@contextmanager
def at_desk(settings: Settings) -> Iterator[Desk]:
    """Open a catalogue, and give a documentalist who is signed in."""
    with desk_site(settings) as site:
        yield Desk(site)


def folder(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.yaml")}


def hidden(text: str) -> Mapping[str, str]:
    """Return the hidden values of the forms of a page, as the browser sends them."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


def shown(text: str) -> str:
    """Return the words of a page without its tags, spaces collapsed."""
    body = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
