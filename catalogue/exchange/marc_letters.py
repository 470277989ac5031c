"""Which letters a MARC record is written in: its leader may lie, so its bytes decide.

UTF-8 is recognised by itself. Else a record is in MARC-8 (https://www.loc.gov/marc/specifications/specchartables.html),
where an accent stands before its letter, or in Latin-1, where the letter with its accent is one byte.
"""

from __future__ import annotations

import re

UTF8, MARC8, LATIN1 = "utf-8", "marc-8", "iso-8859-1"

# Grave, acute, circumflex, tilde, diaeresis before the letter they belong to, a cedilla before its c; escapes to
# other scripts; ligatures of ANSEL.
_MARC8 = re.compile(rb"[\xe1-\xe4\xe8][aeiouynAEIOUYN]|\xf0[cC]|\x1b[(),$bgps1]|[\xa5\xb5\xa6\xb6]")
# Letters of French and Dutch in Latin-1 behind or before another letter, which no accent of MARC-8 goes with.
_LATIN1 = re.compile(
    rb"[\xc0\xc7-\xcb\xce\xcf\xd4\xdb\xe0\xe2\xe7-\xef\xf4\xf6\xf9\xfb\xfc](?![aeiouyAEIOUY])|[\xab\xbb\xb0]"
)


def letters_of(record: bytes) -> str:
    """Return the encoding of a record; one in ASCII is UTF-8. Raises UnicodeDecodeError for damaged UTF-8."""
    try:
        record.decode(UTF8)
    except UnicodeDecodeError as error:
        if _claims_utf8(record) or _mostly_utf8(record):
            raise error
        return LATIN1 if len(_LATIN1.findall(record)) > len(_MARC8.findall(record)) else MARC8
    return MARC8 if b"\x1b" in record and not _claims_utf8(record) else UTF8


def _claims_utf8(record: bytes) -> bool:
    """Tell whether position 9 of the leader says UTF-8, and there is at least one letter of it."""
    return record[9:10] == b"a" and _mostly_utf8(record)


def _mostly_utf8(record: bytes) -> bool:
    """Tell whether most letters beyond ASCII are right UTF-8: then what is not is damage."""
    text = record.decode(UTF8, "replace")
    wrong = text.count("\ufffd")
    right = sum(character > "\x7f" for character in text) - wrong
    return right > wrong
