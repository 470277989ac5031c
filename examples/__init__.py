"""What makes the example files of ``resources/media``: occupation sheets as PDF, and a film about the catalogue.

``make examples`` writes them again; see ``python -m examples --help``. Their texts are data beside the code:
``sheets/*.yaml`` and ``film.yaml``, the same structure in every language.
"""
