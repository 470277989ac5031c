"""The schema of whoosh's index: its terms are those of ``search.entries``, whoosh analyses nothing."""

from __future__ import annotations

from whoosh import fields, formats


class _Places(formats.Format):
    """Tells whoosh how the places of a posting are kept, for its own phrase queries."""

    posting_size = -1

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return list(memoryview(valuestring).cast("q"))

    def decode_weight(self, valuestring: bytes) -> float:
        return 1.0


class _Terms(fields.FieldType):
    """A field whose terms ``entries`` makes: whoosh analyses nothing."""

    def __init__(self, scorable: bool) -> None:
        self.format = _Places()
        self.scorable, self.indexed, self.stored = scorable, True, False

    def to_bytes(self, value: str | bytes) -> bytes:
        return value.encode() if isinstance(value, str) else value

    def from_bytes(self, data: bytes) -> str:
        return data.decode()


def schema() -> fields.Schema:
    """Return whoosh's schema of the index."""
    return fields.Schema(
        id=fields.STORED(), text=_Terms(scorable=True), exact=_Terms(scorable=True), label=_Terms(scorable=False)
    )
