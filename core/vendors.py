"""Where model vendors are reached, for every room that talks to one."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from core.errors import Misconfigured
from core.secrets import mask
from core.settings import PREFIX, Settings

_LONGEST_CAUSE = 300


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The root of a vendor's API.

    Attributes:
        vendor: the settings' word for it, such as `openai`.
        url: of the root.
        key: sent with each request; empty where none is needed.
        own: whether it is a server of one's own rather than the vendor's.
    """

    vendor: str
    url: str
    key: SecretStr
    own: bool

    @property
    def host(self) -> str:
        """Host and port, without a password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def token(self) -> str:
        """The key as it is sent: the vendors' clients insist on one, servers that need none ignore it."""
        return self.key.get_secret_value() or "none"

    def setting(self, name: str) -> str:
        """The setting of this vendor that ends in a name, such as `BASE_URL`."""
        return f"{PREFIX}{self.vendor.upper()}_{name}"

    def plain(self, cause: object) -> str:
        """A cause as one short line without a key."""
        key = self.key.get_secret_value()
        text = " ".join(str(cause).split())
        return mask(text.replace(key, "[key]") if key else text)[:_LONGEST_CAUSE]


class OpenAISettings(Settings):
    """Where the OpenAI API is, or a server that speaks it."""

    openai_base_url: str = Field(
        default="",
        description="An OpenAI-compatible API, such as http://127.0.0.1:11434/v1; empty for OpenAI's own.",
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key for that API; a server of one's own may need none."
    )
    openai_api: Literal["", "chat", "responses"] = Field(
        default="",
        description="Which API to speak; empty: `chat` when a base URL is set, else `responses`.",
    )

    @field_validator("openai_base_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        return _url(value)

    @property
    def api(self) -> Literal["chat", "responses"]:
        """The API that is spoken."""
        return self.openai_api or ("chat" if self.openai_base_url else "responses")

    def endpoint(self) -> Endpoint:
        """The server that the settings name.

        Raises:
            Misconfigured: OpenAI's own is meant, and there is no key.
        """
        if not self.openai_base_url and not self.openai_api_key.get_secret_value():
            raise Misconfigured(
                "CANDOR_OPENAI_API_KEY: OpenAI needs a key; set it, or CANDOR_OPENAI_BASE_URL to another "
                "server"
            )
        own = bool(self.openai_base_url)
        return Endpoint(
            "openai", self.openai_base_url or "https://api.openai.com/v1", self.openai_api_key, own
        )


class CohereSettings(Settings):
    """Where Cohere's API is."""

    cohere_base_url: str = Field(
        default="", description="Root of the API; empty for Cohere's own, https://api.cohere.com."
    )
    cohere_api_key: SecretStr = Field(default=SecretStr(""), description="Key for that API.")

    @field_validator("cohere_base_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        return _url(value)

    def endpoint(self) -> Endpoint:
        """The server that the settings name.

        Raises:
            Misconfigured: there is no key for Cohere's own server.
        """
        if not self.cohere_base_url and not self.cohere_api_key.get_secret_value():
            raise Misconfigured("CANDOR_COHERE_API_KEY: Cohere needs a key; set it")
        own = bool(self.cohere_base_url)
        url = self.cohere_base_url or "https://api.cohere.com"
        return Endpoint("cohere", url, self.cohere_api_key, own)


def _url(value: str) -> str:
    if value and not re.match(r"https?://[^/\s]", value):
        raise ValueError("should begin with http:// or https://")
    return value
