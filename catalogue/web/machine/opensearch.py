"""``/opensearch.xml``: how browsers and programs search here (OpenSearch 1.1, draft 6), for readers of a language."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_, NotFound
from catalogue.exchange.marc import xml_text
from catalogue.i18n import DEFAULT, languages
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.frame import site_address
from catalogue.web.machine.conditional import ASK_AGAIN

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_SHORT, _LONG = 16, 48  # the characters that the standard allows


def description(request: Request) -> Response:
    """The description in ``lang``. Raises NotFound for a language that the site does not have."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = request.query_params.get("lang", DEFAULT)
    if lang not in languages():
        raise NotFound
    data = tostring(_description(catalogue, site_address(request), lang), encoding="utf-8", xml_declaration=True)
    headers = {"Cache-Control": ASK_AGAIN}
    return Response(data, media_type="application/opensearchdescription+xml", headers=headers)


def _description(catalogue: Catalogue, base: str, lang: str) -> Element:
    _ = languages()[lang].gettext
    centre = catalogue.contents.frame.centre
    name = str(centre.name.best(lang))
    top = Element("OpenSearchDescription", {"xmlns": NAMESPACE})
    for tag, text in (
        ("ShortName", _(N_("The catalogue"))[:_SHORT]),
        ("Description", f"{_(N_('The catalogue'))} – {name}"),
        ("LongName", name[:_LONG]),
        ("Language", lang),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ):
        SubElement(top, tag).text = xml_text(text)
    image = SubElement(top, "Image", {"type": "image/svg+xml", "width": "64", "height": "64"})
    image.text = f"{base}/static/icon.svg"
    for type, template in (
        ("text/html", f"{base}{addresses.search(lang)}?q={{searchTerms}}&page={{startPage?}}"),
        ("application/json", f"{base}/api/search?lang={lang}&q={{searchTerms}}&page={{startPage?}}"),
    ):
        SubElement(top, "Url", {"type": type, "template": template})
    own = {
        "type": "application/opensearchdescription+xml",
        "rel": "self",
        "template": base + addresses.opensearch(lang),
    }
    SubElement(top, "Url", own)
    return top
