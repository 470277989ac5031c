"""``/desk/{lang}/series/{id}``: a series is renewed: its table filled, what would change shown, and done."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import pasted
from catalogue.errors import N_
from catalogue.renewal import Row
from catalogue.state import Account
from catalogue.web.desk.series_asked import Asked
from catalogue.web.desk.series_preview import preview
from catalogue.web.desk.series_table import Filling, table


def show(request: Request, account: Account) -> Response:
    """Show the table of a series."""
    return table(Asked(request, account), Filling())


def take(request: Request, account: Account, form: FormData) -> Response:
    """Fill the table from pasted lines, show what would change, or do it."""
    asked = Asked(request, account, form)
    do = form.get("do", "preview")
    if do == "paste":
        return _pasted(asked, str(form.get("text", "")))
    if do == "all":
        rows = {r.id: Row(r.id, asked.row(r.id).fate or "received", asked.row(r.id).values) for r in asked.records}
        return table(asked, Filling(rows, asked.edition))
    if do == "back":
        return table(asked, Filling(asked.rows, asked.edition))
    with asked.catalogue.writer.turn():
        return _renew(asked, form, sure=do == "apply")


def _pasted(asked: Asked, text: str) -> Response:
    """Fill the table from lines; while one of them is nobody's, the text stays."""
    found = pasted.read(text, asked.records, asked.rows)
    unread = "" if all(line.id for line in found.lines) else text
    return table(asked, Filling(found.rows, asked.edition, found.lines, unread))


def _renew(asked: Asked, form: FormData, sure: bool) -> Response:
    """Show what would change; where that was seen as it still is (``sure``), do it. Hold the writer's turn."""
    renewed = asked.renewed()
    wrong = {one.row.id: one.problems[0].text(asked.gettext) for one in renewed if one.problems}
    if wrong:
        return table(asked, Filling(asked.rows, asked.edition, wrong=wrong))
    changed = [one for one in renewed if one.shifts]
    missing = [one.row.id for one in renewed if one.row.fate == "missing"]
    if not changed and not missing:
        nothing = asked.gettext(N_("Nothing would change: say what was received, stopped or is missing."))
        return table(asked, Filling(asked.rows, asked.edition, problem=nothing))
    seen = {one.row.id: asked.catalogue.version(one.row.id).digest for one in changed}
    if not sure or any(form.get(f"seen:{id}") != digest for id, digest in seen.items()):
        return preview(asked, renewed, seen, changed_since=sure)
    after, by = [one.after for one in changed], asked.account.name
    action = asked.catalogue.save_all(after, account=by, kind="renew", label=asked.name.text)
    params = [("done", str(action)), *(("missing", id) for id in missing)]
    return RedirectResponse(f"{asked.here}?{urlencode(params)}", 303)
