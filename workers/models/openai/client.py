"""What both of OpenAI's APIs share: settings, the client, what a model can do, and what errors mean."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    Omit,
    OpenAI,
)
from pydantic import Field, SecretStr, field_validator

from core.completions import Capabilities
from core.errors import CandorError, Misconfigured
from core.settings import Settings
from workers.models._attempts import Abandoned, TryAgain
from workers.models._server import Server

_OWN_URL = "https://api.openai.com/v1"
# OpenAI's only models that take a temperature and give logprobs; later ones reason, and refuse both.
_SAMPLING = re.compile(r"(ft:)?(gpt-3|gpt-4|chatgpt-4)")


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
        if value and not re.match(r"https?://[^/\s]", value):
            raise ValueError("should begin with http:// or https://")
        return value

    @property
    def api(self) -> Literal["chat", "responses"]:
        """The API that is spoken."""
        return self.openai_api or ("chat" if self.openai_base_url else "responses")


def open_server(settings: OpenAISettings, model_id: str) -> Server:
    """The server that the settings name.

    Raises:
        Misconfigured: OpenAI's own is meant, and there is no key.
    """
    if not settings.openai_base_url and not settings.openai_api_key.get_secret_value():
        raise Misconfigured(
            "CANDOR_OPENAI_API_KEY: OpenAI needs a key; set it, or CANDOR_OPENAI_BASE_URL to another server"
        )
    return Server(
        vendor="openai",
        url=settings.openai_base_url or _OWN_URL,
        key=settings.openai_api_key,
        model_id=model_id,
        own=bool(settings.openai_base_url),
    )


def open_client(server: Server) -> OpenAI:
    """A client without retries: how often and how long is decided by `_attempts`."""
    return OpenAI(
        base_url=server.url,
        # The SDK insists on a key; servers that need none do not look at it.
        api_key=server.key.get_secret_value() or "none",
        max_retries=0,
        # Else they come from environment variables that are not ours.
        default_headers={"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()},  # type: ignore[dict-item]
    )


def capabilities(server: Server, api: Literal["chat", "responses"]) -> Capabilities:
    """What a model can do, by its API and, on OpenAI's own server, its generation.

    Servers of one's own ignore what they do not know, so they are sent everything that the API has.
    """
    samples = server.own or _SAMPLING.match(server.model_id) is not None
    return Capabilities(
        api=api,
        tools=True,
        seed=api == "chat",  # the responses API has neither seed nor fingerprint
        temperature=samples,
        logprobs=api == "chat" and samples,
        json_schema=True,
    )


@contextmanager
def plain_errors(server: Server) -> Iterator[None]:
    """Around a call: whatever goes wrong comes out as one of our own errors.

    Raises:
        TryAgain: another attempt makes sense.
        CandorError: it does not.
    """
    try:
        yield
    except (Abandoned, TryAgain, CandorError):
        raise
    except APITimeoutError:
        raise TryAgain(server.silent()) from None
    except APIConnectionError as error:
        raise TryAgain(server.unavailable(f"does not answer ({error.__cause__ or error})")) from None
    except APIStatusError as error:
        raise server.failed(error.status_code, error.message, error.response.headers) from None
    except APIError as error:
        raise TryAgain(server.unavailable(f"broke off with an error ({error.message})")) from None
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # The SDK checks no shapes, so a reply without its parts shows itself on being read.
        raise server.nonsense(error) from None
