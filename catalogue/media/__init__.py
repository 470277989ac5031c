"""The files the centre holds: which kinds, checked by their content, kept under safe names."""

from catalogue.media.folder import Incoming, MediaFile, MediaFolder
from catalogue.media.kinds import KINDS, Kind, kind_of

__all__ = ["KINDS", "Incoming", "Kind", "MediaFile", "MediaFolder", "kind_of"]
