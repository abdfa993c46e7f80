"""Arithmetic that a statement says it did, done again: sums, differences, products, quotients, changes."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import combinations

from workers.figures import units
from workers.figures.numbers import Number

_SUM = re.compile(
    r"\b(?:total\w*|altogether|together|sum|combined|in all|plus|adds? up|(?:comes?|amounts?) to|makes?"
    r"|insgesamt|zusammen|summe|au total|en total)\b|\+",
    re.IGNORECASE,
)
CHANGE = re.compile(
    r"\b(?:rose|risen|fell|fallen|increased?|decreased?|dropped|climbed|gained|lost|grew|grown|declined"
    r"|chang\w+|up|down|since|stieg\w*|gestiegen|sank|gesunken|gefallen)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:difference|differ\w*|higher|lower|more|less|above|below|gap|spread|remain\w*|left|minus|cheaper"
    r"|dearer|longer|shorter|larger|smaller|greater|fewer|between|apart|over|under|later|earlier|savings?"
    r"|saves?|unterschied|differenz|mehr|weniger|höher|niedriger|über|unter)\b|\s[-\u2212\u2013]\s",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:rose|risen|rises?|increased?|climbed|gained|grew|grown|up|higher|more|above|over|larger|greater|longer"
    r"|stieg\w*|gestiegen|höher|mehr)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:fell|fallen|falls?|decreased?|dropped|lost|declined|down|lower|less|below|under|smaller|fewer"
    r"|cheaper|shorter|sank|gesunken|gefallen|niedriger|weniger)\b",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"\b(?:times|per|each|every|an?|annual\w*|yearly|monthly|weekly|daily|doubled?|twice|triple|of"
    r"|multiplied|pro|jährlich|x)\b|[\u00d7*]",
    re.IGNORECASE,
)
_QUOTIENT = re.compile(
    r"\b(?:per|of|half|third|quarter|ratio|each|divided|share|times|split)\b|[÷/]",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\b(?:averages?|mean|durchschnitt\w*|moyenne|media)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|approx|circa|ca|nearly|almost|rounded|some|rund|etwa|environ|unos|unas|gut)\b|[~≈]",
    re.IGNORECASE,
)
_MOST_OPERANDS = 14
_MONEY_PLACES = 2
_MOST_TIMES = 366
_CONSTANTS = {"half": 2, "twice": 2, "double": 2, "doubled": 2, "third": 3, "triple": 3, "quarter": 4}
_RATIOS = frozenset({"", units.PERCENT, units.POINT})


def hedged(text: str) -> bool:
    """Whether a statement says that it rounds."""
    return bool(_ABOUT.search(text))


def rounds_to(value: Decimal, number: Number, text: str) -> bool:
    """Whether a number is this value, rounded to a precision as coarse as the number is written."""
    return hedged(text) and any(each and _quantized(value, each) for each in number.values)


def derived(
    number: Number,
    text: str,
    operands: Sequence[Number],
    *,
    times: Sequence[Number] = (),
    rounded: bool = True,
) -> bool:
    """Whether a number is what some of the operands come to, by an operation that the statement names.

    Args:
        number: what the statement has as the result.
        text: the statement.
        operands: what it may have been worked out from.
        times: what the statement itself may multiply by, with no word for it: "two nights".
        rounded: whether the result may be rounded as coarsely as the statement says.
    """
    known = list({(each.values, each.unit): each for each in operands if each.values}.values())
    if number.literal or not number.values or len(known) > _MOST_OPERANDS:
        return False
    constants = [
        Decimal(n) for word, n in _CONSTANTS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)
    ]
    return any(
        _is(number, value, rounded=rounded and hedged(text), exact=exact)
        for value, exact in _results(number, text, known, constants, times)
    )


def _results(
    number: Number, text: str, known: list[Number], constants: list[Decimal], times: Sequence[Number]
) -> Iterator[tuple[Decimal, bool]]:
    """What the operands may come to; with each whether it has to be stated to the last place."""
    additive = [(value, each) for each in known for value in each.values if _alike(each.unit, number.unit)]
    yield from _added(text, [value for value, _ in additive])
    if number.unit == units.PERCENT:
        yield from ((each, False) for each in _changes(text, known))
    for by in times:
        if by.unit == units.PERCENT or _multiplies(by):
            factors = [_plain(each, by.unit) for each in by.values]
            yield from ((value * each, True) for value, own in additive if own != by for each in factors)
    for cue, operation in ((_PRODUCT, _multiplied), (_QUOTIENT, _divided)):
        if cue.search(text):
            yield from ((value, False) for value in _paired(number, known, constants, operation))


def _added(text: str, values: list[Decimal]) -> Iterator[tuple[Decimal, bool]]:
    """Sums, differences and means, where a statement names them."""
    if _SUM.search(text):
        for count in (2, 3, 4, len(values)):
            yield from ((sum(some, Decimal(0)), True) for some in combinations(values, count))
    if _DIFFERENCE.search(text) or CHANGE.search(text):
        yield from ((abs(one - two), True) for one, two in combinations(values, 2))
    if _MEAN.search(text) and values:
        yield from (((one + two) / 2, True) for one, two in combinations(values, 2))
        yield sum(values, Decimal(0)) / len(values), False


def _paired(
    number: Number,
    known: list[Number],
    constants: list[Decimal],
    operation: Callable[[Decimal, Decimal], Decimal],
) -> Iterator[Decimal]:
    for one in known:
        for two in known:
            if one is two or not _produces(one.unit, two.unit, number.unit):
                continue
            for left in one.values:
                for right in two.values:
                    yield operation(_plain(left, one.unit), _plain(right, two.unit)) * (
                        100 if number.unit == units.PERCENT else 1
                    )
        if units.compatible(one.unit, number.unit):
            for left in one.values:
                yield from (operation(left, constant) for constant in constants)


def _changes(text: str, known: list[Number]) -> Iterator[Decimal]:
    """Changes in percent between two quantities: from the smaller one up, or from the larger one down."""
    up, down = _UP.search(text), _DOWN.search(text)
    for one, two in _ordered(known):
        low, high = sorted((one, two))
        if low and (up or not down):
            yield (high - low) / low * 100
        if high and (down or not up):
            yield (high - low) / high * 100


def _multiplies(number: Number) -> bool:
    """Whether a number can be how often something is taken: a small whole one, of days or of nothing said."""
    return number.unit in units.SPANS | {""} and all(
        1 < value <= _MOST_TIMES and value == int(value) for value in number.values
    )


def _ordered(known: list[Number]) -> Iterator[tuple[Decimal, Decimal]]:
    for one in known:
        for two in known:
            if one is not two and units.compatible(one.unit, two.unit):
                yield from ((left, right) for left in one.values for right in two.values)


def _produces(one: str, two: str, result: str) -> bool:
    """Whether a product or quotient of two units can have a third: that of one of them, or a bare ratio."""
    return result in _RATIOS or result in (one, two) or "" in (one, two)


def _alike(one: str, result: str) -> bool:
    rates = {units.PERCENT, units.POINT}
    return units.compatible(one, result) or {one, result} <= rates


def _plain(value: Decimal, unit: str) -> Decimal:
    return value / 100 if unit == units.PERCENT else value


def _multiplied(one: Decimal, two: Decimal) -> Decimal:
    return one * two


def _divided(one: Decimal, two: Decimal) -> Decimal:
    return one / two if two else Decimal(0)


def _is(number: Number, value: Decimal, *, rounded: bool, exact: bool) -> bool:
    """Whether a number is a value: to the last place, or as coarse as it may be."""
    for stated in number.values:
        if stated and stated == value:
            return True
        places = -int(stated.as_tuple().exponent)
        if stated and (rounded or (not exact and places >= _MONEY_PLACES)) and _quantized(value, stated):
            return True
    return False


def _quantized(value: Decimal, stated: Decimal) -> bool:
    """Whether a stated value is another one rounded to its last place, or its last that is no zero."""
    for written in (stated, stated.normalize()):
        step = Decimal(1).scaleb(int(written.as_tuple().exponent))
        for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            if stated == (value / step).quantize(Decimal(1), rounding) * step:
                return True
    return False


def converted(amount: Number, rates: Sequence[tuple[str, str, Decimal]]) -> Iterator[Number]:
    """An amount in other units, to the cent, over one rate or two.

    Args:
        amount: what is converted.
        rates: of each the unit that it counts, the one that it counts it for, and how many: 1.08 USD per EUR.
    """
    for counted, per, value in rates:
        if not value:
            continue
        for unit, other, factor in ((counted, per, 1 / value), (per, counted, value)):
            if amount.unit != unit:
                continue
            once = frozenset(each * factor for each in amount.values)
            yield Number(amount.start, amount.end, once, other)
            for second, base, by in rates:
                if base == other and second != unit:
                    yield Number(amount.start, amount.end, frozenset(each * by for each in once), second)


def comes_to(number: Number, result: Number) -> bool:
    """Whether a number is a result, rounded to the cent or finer."""
    return number.unit == result.unit and any(
        _is(number, value, rounded=False, exact=False) for value in result.values
    )
