"""What both of OpenAI's APIs share: the client, what a model can do, and what errors mean."""

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

from core.completions import Capabilities
from core.errors import CandorError
from workers.models._attempts import Abandoned, TryAgain
from workers.models._server import Server

# OpenAI's only models that take a temperature and give logprobs; later ones reason, and refuse both.
_SAMPLING = re.compile(r"(ft:)?(gpt-3|gpt-4|chatgpt-4)")


def open_client(server: Server) -> OpenAI:
    """A client without retries: how often and how long is decided by `_attempts`."""
    return OpenAI(
        base_url=server.endpoint.url,
        api_key=server.endpoint.token,
        max_retries=0,
        # Else they come from environment variables that are not ours.
        default_headers={"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()},  # type: ignore[dict-item]
    )


def capabilities(server: Server, api: Literal["chat", "responses"]) -> Capabilities:
    """What a model can do, by its API and, on OpenAI's own server, its generation.

    Servers of one's own ignore what they do not know, so they are sent everything that the API has.
    """
    samples = server.endpoint.own or _SAMPLING.match(server.model_id) is not None
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
