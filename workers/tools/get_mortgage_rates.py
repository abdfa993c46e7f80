"""The tool that looks up mortgage rates."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from core.messages import Frozen
from core.tools import ToolContext, ToolResult
from workers.rates.service import LiveRates
from workers.rates.wording import line
from workers.tools import Own, Parts, Supply
from workers.tools._function import Function

_SERIES: dict[str, tuple[str, ...]] = {
    "30-year fixed": ("mortgage_30y",),
    "15-year fixed": ("mortgage_15y",),
    "both fixed": ("mortgage_30y", "mortgage_15y"),
    "5/1-year adjustable": ("mortgage_5y_arm",),
}


class MortgageArguments(Frozen):
    """What is looked up."""

    product: Literal["30-year fixed", "15-year fixed", "both fixed", "5/1-year adjustable"] = Field(
        default="both fixed", description="Which mortgage; `5/1-year adjustable` ended in November 2022."
    )
    as_of: date | None = Field(
        default=None, description="The day, as YYYY-MM-DD, for a rate of the past; leave it out for today's."
    )


class GetMortgageRates(Function[MortgageArguments]):
    """Average mortgage rates of the United States."""

    name = "get_mortgage_rates"
    description = (
        "Current and past average mortgage interest rates in the United States, from Freddie Mac's weekly "
        "survey (30-year and 15-year fixed), with date and source. Call it for any question about what "
        "mortgage rates are or were: no document knows them."
    )
    arguments = MortgageArguments

    def __init__(self, rates: LiveRates) -> None:
        self._rates = rates

    def run(self, arguments: MortgageArguments, context: ToolContext) -> ToolResult:
        """Look the rates up."""
        facts = self._rates.values(_SERIES[arguments.product], arguments.as_of, context.deadline)
        return ToolResult("\n".join(map(line, facts)), facts)


def supplies(parts: Parts) -> Sequence[Supply]:
    """The tool."""
    return (Own(GetMortgageRates(parts.rates)),)
