"""A turn as a worker holds it, and as people look at it."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row

from core.messages import Address, Answer, Question
from ledger.clock import moment


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one turn, until its lease runs out.

    Attributes:
        turn_id: the turn.
        attempt: which claim this is. It only ever grows, so it fences: a write with an older one is refused.
        question: what to answer.
        reply: where an earlier attempt has put its placeholder.
        answer: what an earlier attempt has stored: post it, do not make another.
        tries: how many claims there were since the turn was last redriven, this one among them.
        exhausted: the attempts are used up: apologise, do not answer.
        waited: seconds from the question's arrival to this claim, by the database's clock.
        claimed: when it was, by this process's monotonic clock.
    """

    turn_id: str
    attempt: int
    question: Question
    reply: Address | None
    answer: Answer | None
    tries: int
    exhausted: bool
    waited: float = 0.0
    claimed: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as people look at it. `state` is `received`, `running` or an outcome.

    `attempt` counts the attempts since the last redrive, `error` is the last one's, secrets masked.
    """

    id: str
    question: Question
    state: str
    attempt: int
    answer: Answer | None
    reply: Address | None
    error: str
    worker: str
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The turns that have not ended: those that no worker holds, those that one does, and the longest wait.

    `oldest` is in seconds from the question's arrival.
    """

    received: int
    running: int
    oldest: float


def claim_of(row: Row[*tuple[Any, ...]], *, max_attempts: int, lease: int) -> Claim:
    """The claim that a row of `turns`, with its `answer`, has become; `lease` is in milliseconds."""
    tries = row.attempt - row.forgiven
    return Claim(
        turn_id=row.id,
        attempt=row.attempt,
        question=Question.model_validate_json(row.question),
        reply=_address(row.reply),
        answer=_answer(row.answer),
        tries=tries,
        exhausted=tries > max_attempts,
        waited=max(0, row.due_at - lease - row.received_at) / 1000,
    )


def turn_of(row: Row[*tuple[Any, ...]]) -> Turn:
    """The turn in a row of `turns` with its `answer`."""
    return Turn(
        id=row.id,
        question=Question.model_validate_json(row.question),
        state=row.state,
        attempt=row.attempt - row.forgiven,
        answer=_answer(row.answer),
        reply=_address(row.reply),
        error=row.error,
        worker=row.worker,
        received_at=moment(row.received_at),
        started_at=None if row.started_at is None else moment(row.started_at),
        finished_at=None if row.finished_at is None else moment(row.finished_at),
    )


def _answer(stored: str | None) -> Answer | None:
    return None if stored is None else Answer.model_validate_json(stored)


def _address(stored: str | None) -> Address | None:
    return None if stored is None else Address.model_validate_json(stored)
