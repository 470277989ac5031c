"""Templates into answers: one Jinja environment per interface language, each page a dataclass that it prints."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from catalogue.errors import N_
from catalogue.i18n import languages
from catalogue.web.icons import icon

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def static_url(name: str) -> str:
    """Return the address of a static file with a mark of its bytes, so that no cache hides a new version."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def say(lang: str, msgid: str, **params: object) -> str:
    """Return a message in a language of one's own choice, where a page speaks more than one."""
    return languages()[lang].gettext(msgid) % params


@cache
def environment(lang: str) -> Environment:
    """Return the templates in one language. A name a page does not have is an error, never an empty place."""
    language = languages()[lang]
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(number=language.number, size=language.size)
    made.globals.update(static=static_url, icon=icon, say=say, N_=N_)
    return made


def html(template: str, page: Any, lang: str, status: int = 200) -> HTMLResponse:
    """Return ``page`` (a dataclass of ``pages.py``) printed by ``template`` in ``lang``."""
    text = environment(lang).get_template(template).render(page=page, frame=page.frame)
    return HTMLResponse(text, status, headers={"Content-Language": lang})
