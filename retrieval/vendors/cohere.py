"""Cohere's client, for its embedder and its reranker."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from cohere import ClientV2
from cohere.core.api_error import ApiError
from cohere.core.parse_error import ParsingError
from cohere.core.request_options import RequestOptions

from core.errors import CandorError
from core.vendors import Endpoint
from retrieval.vendors import failed, unavailable


class Cohere:
    """One model at Cohere's API.

    Args:
        endpoint: where the API is.
        model: the model's name.
        chosen_by: the setting that named it, for errors.
    """

    def __init__(self, endpoint: Endpoint, model: str, chosen_by: str) -> None:
        http = httpx.Client(follow_redirects=True)
        weakref.finalize(self, http.close)
        self._endpoint = endpoint
        self._model = model
        self._chosen_by = chosen_by
        self._client = ClientV2(
            # The SDK would read both of these from environment variables that are not ours.
            base_url=endpoint.url,
            api_key=endpoint.token,
            httpx_client=http,
            log_warning_experimental_features=False,
        )

    def embed(
        self, texts: list[str], *, query: bool, dimensions: int, seconds: float, retries: int
    ) -> list[list[float]]:
        """One request for vectors, of at most 96 texts; `dimensions` 0 leaves their length to the model.

        Raises:
            IndexUnavailable: no answer, or none that makes sense.
            Misconfigured: the key, the model or the request is refused.
        """
        length: dict[str, Any] = {"output_dimension": dimensions} if dimensions else {}
        with self._plain_errors():
            reply = self._client.embed(
                model=self._model,
                input_type="search_query" if query else "search_document",
                texts=texts,
                embedding_types=["float"],
                request_options=_options(seconds, retries),
                **length,
            )
            return reply.embeddings.float_ or []

    def rerank(self, query: str, texts: list[str], *, seconds: float) -> list[tuple[int, float]]:
        """One request to rank texts: (place in `texts`, relevance from 0 to 1), best first.

        Raises:
            IndexUnavailable: no answer, or none that makes sense.
            Misconfigured: the key, the model or the request is refused.
        """
        with self._plain_errors():
            reply = self._client.rerank(
                model=self._model, query=query, documents=texts, request_options=_options(seconds, 0)
            )
            return [(result.index, result.relevance_score) for result in reply.results]

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        where = self._endpoint
        try:
            yield
        except CandorError:
            raise
        except httpx.TimeoutException:
            raise unavailable(where, "gave no answer in time") from None
        except httpx.HTTPError as error:
            raise unavailable(where, f"does not answer ({error})") from None
        except ApiError as error:
            cause = error.body.get("message", "") if isinstance(error.body, dict) else error.body
            status = error.status_code or httpx.codes.INTERNAL_SERVER_ERROR
            if status < httpx.codes.BAD_REQUEST:  # a success that is no JSON
                raise unavailable(where, "does not keep its protocol (no JSON)") from None
            raise failed(where, self._chosen_by, status, cause) from None
        except (ParsingError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise unavailable(where, f"does not keep its protocol ({type(error).__name__})") from None


def _options(seconds: float, retries: int) -> RequestOptions:
    return {"timeout": seconds, "max_retries": retries}
