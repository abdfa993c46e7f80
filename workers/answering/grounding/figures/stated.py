"""What a statement says in figures, apart from code, links, markers and the counting of lists."""

import re

from workers.answering.grounding import markers
from workers.figures.dates import Date
from workers.figures.numbers import Number
from workers.figures.reading import Figures, figures

# What holds digits but states no figure: code, links, the number of a list item or of a step.
_NOT_STATED = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[ \t]*$|\Z)"
    r"|(?P<tick>`+)(?!`)[^`\n]+(?P=tick)"
    r"|\bhttps?://[^\s)>\]]+"
    r"|^[ \t>]*\d{1,3}[.)](?=\s)"
    r"|\b(?:steps?|schritte?|[ée]tapes?|pasos?|options?|variante?)\s+\d{1,2}\b",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20|21)\d\d")


def stated(text: str) -> Figures:
    """Read what a statement of an answer says in figures."""
    plain = markers.rewrite(text, lambda _numbers: "")
    found = figures(_NOT_STATED.sub(lambda match: re.sub(r"\S", " ", match.group()), plain))
    years = [each for each in found.numbers if _is_year(each, found.text)]
    days = [
        Date(each.start, each.end, frozenset((int(year), 0, 0) for year in each.values)) for each in years
    ]
    return Figures(
        found.text,
        tuple(each for each in found.numbers if each not in years),
        tuple(sorted((*found.dates, *days), key=lambda each: each.start)),
    )


def _is_year(number: Number, text: str) -> bool:
    return not number.unit and bool(_YEAR.fullmatch(text[number.start : number.end]))
