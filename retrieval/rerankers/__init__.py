"""Rerankers look at the candidates of a search once more; each module here is one kind of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import Field

from core.documents import Passage
from core.errors import Misconfigured
from core.settings import Settings

RERANK = "rerank"
"""Name of a reranker's score in `Passage.scores`."""


_SETTING = "CANDOR_RERANKER"


class Reranker(Protocol):
    """Orders passages by how well they answer a query."""

    def rerank(self, query: str, passages: Sequence[Passage], top: int) -> list[Passage]:
        """The best passages, best first, at most `top`, each with the score that now ranks it.

        The score before goes into `scores` as `fused`, the reranker's own as `rerank`.

        Raises:
            CandorError: it cannot; the order before still holds.
        """
        ...


class RerankerSettings(Settings):
    """What looks at the candidates of a search once more, and how much of it there may be."""

    reranker: str = Field(
        default="",
        description="The reranker: `cohere:MODEL`, `PROVIDER:MODEL` for a language model, or `none`. Empty: "
        "Cohere's where its key is set, else the small model where there is one, else none.",
    )
    reranker_seconds: float = Field(
        default=1.5, gt=0, description="Seconds for reranking; later, search's own order is taken."
    )
    reranker_candidates: int = Field(
        default=30, ge=2, le=200, description="How many candidates of a search are reranked."
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Which reranker is used.

    Attributes:
        kind: Cohere's service, a language model that sees the list, or none.
        model: what it runs: the service's model, `provider:model`, or empty for the small model.
        why: what decided, for people.
    """

    kind: Literal["cohere", "listwise", "none"]
    model: str
    why: str


def choose(settings: RerankerSettings, *, cohere_key: bool, small_model: str) -> Choice:
    """The reranker by the settings; without one there, by what is set up anyhow.

    Args:
        settings: `CANDOR_RERANKER` above all.
        cohere_key: whether Cohere's key is set.
        small_model: `CANDOR_MODEL_SMALL`.

    Raises:
        Misconfigured: the setting is no reranker.
    """
    named = settings.reranker.strip()
    if named:
        return _named(named, small_model)
    if cohere_key:
        return Choice("cohere", "", "CANDOR_COHERE_API_KEY is set")
    if small_model:
        return Choice("listwise", small_model, "CANDOR_MODEL_SMALL is set")
    return Choice("none", "", "neither CANDOR_COHERE_API_KEY nor CANDOR_MODEL_SMALL is set")


def _named(value: str, small_model: str) -> Choice:
    provider, _, model = value.partition(":")
    match provider, bool(model):
        case "none", False:
            return Choice("none", "", _SETTING)
        case "cohere", _:
            return Choice("cohere", model, _SETTING)
        case "listwise", False:
            return Choice("listwise", small_model, _SETTING)
        case _, True:
            return Choice("listwise", value, _SETTING)
    raise Misconfigured(f"{_SETTING}: {value!r} is none of `cohere:MODEL`, `PROVIDER:MODEL`, `none`")
