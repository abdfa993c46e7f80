"""The one door in: secrets masked, the ledger's row, then the queue."""

from dataclasses import dataclass
from typing import Literal

from core.messages import Question
from core.queue import Queue, answer_job
from core.secrets import mask
from ledger.feedback import Feedback
from ledger.turns import Turns


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a question at the door.

    Attributes:
        turn_id: the turn that answers it.
        new: False when this question was delivered before.
        queued: False when the broker has not taken the hint; the sweep brings the turn to a worker later.
    """

    turn_id: str
    new: bool
    queued: bool


class Intake:
    """Takes in questions and feedback. Once `take` returns, the question cannot be lost."""

    def __init__(self, turns: Turns, feedback: Feedback, queue: Queue) -> None:
        self._turns = turns
        self._feedback = feedback
        self._queue = queue

    def take(self, question: Question) -> Receipt:
        """Write a question down and hint at it; a repeat of one is recognised and not asked twice.

        Raises:
            LedgerUnavailable: it is not written down, and the asker must be told.
        """
        masked = question.model_copy(update={"text": mask(question.text)})
        turn_id, new = self._turns.insert(masked)
        queued = self._queue.publish(answer_job(turn_id)) if new else True
        return Receipt(turn_id, new, queued)

    def rate(self, turn_id: str, person: str, value: Literal[1, -1], reason: str = "") -> None:
        """Record a person's thumb on an answer; a later one of the same person replaces it.

        Raises:
            LedgerUnavailable: it is not recorded.
        """
        self._feedback.record(turn_id, person, value, mask(reason))
