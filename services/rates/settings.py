"""Settings of the live-rate service."""

from pydantic import Field, SecretStr, field_validator

from services.template.settings import ServiceSettings, hours_of


class RatesSettings(ServiceSettings):
    """Where rates come from, and when."""

    rates_pmms_url: str = Field(
        default="https://www.freddiemac.com/pmms/docs/PMMS_history.csv",
        description="Freddie Mac's weekly mortgage survey as CSV.",
    )
    rates_fred_url: str = Field(
        default="https://fred.stlouisfed.org/graph/fredgraph.csv?id=MORTGAGE30US",
        description="FRED's series MORTGAGE30US, as CSV or as the API's JSON.",
    )
    rates_ecb_url: str = Field(
        default="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml",
        description="The ECB's euro reference rates, as XML or CSV, of a day or of many.",
    )
    rates_timer: str = Field(
        default="on",
        description="`on` syncs once a day, a number once in so many hours, `off` at `POST /sync` alone.",
    )
    rates_token: SecretStr = Field(
        default=SecretStr(""), description="The bearer token of `POST /sync`. Empty: nobody may call it."
    )

    @field_validator("rates_pmms_url", "rates_fred_url", "rates_ecb_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://", "file:///")):
            raise ValueError("it begins with https://, http:// or file:///")
        return value

    @field_validator("rates_timer")
    @classmethod
    def _timer(cls, value: str) -> str:
        hours_of(value)
        return value
