"""Cohere's embedders, such as `cohere:embed-v5.0-pro`: many languages, over the network."""

from collections.abc import Sequence

from core.errors import Misconfigured
from core.settings import HomeSettings
from core.vendors import CohereSettings
from retrieval.embedders import DOCUMENT_RETRIES, DOCUMENT_SECONDS, QUERY_SECONDS, EmbedderSettings
from retrieval.embedders._pieces import PiecewiseEmbedder
from retrieval.vendors import unavailable
from retrieval.vendors.cohere import Cohere

BATCH = 96
"""Texts in one request at most, by Cohere's documentation of `/v2/embed`. The SDK does not split them."""


def create(model: str, settings: EmbedderSettings, _home: HomeSettings) -> PiecewiseEmbedder:
    """The embedder on Cohere's API.

    Raises:
        Misconfigured: no model is named, or there is no key.
    """
    if not model:
        raise Misconfigured("CANDOR_EMBEDDER: name Cohere's model, such as cohere:embed-v5.0-pro")
    endpoint = CohereSettings().endpoint()
    cohere = Cohere(endpoint, model, "CANDOR_EMBEDDER")

    def vectorize(texts: list[str], query: bool) -> Sequence[Sequence[float]]:  # noqa: FBT001 see Vectorize
        return cohere.embed(
            texts,
            query=query,
            dimensions=settings.embedder_dimensions,
            seconds=QUERY_SECONDS if query else DOCUMENT_SECONDS,
            retries=1 if query else DOCUMENT_RETRIES,
        )

    return PiecewiseEmbedder(
        f"cohere:{model}",
        vectorize,
        batch=BATCH,
        dimensions=settings.embedder_dimensions,
        nonsense=lambda cause: unavailable(endpoint, cause),
    )
