"""What is known of a link after it was looked at once more: days count, not looks, and a person's word holds."""

from __future__ import annotations

import datetime
from dataclasses import replace

from catalogue.errors import N_
from catalogue.links.looking import ABSENT, ANSWERS, DOUBTFUL, Finding
from catalogue.state import LinkState

WORKS, MOVED, BROKEN, UNCLEAR, PERHAPS_GONE = "answers", "moved", "broken", "unknown", "perhaps-gone"
"""The verdicts: it answers; it answers elsewhere, for good; it is broken; nobody can tell; the page is perhaps gone."""

VERDICT_NAMES = {
    BROKEN: N_("Broken"),
    PERHAPS_GONE: N_("Perhaps gone"),
    MOVED: N_("Moved"),
    UNCLEAR: N_("Cannot be told"),
    WORKS: N_("Answers"),
}
"""What they are called, what harms visitors most first."""

BROKEN_AFTER = 3
"""The number of separate days on which a server said that there is nothing, from which a link is broken."""

VOUCHED = datetime.timedelta(days=180)
"""How long the word of somebody who looked stands against what a program could not tell."""


def judge(before: LinkState | None, finding: Finding, now: datetime.datetime, run: str) -> LinkState:
    """Return what is known of an address after ``finding``, from what was known before it (None: nothing)."""
    today = now.date()
    known = before or LinkState(finding.url, "", today, now)
    failures, failed = known.failures, known.failed
    if finding.outcome == ABSENT and failed != today:
        failures, failed = failures + 1, today
    elif finding.outcome in (ANSWERS, DOUBTFUL):
        failures, failed = 0, None
    verdict = _verdict(known, finding, failures, today)
    return replace(
        known,
        verdict=verdict,
        since=known.since if verdict == known.verdict else today,
        reason=finding.reason,
        status=finding.status,
        target=finding.target,
        checked=now,
        answered=today if finding.outcome == ANSWERS else known.answered,
        failures=failures,
        failed=failed,
        run=run,
    )


def vouched(before: LinkState | None, url: str, now: datetime.datetime, account: str) -> LinkState:
    """Return what is known of an address of which somebody says that it works: they looked at it today."""
    today = now.date()
    known = before or LinkState(url, "", today, now)
    since = known.since if known.verdict == WORKS else today
    fresh = replace(known, verdict=WORKS, since=since, reason="", target="", failures=0, failed=None)
    return replace(fresh, checked=now, answered=today, vouched=today, account=account)


def _verdict(known: LinkState, finding: Finding, failures: int, today: datetime.date) -> str:
    if finding.outcome == ANSWERS:
        return MOVED if finding.target else WORKS
    if failures >= BROKEN_AFTER:
        return BROKEN
    if finding.outcome != ABSENT and known.vouched and today - known.vouched <= VOUCHED:
        return WORKS
    return PERHAPS_GONE if finding.outcome == DOUBTFUL else UNCLEAR
