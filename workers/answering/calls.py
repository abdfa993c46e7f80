"""The model calls of one answer: how a model is asked, and what was asked so far."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from core import telemetry as names
from core.completions import (
    Completion,
    CompletionRequest,
    Message,
    Model,
    ModelRole,
    Models,
    Prompt,
    ToolSpec,
)
from core.deadline import Deadline
from core.messages import Usage
from core.tracing import span
from workers.answering.budget import AnsweringSettings

# One fixed seed and no temperature, so that the same prompt has the best chance of the same answer.
_SEED = 7


@dataclass(frozen=True, slots=True)
class Call:
    """One call: which model was asked what, and what it replied."""

    model: Model
    prompt: Prompt
    completion: Completion

    @property
    def seed(self) -> int | None:
        """The seed that it was asked with, where the model takes one."""
        return _SEED if self.model.capabilities.seed else None


class Calls:
    """Asks the models of each role on behalf of one answer.

    Attributes:
        made: the calls that were answered, in order.
    """

    def __init__(self, models: Models, settings: AnsweringSettings, deadline: Deadline) -> None:
        self.made: list[Call] = []
        self._models = models
        self._settings = settings
        self._deadline = deadline

    def ask(
        self,
        role: ModelRole,
        prompt: Prompt,
        on_text: Callable[[str], None] | None = None,
        *,
        share: float = 1.0,
        transcript: tuple[Message, ...] = (),
        tools: tuple[ToolSpec, ...] = (),
    ) -> Completion:
        """Ask the model of a role; the small one's work falls to the strong one where there is no small one.

        Args:
            role: which model.
            prompt: what to ask.
            on_text: called with each piece of text as it comes.
            share: the part of the remaining time that the call may take.
            transcript: what the model and its tools have said behind the prompt.
            tools: what the model may call.

        Raises:
            ModelUnavailable, ModelRejected: as the model does.
            DeadlineExceeded: when the time is over.
        """
        return self.ask_model(
            self._models[role if role in self._models.by_role else ModelRole.STRONG],
            prompt,
            on_text,
            seconds=self._deadline.remaining() * share,
            max_tokens=self._settings.answer_tokens,
            transcript=transcript,
            tools=tools,
        )

    def ask_model(
        self,
        model: Model,
        prompt: Prompt,
        on_text: Callable[[str], None] | None = None,
        *,
        seconds: float,
        max_tokens: int,
        response_model: type[BaseModel] | None = None,
        transcript: tuple[Message, ...] = (),
        tools: tuple[ToolSpec, ...] = (),
    ) -> Completion:
        """Ask one model, for at most so many seconds and tokens; else as `ask`.

        Args:
            model: which model.
            prompt: what to ask.
            on_text: called with each piece of text as it comes.
            seconds: how long the call may take; never beyond the answer's own deadline.
            max_tokens: how much the model may write.
            response_model: what the reply must parse as; None for free text.
            transcript: what has been said behind the prompt.
            tools: what the model may call.
        """
        self._deadline.check(f"asking the model to {prompt.name.replace('_', ' ')}")
        request = CompletionRequest(
            prompt=prompt,
            transcript=transcript,
            tools=tools,
            temperature=0.0,
            seed=_SEED,
            max_tokens=max_tokens,
            response_model=response_model,
            timeout=min(seconds, self._deadline.remaining()),
        )
        known = {names.OPERATION: "chat", names.REQUEST_MODEL: model.name, names.PROMPT_NAME: prompt.name}
        with span(f"chat {model.name}", known) as call:
            completion = model.complete(request, on_text)
            call.note(
                {
                    names.RESPONSE_MODEL: completion.model,
                    names.FINISH_REASONS: completion.stop.value,
                    names.INPUT_TOKENS: completion.usage.input_tokens,
                    names.OUTPUT_TOKENS: completion.usage.output_tokens,
                }
            )
            call.quote(names.ANSWER_TEXT, completion.text)
        self.made.append(Call(model, prompt, completion))
        return completion

    def first(self, *names: str) -> Call | None:
        """The first call with one of these prompts."""
        return next((call for call in self.made if call.prompt.name in names), None)

    @property
    def usage(self) -> Usage:
        """The tokens of all calls together."""
        return Usage(
            input_tokens=sum(call.completion.usage.input_tokens for call in self.made),
            output_tokens=sum(call.completion.usage.output_tokens for call in self.made),
        )

    @property
    def cost_usd(self) -> float | None:
        """What all calls cost together; None when the cost of any is unknown."""
        costs = [call.completion.cost_usd for call in self.made]
        return None if None in costs else sum(cost for cost in costs if cost is not None)
