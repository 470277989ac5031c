"""What stands inside the centre's files: read once for each content, in a process of its own, and kept."""

from catalogue.inside.passages import PICTURES, PROBLEMS, Inside, Passage
from catalogue.inside.texts import FileText, FileTexts

__all__ = ["PICTURES", "PROBLEMS", "FileText", "FileTexts", "Inside", "Passage"]
