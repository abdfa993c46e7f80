"""Model vendors behind one port: each module here is one, named by `CANDOR_MODEL_<ROLE>`."""

from pydantic import Field

from core import plugins
from core.completions import Model, ModelRole, Models
from core.errors import Misconfigured
from core.settings import Settings
from retrieval.embedders import Embedder

EXTRACTIVE = "extractive"
"""The model in this process: the one that needs no id behind its name."""


class ModelSettings(Settings):
    """Which model plays which role: `provider:model`, or `extractive`; empty where the role has none."""

    model_strong: str = Field(
        default=EXTRACTIVE,
        description="The model that answers: `provider:model` (openai, cohere), or `extractive`.",
    )
    model_small: str = Field(
        default="",
        description="The model for small steps, such as rewriting a follow-up; else the strong one.",
    )
    model_judge: str = Field(default="", description="The model that grades answers.")


def open_models(settings: ModelSettings, embedder: Embedder | None) -> Models:
    """The models of the roles that are set.

    Args:
        settings: which model plays which role.
        embedder: for a model in this process that compares texts; None where there is none.

    Raises:
        Misconfigured: naming the setting at fault.
    """
    chosen = {
        ModelRole.STRONG: settings.model_strong,
        ModelRole.SMALL: settings.model_small,
        ModelRole.JUDGE: settings.model_judge,
    }
    return Models(
        {
            role: open_model(value, embedder, setting=f"CANDOR_MODEL_{role.upper()}")
            for role, value in chosen.items()
            if value
        }
    )


def open_model(value: str, embedder: Embedder | None, *, setting: str) -> Model:
    """One model.

    Args:
        value: `provider:model`, or `extractive`.
        embedder: as for `open_models`.
        setting: what named the model, for errors.

    Raises:
        Misconfigured: naming the setting at fault.
    """
    provider, _, model_id = value.strip().partition(":")
    if bool(model_id) == (provider == EXTRACTIVE):
        raise Misconfigured(f"{setting}: {value!r} is neither `provider:model` nor `{EXTRACTIVE}`")
    member = plugins.load(__name__, provider, setting=setting)
    model: Model = member.create(model_id, embedder)
    return model
