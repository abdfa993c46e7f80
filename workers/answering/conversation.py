"""Recalling the conversation, within its budget: what Candor was asked, and what people wrote around it."""

from collections.abc import Mapping, Sequence

from core import log
from core.errors import CandorError
from core.messages import Address, Exchange, Outcome, Question
from core.secrets import mask
from core.transcripts import Channels, Said
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.process import Recollection

_log = log.get(__name__)

_EXCHANGES = 20
_MESSAGES = 50


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


def overhear(
    question: Question,
    recalled: Sequence[Exchange],
    channels: Mapping[str, Channels],
    settings: AnsweringSettings,
) -> tuple[Exchange, ...]:
    """The exchanges, behind what people wrote in the thread that a question was asked in, as far as it fits.

    A message of theirs is an exchange without an answer: data for the model, as all that was said before.
    What they asked Candor is among the exchanges already. A thread that cannot be read costs no answer.
    """
    address = question.address
    platform = channels.get(address.platform)
    # A question that begins its thread has nothing above it.
    above = address.thread.partition("/")[0] not in ("", address.message)
    if platform is None or not above or not settings.conversation_tokens:
        return tuple(recalled)
    try:
        said = platform.transcript(question, _MESSAGES).said
    except CandorError as error:
        _log.warning("the thread is not read", error=str(error))
        return tuple(recalled)
    left = settings.conversation_tokens
    left -= sum(tokens(each.question) + tokens(each.answer) for each in recalled)
    known = {each.question for each in recalled}
    kept: list[Exchange] = []
    for message in reversed(said):
        words = _overheard(message)
        left -= tokens(words.question)
        if left < 0:
            break
        if words.query not in known:
            kept.append(words)
    return (*reversed(kept), *recalled)


def _overheard(message: Said) -> Exchange:
    text = mask(message.text)
    return Exchange(question=f"{message.speaker}: {text}", query=text, answer="", outcome=Outcome.ABSTAINED)
