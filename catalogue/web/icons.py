"""Our own icons: 24 px grid, strokes of 2 px with round ends, drawn in the colour of the text beside them.

Every drawing stays between 2 and 22, leans on the same lines (3, 12, 21) and keeps at least 2 px of air between two
strokes, so that it is read at 24 px as well as from two metres.
"""

from __future__ import annotations

from markupsafe import Markup

_PIN = '<path d="M12 21.5s7-6.5 7-12a7 7 0 0 0-14 0c0 5.5 7 12 7 12z"/><circle cx="12" cy="9.5" r="2.5"/>'
_PAGE = '<path d="M7 3h7l5 5v11a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM14 3v5h5"/>'
_SCREEN = '<rect x="3" y="4" width="18" height="13" rx="2"/><path d="M8 21h8M12 17v4"/>'

_PATHS = {
    # themes
    "orient": '<circle cx="12" cy="12" r="9"/><path d="m16 8-2.5 5.5L8 16l2.5-5.5z"/>',
    "learn": '<path d="M12 6.5c-2-1.5-5-2-9-2v13c4 0 7 .5 9 2 2-1.5 5-2 9-2v-13c-4 0-7 .5-9 2zM12 6.5v13"/>',
    "work": '<rect x="3" y="8" width="18" height="12" rx="2"/><path d="M8.5 8V6a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v2'
    'M3 13.5h18M12 12.5v2"/>',
    "start": '<path d="M5 10v9a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-9M5.5 4h13l2.5 6H3zM10 20v-5h4v5"/>',
    "move": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18"/>',
    # kinds
    "factsheet": f'{_PAGE}<path d="M9 13h6M9 17h4"/>',
    "guide": '<path d="m3 6.5 6-2.5 6 2.5L21 4v13.5L15 20l-6-2.5L3 20zM9 4v13.5M15 6.5V20"/>',
    "website": '<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M3 9h18M7 6.5h.01M10.5 6.5h.01"/>',
    "organisation": '<path d="M3 21h18M5 21V6l7-3 7 3v15M10 21v-4h4v4M9.5 9h.01M14.5 9h.01M9.5 13h.01M14.5 13h.01"/>',
    "tool": f'{_SCREEN}<path d="m9 10.5 2 2 4-4"/>',
    "test": '<rect x="4" y="3" width="16" height="18" rx="2"/><path d="m7.5 8.5 1.5 1.5 2.5-2.5'
    'm-4 7.5 1.5 1.5 2.5-2.5M15 9h1.5M15 15.5h1.5"/>',
    "course": '<path d="m2 9.5 10-5 10 5-10 5zM6 12v4.5c2 2.5 10 2.5 12 0V12M22 9.5V15"/>',
    "event": '<rect x="3" y="5" width="18" height="16" rx="2"/><path d="M3 10h18M8 3v4M16 3v4M8 14h.01M12 14h.01'
    'M16 14h.01M8 17.5h.01M12 17.5h.01"/>',
    "video": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m10 9 5 3-5 3z"/>',
    "audio": '<path d="M4 15v-3a8 8 0 0 1 16 0v3"/><rect x="3" y="14" width="4" height="6" rx="1"/>'
    '<rect x="17" y="14" width="4" height="6" rx="1"/>',
    "book": '<path d="M19 17H7a2 2 0 0 0 0 4h12V3H7a2 2 0 0 0-2 2v14M9 7.5h6"/>',
    "press": '<path d="M17 9h3a1 1 0 0 1 1 1v8a2 2 0 0 1-4 0V5a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v13a2 2 0 0 0 2 2h14'
    'M7 8.5h6M7 12h6M7 15.5h4"/>',
    # ways to get a document
    "shelf": '<path d="M2 21h20M4 17.5V4M8.5 17.5V7M13 17.5V4M17 6l3.5 11.5"/>',
    "link": '<path d="M14 4h6v6M20 4l-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4"/>',
    "file": f'{_PAGE}<path d="M12 11v6M9.5 14.5 12 17l2.5-2.5"/>',
    "look-inside": f'{_PAGE}<circle cx="11" cy="13.5" r="2.5"/><path d="m13 15.5 2.5 2.5"/>',
    # the rest
    "keys": '<rect x="2" y="6" width="20" height="12" rx="2"/><path d="M6 10h.01M10 10h.01M14 10h.01M18 10h.01M7 14h10"/>',
    "again": '<path d="M4 12a8 8 0 1 0 2.5-5.8M4 3v4.5h4.5"/>',
    "ahead": '<path d="M20 12a8 8 0 1 1-2.5-5.8M20 3v4.5h-4.5"/>',
    "chart": '<path d="M3 21h18M6 17v-5M11 17V5M16 17v-8M20.5 17v-3"/>',
    "subject": '<path d="M3 12V4a1 1 0 0 1 1-1h8l9 9-9 9zM7.5 7.5h.01"/>',
    "search": '<circle cx="10.5" cy="10.5" r="7"/><path d="m21 21-5.5-5.5"/>',
    "talk": '<path d="M5 3h9a2 2 0 0 1 2 2v5.5a2 2 0 0 1-2 2H8L3 16V5a2 2 0 0 1 2-2z"/>'
    '<path d="M20 9a1 1 0 0 1 1 1v11l-4.5-4H12"/>',
    "list": '<path d="M9.5 6H21M9.5 12H21M9.5 18H21M3.5 6l1 1 2-2.5M3.5 12l1 1 2-2.5M3.5 18l1 1 2-2.5"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "up": '<path d="m5 14 7-7 7 7"/>',
    "down": '<path d="m5 10 7 7 7-7"/>',
    "copy": '<rect x="9" y="8" width="12" height="13" rx="2"/><path d="M5 16H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1"/>',
    "mobile": '<rect x="6" y="2.5" width="12" height="19" rx="2.5"/><path d="M11 18h2"/>',
    "screens": '<rect x="2" y="4" width="13" height="10" rx="2"/><path d="M6 18h4M17 9h3a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-3a2 2 0 0 1-2-2v-1"/>',
    "code": '<path d="M6 4 4.5 20M13 4l-1.5 16M2.5 9.5h13M2 15h13M19.5 4v16"/>',
    "rows": '<path d="M3 6h18M3 12h18M3 18h18"/>',
    "covers": '<rect x="3" y="3" width="7" height="8" rx="1"/><rect x="14" y="3" width="7" height="8" rx="1"/>'
    '<path d="M3 16h7M14 16h7M3 20h5M14 20h5"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.5 5 5 9-11"/>',
    "back": '<path d="m15 5-7 7 7 7"/>',
    "forward": '<path d="m9 5 7 7-7 7"/>',
    "phone": '<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15.5 15.5 0 0 1 4 5a1 1 0 0 1 '
    '1-1z"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7.5 8 5.5 8-5.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "place": _PIN,
    "filter": '<path d="M3 7h9M18 7h3M3 17h3M12 17h9"/><circle cx="15" cy="7" r="2.5"/><circle cx="9" cy="17" r="2.5"/>',
    "easy": '<path d="M2.5 18.5 7.5 5l5 13.5M4.2 14h6.6M21 11v7.5"/><circle cx="17.75" cy="14.75" r="3.25"/>',
    "flag": '<path d="M5 21V4h14l-3 4.5 3 4.5H5"/>',
    "print": '<path d="M7 9V3h10v6M7 18H5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2'
    'M7 14.5h10V21H7z"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20v-1.5a5.5 5.5 0 0 1 5.5-5.5h2a5.5 5.5 0 0 1 5.5 5.5V20M16 4.8a3.5 3.5 0 0 1 0 6.4M18 13.4a5.5 5.5 0 0 1 3.5 5.1V20"/>',
    "key": '<circle cx="7.5" cy="15.5" r="4.5"/><path d="M10.8 12.2 20 3M16 7l3.5 3.5M13 10l2.5 2.5"/>',
    "sign-out": '<path d="M10 3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h5M16 7l5 5-5 5M21 12H9"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.2 9.5a2.8 2.8 0 1 1 4.3 2.4c-1 .6-1.5 1.1-1.5 2.1'
    'M12 17h.01"/>',
    "letters": '<path d="m3 18 4.5-12L12 18M4.6 14h5.8M15 8h6l-6 10h6"/>',
    "sectors": '<rect x="3" y="3" width="7" height="7" rx="1.5"/><rect x="14" y="3" width="7" height="7" rx="1.5"/>'
    '<rect x="3" y="14" width="7" height="7" rx="1.5"/><circle cx="17.5" cy="17.5" r="3.5"/>',
    "steps": '<path d="M2 20h6v-5h6v-5h6V5h2"/><path d="m4 10 5-5M5 4.5h4.5V9"/>',
    "selection": '<path d="M6 4h12a1 1 0 0 1 1 1v16l-7-4.5L5 21V5a1 1 0 0 1 1-1zM9 9h6"/>',
    "display": '<path d="M2 13.5h20M5 13.5V21M19 13.5V21M7 13.5V5l5-1.5v10M12 5.5l4.5-1 1.5 9"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "play": '<path d="M7 4.5v15L19 12z"/>',
    "screen": '<path d="M3 9V4h5M21 9V4h-5M3 15v5h5M21 15v5h-5"/>',
    "import": '<path d="M12 3v11M7.5 9.5 12 14l4.5-4.5M4 15v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4"/>',
    "erase": '<path d="m9.5 19-5.8-5.8a1.5 1.5 0 0 1 0-2.2L11 3.8a1.5 1.5 0 0 1 2.2 0l6 6a1.5 1.5 0 0 1 0 2.2L12 19z'
    'M21 19H7M7.5 7.5l8 8"/>',
    "reading": '<path d="M2.5 19 8 5l5.5 14M4.4 14.5h7.2M18 7v10M15 10l3-3 3 3M15 14l3 3 3-3"/>',
    "loud": '<path d="M3 9.5v5h4l5 4.5V5L7 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18.3 6.2a8.5 8.5 0 0 1 0 11.6"/>',
    "stop": '<rect x="5.5" y="5.5" width="13" height="13" rx="2"/>',
    "new": '<path d="m12 3 2.5 6 6.5.5-5 4 1.7 6.5-5.7-3.5L6.3 20 8 13.5l-5-4L9.5 9z"/>',
}


def icon(name: str) -> Markup:
    """Return an icon as inline SVG, hidden from screen readers: a word always stands beside it."""
    return Markup(  # noqa: S704 - our own drawings, no outside text
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_PATHS[name]}</svg>'
    )


NAMES = frozenset(_PATHS)
