"""Follow-ups: questions to go on with, looked for while the model writes."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from core import log
from core.errors import CandorError
from core.messages import Question
from workers.answering.context import Context
from workers.answering.process import Process

_log = log.get(__name__)


@contextmanager
def looking(
    question: Question, asked: str, context: Context, process: Process
) -> Iterator[Callable[[], tuple[str, ...]]]:
    """Look for follow-ups beside the block; where the asker's platform shows none, for none.

    Args:
        question: the turn's; its audience decides what a follow-up may rest on.
        asked: the question as it was searched.
        context: what was found.
        process: the wired parts.

    Yields:
        What gives the follow-ups, none where they could not be looked for. It waits for them.
    """
    further = process.further.get(question.address.platform)
    if further is None:
        yield tuple
        return
    with ThreadPoolExecutor(1, thread_name_prefix="follow-ups") as pool:
        found = pool.submit(further.beyond, asked, context.candidates, question.audience.groups)
        yield lambda: _result(found)


def _result(found: Future[tuple[str, ...]]) -> tuple[str, ...]:
    try:
        return found.result()
    except CandorError as error:
        _log.warning("no follow-ups", error=str(error))
        return ()
