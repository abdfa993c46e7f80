"""The live-rate service, put together."""

from pathlib import Path

from services.rates import euro, mortgage
from services.rates.judging import FRED, PMMS, judge
from services.rates.settings import RatesSettings
from services.template.service import Series, Service, Source

NAME = "rates"
_BUNDLED = Path(__file__).parent / "bundled.csv"


def make_service(settings: RatesSettings) -> Service:
    """The service with its sources where the settings have them."""
    return Service(
        name=NAME,
        title="Candor rates",
        description="US mortgage rates and euro reference rates, each with its date, source and age.",
        sources=(
            Source(
                name=PMMS,
                title="Freddie Mac Primary Mortgage Market Survey",
                attribution="Freddie Mac, Primary Mortgage Market Survey (PMMS), www.freddiemac.com/pmms",
                url=settings.rates_pmms_url,
                parse=mortgage.parse_pmms,
                page="https://www.freddiemac.com/pmms",
            ),
            Source(
                name=FRED,
                title="Freddie Mac Primary Mortgage Market Survey, via FRED",
                attribution="Freddie Mac, 30-Year Fixed Rate Mortgage Average in the United States "
                "[MORTGAGE30US], retrieved from FRED, Federal Reserve Bank of St. Louis",
                url=settings.rates_fred_url,
                parse=mortgage.parse_fred,
                page="https://fred.stlouisfed.org/series/MORTGAGE30US",
            ),
            Source(
                name="ecb",
                title="European Central Bank, euro foreign exchange reference rates",
                attribution="European Central Bank, euro foreign exchange reference rates, www.ecb.europa.eu",
                url=settings.rates_ecb_url,
                parse=euro.parse_ecb,
                rolling=True,
                page="https://www.ecb.europa.eu/stats/policy_and_exchange_rates/"
                "euro_reference_exchange_rates/html/index.en.html",
            ),
        ),
        describe=describe,
        headline=(mortgage.THIRTY_YEARS, mortgage.FIFTEEN_YEARS),
        judge=judge,
        bundled=_BUNDLED,
    )


def describe(series: str) -> Series | None:
    """What a series of this service measures; None when there can be none of that name."""
    return mortgage.SERIES.get(series) or euro.describe(series)
