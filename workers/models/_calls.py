"""One call of a hosted model, start to end: within its time, and as the structure that was asked for."""

from collections.abc import Callable
from dataclasses import replace

from pydantic import ValidationError

from core.completions import Completion, CompletionRequest, Message, StopReason
from core.deadline import Deadline
from core.messages import Usage
from workers.models import _attempts
from workers.models._attempts import Emit
from workers.models._server import Server

Send = Callable[[CompletionRequest, float, Emit | None], Completion]
"""Makes one HTTP request: gets what to ask, the seconds left, and where to stream, or None to not stream."""


def complete(
    server: Server,
    send: Send,
    request: CompletionRequest,
    on_text: Callable[[str], None] | None,
) -> Completion:
    """Ask a model, and see that the reply parses as `request.response_model`, where one is given.

    A reply that does not parse is sent back once with what is wrong with it; the second is not streamed.

    Raises:
        ModelUnavailable: no attempt succeeded in time, or the second reply does not parse either.
        ModelRejected: the request itself was refused.
    """
    deadline = Deadline(request.timeout)
    completion = _ask(server, send, request, deadline, on_text)
    model = request.response_model
    if model is None or completion.stop is not StopReason.END:
        return completion
    try:
        return replace(completion, parsed=model.model_validate_json(completion.text))
    except ValidationError as error:
        complaint = _complaint(error)
    again = _ask(server, send, _sent_back(request, completion.text, complaint), deadline, None)
    both = _with_both_paid(completion, again)
    if again.stop is not StopReason.END:
        return both
    try:
        return replace(both, parsed=model.model_validate_json(again.text))
    except ValidationError as error:
        raise server.unavailable(
            f"let {server.name} break the JSON schema of {model.__name__} twice ({_complaint(error)})"
        ) from None


def _ask(
    server: Server,
    send: Send,
    request: CompletionRequest,
    deadline: Deadline,
    on_text: Callable[[str], None] | None,
) -> Completion:
    def attempt(emit: Emit, seconds: float) -> Completion:
        return send(request, seconds, emit if on_text else None)

    return _attempts.run(
        attempt, deadline, silence=request.timeout / 2, too_late=server.silent(), on_text=on_text
    )


def _sent_back(request: CompletionRequest, text: str, complaint: str) -> CompletionRequest:
    words = f"That is not valid: {complaint}. Reply again, with nothing but JSON that keeps to the schema."
    transcript = (*request.transcript, Message("assistant", text), Message("user", words))
    return replace(request, transcript=transcript, tools=())


def _with_both_paid(first: Completion, second: Completion) -> Completion:
    """The second completion, with the tokens and the cost of both."""
    usage = Usage(
        input_tokens=first.usage.input_tokens + second.usage.input_tokens,
        output_tokens=first.usage.output_tokens + second.usage.output_tokens,
    )
    known = first.cost_usd is not None and second.cost_usd is not None
    cost = (first.cost_usd or 0) + (second.cost_usd or 0) if known else None
    return replace(second, usage=usage, cost_usd=cost)


def _complaint(error: ValidationError) -> str:
    """What is wrong, by places in the reply; never the reply's own words."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or 'the reply'}: {problem['msg']}"
        for problem in problems[:5]
    )
