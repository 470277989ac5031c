"""The languages of documents as other formats write them: ISO 639-1 here, ISO 639-2 (bibliographic) in MARC."""

from __future__ import annotations

from collections.abc import Mapping

# ISO 639-1 and ISO 639-2/B side by side (Library of Congress, registration authority of ISO 639-2).
_PAIRS = """
aa aar ab abk ae ave af afr ak aka am amh an arg ar ara as asm av ava ay aym az aze ba bak be bel bg bul bh bih bi bis
bm bam bn ben bo tib br bre bs bos ca cat ce che ch cha co cos cr cre cs cze cu chu cv chv cy wel da dan de ger dv div
dz dzo ee ewe el gre en eng eo epo es spa et est eu baq fa per ff ful fi fin fj fij fo fao fr fre fy fry ga gle gd gla
gl glg gn grn gu guj gv glv ha hau he heb hi hin ho hmo hr hrv ht hat hu hun hy arm hz her ia ina id ind ie ile ig ibo
ii iii ik ipk io ido is ice it ita iu iku ja jpn jv jav ka geo kg kon ki kik kj kua kk kaz kl kal km khm kn kan ko kor
kr kau ks kas ku kur kv kom kw cor ky kir la lat lb ltz lg lug li lim ln lin lo lao lt lit lu lub lv lav mg mlg mh mah
mi mao mk mac ml mal mn mon mr mar ms may mt mlt my bur na nau nb nob nd nde ne nep ng ndo nl dut nn nno no nor nr nbl
nv nav ny nya oc oci oj oji om orm or ori os oss pa pan pi pli pl pol ps pus pt por qu que rm roh rn run ro rum ru rus
rw kin sa san sc srd sd snd se sme sg sag si sin sk slo sl slv sm smo sn sna so som sq alb sr srp ss ssw st sot su sun
sv swe sw swa ta tam te tel tg tgk th tha ti tir tk tuk tl tgl tn tsn to ton tr tur ts tso tt tat tw twi ty tah ug uig
uk ukr ur urd uz uzb ve ven vi vie vo vol wa wln wo wol xh xho yi yid yo yor za zha zh chi zu zul
""".split()  # noqa: SIM905 - a table to be read

BIBLIOGRAPHIC: Mapping[str, str] = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
"""ISO 639-1 → ISO 639-2/B."""

_TERMINOLOGICAL = {
    "sqi": "sq", "hye": "hy", "eus": "eu", "mya": "my", "zho": "zh", "ces": "cs", "nld": "nl", "fra": "fr", "kat": "ka",
    "deu": "de", "ell": "el", "isl": "is", "mkd": "mk", "mri": "mi", "msa": "ms", "fas": "fa", "ron": "ro", "slk": "sk",
    "bod": "bo", "cym": "cy",
}  # fmt: skip

SHORT: Mapping[str, str] = {**{long: short for short, long in BIBLIOGRAPHIC.items()}, **_TERMINOLOGICAL}
"""ISO 639-2, bibliographic or terminological → ISO 639-1."""


def to_marc(lang: str) -> str:
    """Return the three letters of a language in MARC; codes of ISO 639-3, as of sign languages, stay as they are."""
    return BIBLIOGRAPHIC.get(lang, lang if len(lang) == 3 else "und")


def from_any(code: str) -> str:
    """Return ISO 639-1 for a code of ISO 639-1, 639-2 or BCP 47 (``nl-BE``); others stay as they are, in lower case."""
    bare = code.strip().lower().replace("_", "-").partition("-")[0]
    return SHORT.get(bare, bare)
