"""OpenAI, and every server that speaks its API: vLLM, llama.cpp, Ollama."""

from core.completions import Model
from core.vendors import OpenAISettings
from retrieval.embedders import Embedder
from workers.models._server import Server
from workers.models.openai.chat import ChatModel
from workers.models.openai.responses import ResponsesModel

__all__ = ["ChatModel", "ResponsesModel", "create"]


def create(model_id: str, embedder: Embedder | None) -> Model:  # noqa: ARG001 (the family's shape)
    """The model of this id, by whichever of the two APIs the settings choose.

    Raises:
        Misconfigured: naming the setting at fault.
    """
    settings = OpenAISettings()
    server = Server(settings.endpoint(), model_id)
    return ChatModel(server) if settings.api == "chat" else ResponsesModel(server)
