"""The one door in: secrets masked, the ledger's row, then the queue."""

from dataclasses import dataclass
from typing import Literal

from core import telemetry as names
from core.messages import Address, Question
from core.queue import Queue, answer_job, forget_job
from core.secrets import mask
from core.watch import Watch
from ledger.channels import Channels
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

    def __init__(
        self,
        turns: Turns,
        feedback: Feedback,
        queue: Queue,
        channels: Channels | None = None,
        *,
        watch: Watch | None = None,
    ) -> None:
        """Open the door.

        Args:
            turns: where questions are written down.
            feedback: where thumbs are.
            queue: where workers hear of questions.
            channels: how each channel wants its answers, where a platform has channels that can be set.
            watch: who sees what comes in.
        """
        self._turns = turns
        self._feedback = feedback
        self._queue = queue
        self._channels = channels
        self._watch = watch or Watch()

    def take(self, question: Question, reply: Address | None = None) -> Receipt:
        """Write a question down and hint at it; a repeat of one is recognised and not asked twice.

        Args:
            question: what is asked.
            reply: the message to answer in, where an earlier turn left one.

        Raises:
            LedgerUnavailable: it is not written down, and the asker must be told.
        """
        masked = question.model_copy(update={"text": mask(question.text)})
        if self._channels:
            masked = masked.model_copy(update={"manner": self._channels.of(question.address).manner})
        platform = question.key.platform
        with self._watch.tracing.span("question", {names.PLATFORM: platform}) as span:
            turn_id, new = self._turns.insert(masked, reply)
            span.note({names.TURN: turn_id})
            queued = self._queue.publish(answer_job(turn_id, span.parent)) if new else True
        if new:
            self._watch.metrics.heard(platform, queued=queued)
        return Receipt(turn_id, new, queued)

    def forget(self, source_id: str, conversations: tuple[str, ...]) -> None:
        """Have conversations in which something was deleted leave the index, until the next sync.

        A hint that the broker does not take is no loss: that sync takes out what is gone.
        """
        self._queue.publish(forget_job(source_id, conversations))

    def withdraw(self, turn_id: str) -> bool:
        """End a turn whose asker took the question back; whoever works on it loses its claim.

        Returns:
            False when it had ended already.

        Raises:
            LedgerUnavailable: it is not withdrawn.
        """
        return self._turns.withdraw(turn_id)

    def unrate(self, turn_id: str, person: str, value: Literal[1, -1]) -> None:
        """Take a person's thumb back, unless they have given the other one since.

        Raises:
            LedgerUnavailable: it is still there.
        """
        self._feedback.withdraw(turn_id, person, value)

    def rate(self, turn_id: str, person: str, value: Literal[1, -1], reason: str = "") -> None:
        """Record a person's thumb on an answer; a later one of the same person replaces it.

        Raises:
            LedgerUnavailable: it is not recorded.
        """
        self._feedback.record(turn_id, person, value, mask(reason))
        self._watch.metrics.rated(value)
