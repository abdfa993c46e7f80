"""Embedders of the fastembed project, run in this process; weights come from Hugging Face the first time.

An optional extra: `pip install '.[fastembed]'` in the checkout.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core import plugins
from core.errors import IndexUnavailable, Misconfigured
from core.settings import HomeSettings
from retrieval.embedders import EmbedderSettings
from retrieval.embedders._pieces import WINDOW, PiecewiseEmbedder

BATCH = 32
"""Texts that are run together: more outgrow the processor's cache."""


_CHARACTERS_PER_TOKEN = 3
"""Fewer than any language that is written with spaces needs, so that no window is cut silently."""

_LIMIT = re.compile(r"(\d+) input tokens")
_ENGLISH = re.compile(r"\benglish\b", re.IGNORECASE)
_OTHERS = re.compile(r"multi-?lingual|mixed|german|chinese|spanish", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What fastembed's own description of a model says about it.

    Attributes:
        window: characters of the longest text that it reads to the end.
        languages: those that it knows; None for many.
    """

    window: int
    languages: frozenset[str] | None


def limits(description: str) -> Limits:
    """Read a description, such as `Unimodal (text), English, 512 input tokens truncation, ...`."""
    tokens = _LIMIT.search(description)
    window = min(WINDOW, int(tokens[1]) * _CHARACTERS_PER_TOKEN) if tokens else WINDOW
    english = _ENGLISH.search(description) and not _OTHERS.search(description)
    return Limits(window, frozenset({"en"}) if english else None)


def create(model: str, settings: EmbedderSettings, home: HomeSettings) -> PiecewiseEmbedder:
    """The embedder of this name; its weights are kept in CANDOR_HOME.

    Raises:
        Misconfigured: no model is named, or fastembed is not installed or cannot load the model.
    """
    if not model:
        raise Misconfigured(
            "CANDOR_EMBEDDER: name the model, such as "
            "fastembed:sentence-transformers/paraphrase-multilingual-mpnet-base-v2"
        )
    fastembed = plugins.optional("fastembed", setting="CANDOR_EMBEDDER")
    try:
        engine = fastembed.TextEmbedding(
            model, cache_dir=str(home.folder() / "models"), threads=settings.embedder_threads or None
        )
    except (OSError, ValueError) as error:
        cause = " ".join(str(error).split())
        raise Misconfigured(f"CANDOR_EMBEDDER: fastembed cannot load {model!r} ({cause})") from None

    descriptions = {each["model"].lower(): each["description"] for each in engine.list_supported_models()}
    found = limits(descriptions.get(model.lower(), ""))

    def vectorize(texts: list[str], query: bool) -> Sequence[Sequence[float]]:  # noqa: FBT001 see Vectorize
        return list(engine.query_embed(texts) if query else engine.passage_embed(texts))

    return PiecewiseEmbedder(
        f"fastembed:{model}",
        vectorize,
        batch=BATCH,
        dimensions=0,
        nonsense=lambda cause: IndexUnavailable(f"CANDOR_EMBEDDER: {model} {cause}"),
        window=found.window,
        languages=found.languages,
    )
