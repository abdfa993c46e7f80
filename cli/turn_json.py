"""A turn as JSON shows it."""

from core.messages import Answer, Outcome
from ledger.turns import Turn


def as_object(turn: Turn) -> dict[str, object]:
    """The fields that `--json` promises; a turn without an outcome yet has an empty answer."""
    answer = turn.answer or Answer(outcome=Outcome.FAILED, text="")
    return {
        "turn_id": turn.id,
        "question": turn.question.text,
        "outcome": turn.state,
        "answer": answer.text,
        "citations": [
            citation.model_dump(include={"n", "title", "source", "quote", "heading"})
            for citation in answer.citations
        ],
        "tools": [tool.model_dump() for tool in answer.tools],
        "model": answer.model,
        "timings": answer.timings,
        "cost_usd": answer.cost_usd,
        "error": turn.error,
    }
