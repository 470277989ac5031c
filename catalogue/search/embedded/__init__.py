"""The embedded engine: whoosh keeps the index, numpy does the arithmetic.

    build     documents → a segment: columns and postings (``search.entries`` says which terms a document has)
    schema    what whoosh is told of the fields
    codec     how a segment's postings and columns lie in whoosh's files, and how they are read back as arrays
    segment   one immutable segment: its columns, and its postings read once and kept
    snapshot  all segments and what is alive in them at one moment: everything a search reads, never changed
    scoring   the score of every record of a snapshot for a plan
    facets    the counts of every facet value
    folder    generations on the disk: which one is in use, and how another takes its place
    engine    the contract: searches go to the newest snapshot, a commit makes the next one

This package alone imports whoosh.
"""
