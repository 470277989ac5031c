"""Finding records: words, thesaurus, the engine contract and its engines."""
