"""The tool that converts an amount from one currency to another."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from core.messages import Frozen
from core.tools import Fact, ToolContext, ToolResult
from workers.rates.service import LiveRates
from workers.rates.wording import line
from workers.tools import Own, Parts, Supply
from workers.tools._function import Function

_EURO = "EUR"
_CENT = Decimal("0.01")
_DIGITS = 4
"""Significant digits of a result below one, which two decimals would blur."""

Code = Annotated[
    str,
    BeforeValidator(lambda value: value.strip().upper() if isinstance(value, str) else value),
    Field(pattern=r"^[A-Z]{3}$"),
]


class ConversionArguments(Frozen):
    """What is converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    amount: float = Field(gt=0, le=1e15, allow_inf_nan=False, description="How much.")
    from_: Code = Field(alias="from", description="Its currency as an ISO 4217 code, such as USD.")
    to: Code = Field(description="The currency that is wanted, as an ISO 4217 code, such as EUR.")
    as_of: date | None = Field(
        default=None, description="The day, as YYYY-MM-DD, for a rate of the past; leave it out for today's."
    )

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("both currencies are the same")
        return self


class ConvertCurrency(Function[ConversionArguments]):
    """Conversion at the ECB's euro reference rates."""

    name = "convert_currency"
    description = (
        "Converts an amount of money from one currency to another at the European Central Bank's reference "
        "rate of today or of a past day, with the rate, its date and source. Call it for any question about "
        "exchange rates or what an amount is in another currency."
    )
    arguments = ConversionArguments

    def __init__(self, rates: LiveRates) -> None:
        self._rates = rates

    def run(self, arguments: ConversionArguments, context: ToolContext) -> ToolResult:
        """Look the rates up and convert."""
        codes = [code for code in (arguments.from_, arguments.to) if code != _EURO]
        series = [f"eur_{code.lower()}" for code in codes]
        rates = self._rates.values(series, arguments.as_of, context.deadline)
        per_euro = {code: Decimal(fact.value) for code, fact in zip(codes, rates, strict=True)}
        amount = Decimal(str(arguments.amount))
        with localcontext() as exact:
            exact.prec = 40
            converted = _rounded(
                amount / per_euro.get(arguments.from_, 1) * per_euro.get(arguments.to, Decimal(1))
            )
        oldest = min(rates, key=lambda fact: fact.as_of or date.min)
        result = Fact(
            label=f"{amount.normalize():f} {arguments.from_} in {arguments.to}",
            value=f"{converted:f}",
            unit=arguments.to,
            as_of=oldest.as_of,
            source=oldest.source,
            stale=oldest.stale,
            caution=oldest.caution,
        )
        facts = (result, *rates)
        return ToolResult("\n".join(map(line, facts)), facts)


def supplies(parts: Parts) -> Sequence[Supply]:
    """The tool."""
    return (Own(ConvertCurrency(parts.rates)),)


def _rounded(value: Decimal) -> Decimal:
    """To the cent, and below one to a few significant digits."""
    if value >= 1 or not value:
        return value.quantize(_CENT, ROUND_HALF_EVEN)
    digits = Decimal(1).scaleb(value.adjusted() - _DIGITS + 1)
    return value.quantize(digits, ROUND_HALF_EVEN).normalize()
