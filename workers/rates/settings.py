"""Where the live-rate service is, and who has it sync."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from core.settings import Settings


class LiveRatesSettings(Settings):
    """Where the live-rate service is. The last two are settings of the service itself too."""

    rates_url: str = Field(
        default="",
        description="The live-rate service, such as http://127.0.0.1:8750. Empty: a process that needs rates "
        "starts one for itself.",
    )
    rates_timer: str = Field(
        default="on",
        description="`on` syncs once a day, a number once in so many hours, `off` at `POST /sync` alone.",
    )
    rates_token: SecretStr = Field(
        default=SecretStr(""), description="The bearer token of `POST /sync`. Empty: nobody may call it."
    )

    @field_validator("rates_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if value and (not value.startswith(("http://", "https://")) or not urlsplit(value).hostname):
            raise ValueError("should begin with http:// or https://")
        return value

    @property
    def by_the_clock(self) -> bool:
        """Whether `candor beat` has the service sync, since its own timer is off."""
        return bool(self.rates_url) and self.rates_timer == "off"
