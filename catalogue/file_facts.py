"""What a file of the centre says of itself: its title, and its language where that can be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalogue.errors import CatalogueError
from catalogue.media.apart import read_pdf
from catalogue.media.kinds import kind_of

MOST_TEXT = 20_000  # characters that are read to tell the language
_ENOUGH = 12  # function words: less can be chance

# The commonest words of each language that are none in the others.
_WORDS: Mapping[str, str] = {
    "fr": "le la les des du et est une pour dans vous que qui avec sur au aux ce votre plus nous",
    "nl": "het een van en voor met je dat niet zijn op aan te ook naar wordt bij kan deze meer",
    "en": "the and of to for with you that is are this your from be it by can have more will",
}

# What programs write where nobody gave a title: "Microsoft Word - final.docx", "brochure.indd", "untitled"
_NO_TITLE = re.compile(
    r"(microsoft \w+ - .*|untitled.*|sans titre.*|zonder titel.*|naamloos.*|document\d*|pr[ée]sentation ?\w*|"
    r"mise en page \d*|slide \d+|.*\.(docx?|pdf|indd|pptx?|xlsx?|odt|pub|qxp|cdr|ai|rtf)|[\W\d_]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FileFacts:
    """``title``: of the document, else its file's name as words; ``language``: two letters, empty where unclear."""

    title: str
    language: str = ""
    kind: str = ""


def read(path: Path, name: str = "") -> FileFacts:
    """Return what the file at ``path`` says; ``name``: what its owner calls it. What cannot be read says nothing."""
    title = language = text = ""
    try:
        kind = kind_of(path.name).id
        if kind == "pdf":
            title, language, text = read_pdf(path, MOST_TEXT)
        elif kind in ("text", "captions"):
            text = path.read_text(encoding="utf-8", errors="replace")[:MOST_TEXT]
    except (CatalogueError, OSError):
        kind = ""
    title = " ".join(title.split())[:300]
    return FileFacts(
        title=title if title and not _NO_TITLE.fullmatch(title) else named(name or path.name),
        language=re.split(r"[-_]", language.strip().lower())[0] or language_of(text),
        kind=kind,
    )


def named(name: str) -> str:
    """Return a file's name as words: ``guide_des-metiers.pdf`` becomes ``Guide des metiers``."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    words = " ".join(re.sub(r"[_+]|(?<=\w)-(?=\w)", " ", stem).split())
    return words[:1].upper() + words[1:300]


def language_of(text: str) -> str:
    """Return the language of a text by its commonest words: French, Dutch or English, empty where it is not clear."""
    found = Counter(re.findall(r"[a-zà-ÿ]+", text.lower()))
    counts = sorted(
        ((sum(found[word] for word in words.split()), code) for code, words in _WORDS.items()), reverse=True
    )
    (most, code), (second, _) = counts[:2]
    return code if most >= _ENOUGH and most >= 2 * second else ""
