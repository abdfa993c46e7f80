"""The time budget of one call: attempts, the waits between them, and the moment to give up."""

import itertools
import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from core.completions import Completion
from core.deadline import Deadline
from core.errors import ModelUnavailable

Emit = Callable[[str], None]
"""Called by an attempt with each piece of text, and with an empty one as a sign of life."""

Attempt = Callable[[Emit, float], Completion]
"""One try: gets a function to emit text with and the seconds that are left; raises TryAgain."""

_ATTEMPTS = 4
# Backoff as in OpenAI's SDK, doubled each time and less up to a quarter at random, but from half its first
# wait on: somebody sits and watches.
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0
_JITTER = 0.25


class TryAgain(Exception):
    """An attempt failed in a way that the next may not.

    Attributes:
        error: what to raise when there is no next one.
        after: seconds that the server wants to be left alone, or None where it did not say.
    """

    def __init__(self, error: ModelUnavailable, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


class Abandoned(Exception):
    """Raised into an attempt for which nobody waits any more."""


def run(
    attempt: Attempt,
    deadline: Deadline,
    *,
    silence: float,
    too_late: ModelUnavailable,
    on_text: Callable[[str], None] | None = None,
) -> Completion:
    """Make attempts until one succeeds.

    An attempt runs in a thread of its own, so that nothing that blocks it, such as a name server or a reply
    that trickles in, can keep the caller beyond the deadline. One that has passed text on is the last.

    Args:
        attempt: what to try.
        deadline: when to give up.
        silence: seconds for which a reply, once it has begun, may say nothing.
        too_late: raised when that, or the deadline, is over.
        on_text: called in the caller's own thread with each piece of text.

    Raises:
        ModelUnavailable: no attempt succeeded in time.
        ModelRejected: the request itself was refused.
    """
    for number in itertools.count(1):
        pieces: list[str] = []
        try:
            return _once(
                attempt, deadline, silence=silence, too_late=too_late, pieces=pieces, on_text=on_text
            )
        except TryAgain as failure:
            wait = failure.after
            if wait is None:
                wait = min(_FIRST_WAIT * 2 ** (number - 1), _LONGEST_WAIT)
                wait *= 1 - _JITTER * random.random()  # noqa: S311 (no secret hangs on it)
            if pieces or number == _ATTEMPTS or wait >= deadline.remaining():
                raise failure.error from None
        time.sleep(wait)
    raise too_late


def _once(
    attempt: Attempt,
    deadline: Deadline,
    *,
    silence: float,
    too_late: ModelUnavailable,
    pieces: list[str],
    on_text: Callable[[str], None] | None,
) -> Completion:
    """Run one attempt; `pieces` gets what was passed on."""
    events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    result: Future[Completion] = Future()
    abandoned = threading.Event()

    def emit(text: str) -> None:
        if abandoned.is_set():
            raise Abandoned
        events.put(text)

    def work() -> None:
        try:
            result.set_result(attempt(emit, deadline.remaining()))
        except BaseException as error:  # noqa: BLE001 (raised again by whoever waits)
            result.set_exception(error)
        events.put(None)

    threading.Thread(target=work, name="model-call", daemon=True).start()
    patience = deadline.remaining()
    try:
        while left := deadline.remaining():
            try:
                text = events.get(timeout=min(patience, left))
            except queue.Empty:
                break
            if text is None:
                return result.result()
            patience = silence
            if text and on_text:
                pieces.append(text)
                on_text(text)
    finally:
        abandoned.set()
    raise TryAgain(too_late)
