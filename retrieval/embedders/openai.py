"""Embedders behind OpenAI's API: OpenAI's own, or any server that speaks it (vLLM, llama.cpp, Ollama)."""

from collections.abc import Sequence

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, Omit, OpenAI, omit

from core.errors import Misconfigured
from core.settings import HomeSettings
from core.vendors import Endpoint, OpenAISettings
from retrieval.embedders import DOCUMENT_RETRIES, DOCUMENT_SECONDS, QUERY_SECONDS, EmbedderSettings
from retrieval.embedders._pieces import PiecewiseEmbedder
from retrieval.vendors import failed, unavailable

BATCH = 128
"""Texts in one request at most: OpenAI allows 2,048, servers of one's own often fewer."""


class OpenAIEmbeddings:
    """One model behind `/embeddings`."""

    def __init__(self, endpoint: Endpoint, model: str, dimensions: int) -> None:
        self._endpoint = endpoint
        self._model = model
        self._dimensions = dimensions
        self._client = OpenAI(
            base_url=endpoint.url,
            api_key=endpoint.token,
            # Else they come from environment variables that are not ours.
            default_headers={"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()},  # type: ignore[dict-item]
        )

    def vectorize(self, texts: list[str], query: bool) -> Sequence[Sequence[float]]:  # noqa: FBT001 see Vectorize
        """One request for vectors.

        Raises:
            IndexUnavailable: no answer, or none that makes sense.
            Misconfigured: the key, the model or the request is refused.
        """
        client = self._client.with_options(
            timeout=QUERY_SECONDS if query else DOCUMENT_SECONDS,
            max_retries=1 if query else DOCUMENT_RETRIES,
        )
        where = self._endpoint
        try:
            reply = client.embeddings.create(
                model=self._model, input=texts, dimensions=self._dimensions or omit
            )
            return [each.embedding for each in sorted(reply.data, key=lambda each: each.index)]
        except APITimeoutError:
            raise unavailable(where, "gave no answer in time") from None
        except APIConnectionError as error:
            raise unavailable(where, f"does not answer ({error.__cause__ or error})") from None
        except APIStatusError as error:
            raise failed(where, "CANDOR_EMBEDDER", error.status_code, error.message) from None
        except (APIError, AttributeError, LookupError, TypeError, ValueError) as error:
            # The SDK checks no shapes, so a reply without its parts shows itself on being read.
            raise unavailable(where, f"does not keep its protocol ({type(error).__name__})") from None


def create(model: str, settings: EmbedderSettings, _home: HomeSettings) -> PiecewiseEmbedder:
    """The embedder on OpenAI's API, or on the server that CANDOR_OPENAI_BASE_URL names.

    Raises:
        Misconfigured: no model is named, or there is no key.
    """
    if not model:
        raise Misconfigured("CANDOR_EMBEDDER: name the model, such as openai:text-embedding-3-large")
    endpoint = OpenAISettings().endpoint()
    return PiecewiseEmbedder(
        f"openai:{model}",
        OpenAIEmbeddings(endpoint, model, settings.embedder_dimensions).vectorize,
        batch=BATCH,
        dimensions=settings.embedder_dimensions,
        nonsense=lambda cause: unavailable(endpoint, cause),
    )
