"""Recalling the conversation, within its budget."""

from core.messages import Address, Exchange
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.process import Recollection

_EXCHANGES = 20


def recall(
    address: Address, turn_id: str, conversations: Recollection, settings: AnsweringSettings
) -> tuple[Exchange, ...]:
    """The newest exchanges of this thread that fit the budget, oldest first.

    It ends at the first that does not fit, so that what is left has no gap.
    """
    if not settings.conversation_tokens:
        return ()
    kept: list[Exchange] = []
    left = settings.conversation_tokens
    for exchange in reversed(conversations.recent(address, before=turn_id, limit=_EXCHANGES)):
        left -= tokens(exchange.question) + tokens(exchange.answer)
        if left < 0:
            break
        kept.append(exchange)
    return tuple(reversed(kept))
