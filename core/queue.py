"""The queue, seen from the side that puts something in. The broker is a hint: the ledger decides."""

from typing import Protocol

from core.messages import Frozen

ANSWER = "answering.answer"
SYNC = "ingesting.sync"
SYNC_ALL = "ingesting.sync_all"
SYNC_RATES = "rates.sync"
FORGET = "ingesting.forget"
ESCALATE = "escalating.show"
"""Names of the tasks, by which a process can send jobs without loading what works on them."""


class Job(Frozen):
    """Plain data for a worker.

    `task` is the task's name, `seconds` how long the hint is worth anything, `trace` the span of the event
    behind it.
    """

    task: str
    turn_id: str = ""
    source_id: str = ""
    conversations: tuple[str, ...] = ()
    seconds: int = 3600
    trace: str = ""


class Queue(Protocol):
    """Where jobs go."""

    def publish(self, job: Job) -> bool:
        """Hand a job to the broker, within a second whatever the broker does.

        Returns:
            False when the broker has not taken it: no error, since the sweep will find the turn.
        """
        ...


def answer_job(turn_id: str, trace: str = "") -> Job:
    """The job that has a turn answered."""
    return Job(task=ANSWER, turn_id=turn_id, trace=trace)


def escalation_job(turn_id: str) -> Job:
    """The job that shows experts how far a turn that was handed to them has come."""
    return Job(task=ESCALATE, turn_id=turn_id)


def forget_job(source_id: str, conversations: tuple[str, ...]) -> Job:
    """The job that takes conversations of a channel, by their ids, out of the index."""
    return Job(task=FORGET, source_id=source_id, conversations=conversations)


def sync_job(source_id: str) -> Job:
    """The job that makes the index equal to one source."""
    return Job(task=SYNC, source_id=source_id)
