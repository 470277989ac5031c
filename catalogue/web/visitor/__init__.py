"""Pages that visitors see: one page family per file."""
