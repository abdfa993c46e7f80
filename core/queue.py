"""The queue, seen from the side that puts something in. The broker is a hint: the ledger decides."""

from typing import Protocol

from core.messages import Frozen

ANSWER = "answering.answer"
SYNC = "ingesting.sync"
SYNC_ALL = "ingesting.sync_all"
SYNC_RATES = "rates.sync"
"""Names of the tasks, by which a process can send jobs without loading what works on them."""


class Job(Frozen):
    """Plain data for a worker. `task` is the task's name, `seconds` how long the hint is worth anything."""

    task: str
    turn_id: str = ""
    source_id: str = ""
    seconds: int = 3600


class Queue(Protocol):
    """Where jobs go."""

    def publish(self, job: Job) -> bool:
        """Hand a job to the broker, within a second whatever the broker does.

        Returns:
            False when the broker has not taken it: no error, since the sweep will find the turn.
        """
        ...


def answer_job(turn_id: str) -> Job:
    """The job that has a turn answered."""
    return Job(task=ANSWER, turn_id=turn_id)


def sync_job(source_id: str) -> Job:
    """The job that makes the index equal to one source."""
    return Job(task=SYNC, source_id=source_id)
