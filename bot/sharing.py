"""Sharing a private answer: the question is asked anew for everybody, since its audience is another."""

from core.messages import Asker, Audience, Question
from ledger.turns import Turn

YOURS_ALONE = "This is about another channel, which not everybody here may read. It stays with you."


def is_of_another_channel(question: Question) -> bool:
    """Whether an answer rests on a channel that others where it was asked may not read."""
    span = question.span
    return span is not None and span.channel not in ("", question.address.channel)


def shared(turn: Turn, asker: Asker, otherwise: str = "") -> Question:
    """The question of a private answer, asked for a whole channel, once however often that is wished.

    Args:
        turn: the private one.
        asker: who shares it.
        otherwise: the thread that it belongs to unless it is a thread's summary, which belongs there; any
            other private answer had no thread that others see.
    """
    asked = turn.question
    thread = (asked.span.thread if asked.span else "") or otherwise
    alone = {"thread": thread, "message": "", "handle": "", "promise": ""}
    return asked.model_copy(
        update={
            "key": asked.key.model_copy(update={"message": f"share:{turn.id}", "version": 0}),
            "address": asked.address.model_copy(update=alone),
            "asker": asker,
            "audience": Audience(),
            "retry_of": turn.id,
            "quoted": True,
        }
    )
