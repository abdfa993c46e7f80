"""Numbers that are written in words, in English, German, French and Spanish."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_GERMAN = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn"
)
_FRENCH = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf"
)
_SPANISH = (
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiún veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve"
)
_ALONE_OTHERWISE = frozenset({"once", "elf", "cent", "cents", "mil", "mille", "un", "sept"})
"""Words that mean something else in another of the languages, or an article, unless a unit is behind them."""


def _tens(words: str, first: int = 2) -> dict[str, int]:
    return {word: 10 * at for at, word in enumerate(words.split(), start=first)}


def _ones(words: str) -> dict[str, int]:
    return {word: at for at, word in enumerate(words.split())}


@dataclass(frozen=True, slots=True)
class _Language:
    """How a language puts numbers together.

    Attributes:
        small: words up to 99; each is added.
        great: words that multiply what stands before them.
        joins: what may stand between two words, as a pattern; for German, nothing has to.
        point: the word before the digits of a fraction.
    """

    small: Mapping[str, int]
    great: Mapping[str, int]
    joins: str
    point: str

    @property
    def word(self) -> str:
        """A pattern of any one word, the longest first."""
        return "|".join(sorted(map(re.escape, [*self.small, *self.great]), key=len, reverse=True))

    def pattern(self) -> re.Pattern[str]:
        """A pattern of a whole number."""
        digits = "|".join(word for word, value in self.small.items() if value < 10)  # noqa: PLR2004 - one digit
        return re.compile(
            rf"(?<![\w-])(?P<whole>(?:{self.word})(?:{self.joins}(?:{self.word}))*)"
            rf"(?:\s+(?:{self.point})(?P<rest>(?:\s+(?:{digits}))+))?(?![\w])",
            re.IGNORECASE,
        )

    def value(self, words: Sequence[str]) -> Decimal:
        """What words come to."""
        total, part = 0, 0
        for word in words:
            if word in self.small:
                part += self.small[word]
            elif self.great[word] == 100:  # noqa: PLR2004 - a hundred stays within its thousands
                part = (part or 1) * 100
            else:
                total += (part or 1) * self.great[word]
                part = 0
        return Decimal(total + part)


_LANGUAGES = (
    _Language(
        _ones(_ENGLISH) | _tens("twenty thirty forty fifty sixty seventy eighty ninety"),
        {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
        r"[\s-]+(?:and[\s-]+)?",
        "point",
    ),
    _Language(
        _ones(_GERMAN)
        | {"eins": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwo": 2, "dreissig": 30}
        | _tens("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"),
        {
            "hundert": 100,
            "tausend": 1000,
            "million": 10**6,
            "millionen": 10**6,
            "milliarde": 10**9,
            "milliarden": 10**9,
        },
        r"\s?(?:und\s?)?",
        "komma",
    ),
    _Language(
        _ones(_FRENCH)
        | {"une": 1, "soixante-dix": 70, "quatre-vingt": 80, "quatre-vingts": 80, "quatre-vingt-dix": 90}
        | _tens("vingt trente quarante cinquante soixante"),
        {
            "cent": 100,
            "cents": 100,
            "mille": 1000,
            "million": 10**6,
            "millions": 10**6,
            "milliard": 10**9,
            "milliards": 10**9,
        },
        r"[\s-](?:et[\s-])?",
        "virgule",
    ),
    _Language(
        _ones(_SPANISH)
        | {"uno": 1, "una": 1}
        | _tens("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 3)
        | {"doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500}
        | {"seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900, "ciento": 100}
        | {"cien": 100},
        {"mil": 1000, "millón": 10**6, "millones": 10**6},
        r"\s+(?:y\s+)?",
        "coma|punto",
    ),
)
_PATTERNS = tuple((language, language.pattern()) for language in _LANGUAGES)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words, which stands at `text[start:end]`.

    `plain` is whether it is a number wherever it stands, and not only before a unit.
    """

    start: int
    end: int
    value: Decimal
    plain: bool


def spelled(text: str) -> Iterator[Spelled]:
    """The numbers that a text has in words: the longest reading where several languages read one."""
    found = [_read(language, match) for language, pattern in _PATTERNS for match in pattern.finditer(text)]
    taken = 0
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if each.start >= taken:
            taken = each.end
            yield each


def _read(language: _Language, match: re.Match[str]) -> Spelled:
    whole = (
        match["whole"].casefold().replace("ss", "ß") if "ß" in language.word else match["whole"].casefold()
    )
    words = re.findall(language.word, whole)
    value = language.value(words)
    if rest := match["rest"]:
        value += Decimal("0." + "".join(str(language.small[word]) for word in rest.lower().split()))
    return Spelled(*match.span(), value, plain=len(words) > 1 or words[0] not in _ALONE_OTHERWISE)
