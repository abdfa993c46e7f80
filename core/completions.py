"""The port to language models: what is asked of one, and what comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from core.messages import Usage

NO_ANSWER = "NOT_IN_THE_DOCUMENTS"
"""What a model writes, and nothing else, when the passages that it was given do not answer the question."""


class ModelRole(StrEnum):
    """What a model is used for. Settings map each role to `provider:model`."""

    STRONG = "strong"
    SMALL = "small"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function that the model wants called; `arguments` is the JSON text that it wrote."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A function that the model may call; `parameters` is a JSON Schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to or from the model. `tool_call_id` says which call a `tool` message answers."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A rendered prompt: the words for a generative model, and the variables for one that needs no words."""

    name: str
    version: str
    messages: tuple[Message, ...]
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One call of a model.

    Attributes:
        prompt: the rendered prompt.
        transcript: what the tool loop has added behind it.
        tools: functions that the model may call.
        response_model: the pydantic model that the reply must parse as, or None for free text.
        temperature, seed, max_tokens: None leaves the vendor's default. A value that the model's capability
            record rules out is left out of the request.
        timeout: seconds until the whole call is given up, retries included.
    """

    prompt: Prompt
    transcript: tuple[Message, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    response_model: type[BaseModel] | None = None
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    timeout: float = 45.0


class StopReason(StrEnum):
    """Why a model stopped. Only END and TOOL_CALLS are complete replies."""

    END = "end"
    TOOL_CALLS = "tool_calls"
    LENGTH = "length"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's reply.

    Attributes:
        text: what it wrote; at REFUSAL, its refusal.
        stop: why it stopped.
        tool_calls: the functions that it wants called.
        parsed: the reply as `response_model`, or None where none was asked for or it did not stop at END.
        usage: tokens, as the vendor counted them.
        cost_usd: what the call cost, or None where the price is unknown.
        model: the id that the vendor says answered.
        system_fingerprint: the vendor's own mark of its configuration, or empty.
        logprobs: natural logarithms of each output token's probability, where the model gives them.
    """

    text: str
    stop: StopReason = StopReason.END
    tool_calls: tuple[ToolCall, ...] = ()
    parsed: BaseModel | None = None
    usage: Usage = Usage()
    cost_usd: float | None = None
    model: str = ""
    system_fingerprint: str = ""
    logprobs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one model can do, so that nobody needs to know its name.

    `api` is the wire format: `chat` or `responses` (OpenAI), `cohere`, or `none` for a model in this process.
    """

    api: Literal["chat", "responses", "cohere", "none"]
    tools: bool = False
    seed: bool = False
    temperature: bool = False
    logprobs: bool = False
    json_schema: bool = False


class Model(Protocol):
    """A language model behind one door.

    Attributes:
        name: `provider:model`, as the settings have it.
        capabilities: what it can do.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def capabilities(self) -> Capabilities: ...  # noqa: D102

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        """Ask the model.

        Args:
            request: what to ask.
            on_text: called with each new piece of text as it comes; given, the reply is streamed. Pieces of a
                refusal are not passed on.

        Raises:
            ModelUnavailable: down, over its limit, too slow, cut off, or not speaking its own protocol, after
                the retries that fit in `request.timeout`.
            ModelRejected: the request itself was refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Models:
    """The model of each role."""

    by_role: Mapping[ModelRole, Model] = field(default_factory=dict)

    def __getitem__(self, role: ModelRole) -> Model:
        return self.by_role[role]
