"""The vocabulary of the synthetic corpus: real words first, then words made of real parts by each language's rules.

``words/fr.txt`` and ``words/nl.txt`` hold the words of the example centre's own texts, the commonest first: function
words, an empty line, all others. They are frozen, because a corpus that changed with every record would make figures
incomparable. ``python -m bench.words`` harvests them anew; ``corpus.VERSION`` is then to be raised.
"""

from __future__ import annotations

import itertools
import random
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalogue.contents import Frame
from catalogue.search import analysis
from catalogue.store import Store

FOLDER = Path(__file__).parent / "words"
SIZE = 30_000
"""Words of each language: about what a collection of this kind holds."""

_FUNCTION_WORDS, _REAL_WORDS = 40, 2500

_FRENCH_PREFIXES = "re dé pré inter sur sous co trans contre auto télé multi micro bio géo hydro ré im ex".split()
_FRENCH_ROOTS = (
    "form port trait gest struct produc plant cultiv mesur compt vend soign mont charg calcul dessin model impr install"
    " répar combin organis orient class document inform signal contrôl analys observ anim parl chant dans mobil urban"
    " régul électr mécan chim méd pharm jurid soci fisc financ assur banc commerc industr agr for pêch verr boulang"
    " menuis carrel peint soud tourn fraisi lamin moul tiss coup cout brod coiff maquill mass gard acqu évalu certif"
).split()
_FRENCH_SUFFIXES = (
    "ation ement age eur euse able ique iste isme ier ière ité if ive oir ure ette ance erie ateur".split()
)

_DUTCH_NOUNS = (
    "werk loopbaan opleiding beroep school taal zorg bouw hout metaal water land stad haven lucht vracht wagen fiets"
    " kind jeugd ouder leerling leraar les klas examen studie beurs loon contract recht wet dienst hulp huis keuken"
    " brood vlees vis groente bloem tuin bos dier hond paard kleding stof haar huid mond oog hart bloed apotheek"
    " ziekenhuis verpleging therapie sport spel muziek toneel film beeld geluid licht foto boek krant papier druk kleur"
    " verf glas steen dak muur vloer venster deur slot kabel stroom gas warmte koeling pomp motor machine toestel"
    " onderhoud herstel controle kwaliteit veiligheid brand politie leger rechtbank belasting bank krediet verzekering"
    " handel winkel verkoop markt reclame klant onthaal kantoor archief gegevens netwerk computer spel reis hotel gids"
).split()
_DUTCH_LINKS = ("", "s", "en")


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language: ``function`` words fill sentences, ``content`` words carry them, commonest first."""

    function: tuple[str, ...]
    content: tuple[str, ...]


def vocabulary(lang: str) -> Vocabulary:
    """Return the words of ``fr`` or ``nl``: always the same ``SIZE`` content words in the same order."""
    function, _, real = (FOLDER / f"{lang}.txt").read_text(encoding="utf-8").partition("\n\n")
    content = real.split()
    made = sorted({*(_french() if lang == "fr" else _dutch())} - {*content})
    random.Random(lang).shuffle(made)
    return Vocabulary(tuple(function.split()), tuple((content + made)[:SIZE]))


def _french() -> Iterator[str]:
    for prefix, root, suffix in itertools.product(["", *_FRENCH_PREFIXES], _FRENCH_ROOTS, _FRENCH_SUFFIXES):
        yield prefix + root + suffix
        yield prefix + root + suffix + "s"


def _dutch() -> Iterator[str]:
    for first, link, second in itertools.product(_DUTCH_NOUNS, _DUTCH_LINKS, _DUTCH_NOUNS):
        if first != second and len(first + second) < 18:
            yield first + link + second


def names(count: int) -> Iterator[str]:
    """Yield ``count`` different proper names built of syllables, as organisations and authors have them."""
    syllables = [a + b for a in "b d f l m n r s t v".split() for b in "a el in o or ie an u".split()]
    chosen = random.Random("names").sample(list(itertools.product(syllables, syllables, syllables)), count)
    return ("".join(parts).capitalize() for parts in chosen)


def harvest(resources: Path, lang: str) -> tuple[list[str], list[str]]:
    """Return the function words and the other words of a centre's texts in ``lang``, the commonest first."""
    frame = Frame.load(resources)
    store = Store(resources, frame.vocabularies)
    store.load()
    texts: list[str] = [page.body.get(lang, "") for page in frame.pages.values()]
    for record in store.records.values():
        texts += [text.get(lang, "") for text in (record.title, record.summary, record.body)]
    texts += [label for concept in frame.vocabularies.concepts.values() for label in concept.labels.get(lang, ())]
    counts = Counter(word for text in texts for word in re.findall(r"[^\W\d_]+", text.lower()))
    ranked = sorted((word for word in counts if 1 < len(word) < 18), key=lambda word: (-counts[word], word))
    function = [word for word in ranked if analysis.is_stop(word)]
    return function[:_FUNCTION_WORDS], [w for w in ranked if len(w) > 2 and w not in function][:_REAL_WORDS]


def _write(lang: str, parts: Sequence[Sequence[str]]) -> None:
    text = "\n\n".join(textwrap.fill(" ".join(part), 120) for part in parts)
    (FOLDER / f"{lang}.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for code in ("fr", "nl"):
        _write(code, harvest(Path("resources"), code))
