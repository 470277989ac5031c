"""What is inside the centre's files, texts and pictures: read once for each content, by itself, and kept."""

from catalogue.inside.covers import FilePictures
from catalogue.inside.passages import PICTURES, PROBLEMS, Inside, Passage
from catalogue.inside.reading import Reading
from catalogue.inside.texts import FileText, FileTexts

__all__ = ["PICTURES", "PROBLEMS", "FilePictures", "FileText", "FileTexts", "Inside", "Passage", "Reading"]
