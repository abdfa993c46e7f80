"""Units that stand beside a number, in the words and signs of several languages."""

import re
from decimal import Decimal

PERCENT = "percent"
POINT = "point"
TIME = "time of day"
SPANS = frozenset({"day", "week", "month", "year"})

# Each unit by the forms that name it: sub-patterns, compared without case.
_FORMS = {
    PERCENT: (
        r"%|per\s?cent|pct\.?|prozent|procent|pour\s?cent|por\s?ciento|por\s?cento|per\s?cento|процент\w*"
    ),
    POINT: r"percentage[\s-]points?|(?:pp|points?|prozentpunkte?n?)",
    "basis point": r"basis[\s-]points?|bps?|basispunkte?n?",
    "millisecond": r"milliseconds?|msecs?|ms|millisekunden?|millisecondes?|milisegundos?",
    "second": r"seconds?|secs?|(?<!(?:19|20)\d\d)s|sekunden?|secondes?|segundos?",
    "minute": r"minutes?|mins?|minuten|minutos?",
    "hour": r"hours?|hrs?|h|stunden?|heures?|horas?",
    "day": r"(?:calendar[\s-]|working[\s-]|business[\s-])?days?|tag(?:e[ns]?)?|jours?|d[ií]as?|giorni",
    "week": r"weeks?|wks?|wochen?|semaines?|semanas?|settimane",
    "month": r"months?|monat(?:e[ns]?)?|mois|mes(?:es)?|mesi",
    "year": r"years?|yrs?|y|jahr(?:e[ns]?)?|j[aä]hrige?n?|ann[eé]es?|ans?|a[nñ]os?|anni",
    "USD": r"(?:us[\s-])?dollars?|us\$",
    "EUR": r"euros?|€",
    "GBP": r"pounds?(?:\s+sterling)?|pfund|£",
    "JPY": r"yen|¥",
    "CHF": r"(?:swiss\s+)?francs?|franken",
    "byte": r"bytes?",
    "kB": r"[kK]i?B",
    "MB": r"Mi?B",
    "GB": r"Gi?B",
    "TB": r"Ti?B",
    "km": r"km|kilomet(?:er|re)s?",
    "kg": r"kg|kilograms?|kilos?",
    "m": r"met(?:er|re)s?",
}
_SIGNS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_CODES = (
    "USD EUR GBP JPY CHF AUD CAD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY INR CNY HKD SGD KRW BRL MXN ZAR IDR"
    " ILS ISK MYR PHP THB RUB UAH AED SAR"
)
AFTER = re.compile(
    r"[\s\u00a0\u202f]{0,2}-?(?:"
    + "|".join(f"(?P<u{at}>{form})" for at, form in enumerate(_FORMS.values()))
    + rf"|(?P<sign>[$€£¥])|(?P<code>{_CODES.replace(' ', '|')}))(?![^\W\d_])",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"(?:(?P<sign>US\$|[$€£¥])|\b(?P<code>{_CODES.replace(' ', '|')}))[\s\u00a0]?\Z", re.IGNORECASE
)

_SCALES = {
    Decimal(1000): r"thousand|tausend|mille|mil|k",
    Decimal(1_000_000): r"millions?|millionen|millones|mio\.?|mn|m",
    Decimal(1_000_000_000): r"billions?|milliarden?|milliards?|mrd\.?|bn|b",
}
SCALE = re.compile(
    r"[\s\u00a0\u202f-]?(?:"
    + "|".join(f"(?P<s{at}>{form})" for at, form in enumerate(_SCALES.values()))
    + r")(?![^\W\d_])",
    re.IGNORECASE,
)

# How many of the smallest unit of its family a unit is: a year is no fixed number of days.
_CONVERTED = {
    "second": (Decimal(1000), "millisecond"),
    "minute": (Decimal(60_000), "millisecond"),
    "week": (Decimal(7), "day"),
    "year": (Decimal(12), "month"),
    "hour": (Decimal(3_600_000), "millisecond"),
}


_MONEY_FORMS = {unit: form for unit, form in _FORMS.items() if unit in _CODES.split()}
MONEY = rf"(?<![^\W_])(?:{'|'.join(_MONEY_FORMS.values())}|[$€£¥]|{_CODES.replace(' ', '|')})(?![^\W\d_])"
"""A currency by its code, sign or name, without an amount."""


def currency(form: str) -> str:
    """The code of a currency that a match of MONEY names."""
    sign = _SIGNS.get(form.casefold())
    named = (unit for unit, each in _MONEY_FORMS.items() if re.fullmatch(each, form, re.IGNORECASE))
    return sign or next(named, form.upper())


def unit_of(match: re.Match[str]) -> str:
    """The unit that a match of AFTER or BEFORE names."""
    if sign := match["sign"]:
        return _SIGNS[sign.casefold()]
    if code := match["code"]:
        return code.upper()
    return next(unit for at, unit in enumerate(_FORMS) if match[f"u{at}"])


def scale_of(match: re.Match[str]) -> Decimal:
    """The factor that a match of SCALE names."""
    return next(scale for at, scale in enumerate(_SCALES) if match[f"s{at}"])


def reduced(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A quantity in the smallest unit of its family, so that 2 weeks and 14 days are the same."""
    factor, smaller = _CONVERTED.get(unit, (Decimal(1), unit))
    return value * factor, smaller


def compatible(one: str, other: str) -> bool:
    """Whether figures with these units can be the same; a unit that is not written is any unit."""
    return not one or not other or one == other
