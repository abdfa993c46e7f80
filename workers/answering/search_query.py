"""Writing the search query: the question in words that stand alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import log
from core.completions import ModelRole, StopReason
from core.errors import CandorError
from core.messages import Exchange
from prompts.render import render
from workers.answering.calls import Calls

_LOG = log.get(__name__)

# A rewrite is a nicety: it may not eat the time of the answer, nor be longer than a question can be.
_SHARE = 1 / 3
_CHARACTERS = 1000
_AS_ASKED = "the follow-up was searched as it was asked, since it could not be rewritten"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for; `notes` are for the trace."""

    text: str
    notes: tuple[str, ...] = ()


def write(question: str, history: Sequence[Exchange], calls: Calls) -> SearchQuery:
    """Make the question stand alone, by the small model where there is one.

    The first question of a conversation does, so no model is asked. A rewrite that fails for whatever
    foreseen reason leaves the question as it was asked.
    """
    if not history:
        return SearchQuery(question)
    prompt = render("rewrite", question=question, history=tuple(history))
    try:
        completion = calls.ask(ModelRole.SMALL, prompt, share=_SHARE)
    except CandorError as error:
        _LOG.warning("follow-up not rewritten", cause=str(error))
        return SearchQuery(question, (_AS_ASKED,))
    rewritten = " ".join(completion.text.split())
    if completion.stop is not StopReason.END or not 0 < len(rewritten) <= _CHARACTERS:
        return SearchQuery(question, (_AS_ASKED,))
    if rewritten == " ".join(question.split()):
        return SearchQuery(question)
    return SearchQuery(rewritten, (f"the follow-up was searched as: {rewritten}",))
