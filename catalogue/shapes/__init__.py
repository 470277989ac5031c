"""What the value of a field can look like, and how it is read from and written to a file.

A *shape* turns the strings of a YAML file into a typed value and back. ``declare`` gives a dataclass attribute its
shape and label; ``read_group`` reads a mapping into such a dataclass and collects every fault instead of stopping at
the first. Records, vocabulary terms, pages and the centre itself are all declared this way.
"""

from catalogue.shapes.declaration import (
    MISSING,
    Field,
    Plain,
    Shape,
    as_value,
    declare,
    declared,
    read_group,
    write_group,
)
from catalogue.shapes.languages import Files, Prose, Texts, Words
from catalogue.shapes.place import UNKNOWN, Place, Terms
from catalogue.shapes.several import Codes, Group, Many
from catalogue.shapes.single import (
    ID,
    Address,
    AsIs,
    Choice,
    Code,
    Day,
    Line,
    MediaFile,
    Moment,
    Number,
    Pattern,
    ShelfMark,
    Truth,
)

__all__ = [
    "ID",
    "MISSING",
    "UNKNOWN",
    "Address",
    "AsIs",
    "Choice",
    "Code",
    "Codes",
    "Day",
    "Field",
    "Files",
    "Group",
    "Line",
    "Many",
    "MediaFile",
    "Moment",
    "Number",
    "Pattern",
    "Place",
    "Plain",
    "Prose",
    "Shape",
    "ShelfMark",
    "Terms",
    "Texts",
    "Truth",
    "Words",
    "as_value",
    "declare",
    "declared",
    "read_group",
    "write_group",
]
