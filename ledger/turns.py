"""Turns: each question's way from received to its one outcome. The ledger decides, the broker is a hint."""

from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, case, delete, func, select, update
from sqlalchemy.sql.dml import ReturningInsert

from core.errors import LostClaim
from core.messages import Address, Answer, Outcome, Question
from core.secrets import mask
from ledger import decisions, ids
from ledger.clock import milliseconds, now
from ledger.tables import RECEIVED, RUNNING, answers, place_of, thread_of, turns
from ledger.transactions import reading, writing
from ledger.turn import Claim, Turn, Waiting, claim_of, turn_of
from ledger.upserts import insert, insert_into

__all__ = ["Claim", "Turn", "Turns", "Waiting"]

_APOLOGIES: Final = 2
"""Attempts beyond the last one, in which a worker has nothing to do but to say that there is no answer."""

_SHORTEST_PREFIX: Final = 6

_GAVE_UP: Final = "given up: not even the apology could be made"

_OPEN: Final = turns.c.finished_at.is_(None)
_KEY: Final = (turns.c.platform, turns.c.workspace, turns.c.channel, turns.c.message, turns.c.version)


class Turns:
    """The turns of one ledger.

    Each method raises LedgerUnavailable when the database is down or locked; those that take a claim raise
    LostClaim when another worker has the turn by now, or it has ended.
    """

    def __init__(
        self, engine: Engine, *, lease: float = 15.0, sweep_after: float = 3.0, max_attempts: int = 4
    ) -> None:
        """Work on a ledger.

        Args:
            engine: from `open_ledger`.
            lease: seconds that a claim holds without a heartbeat.
            sweep_after: seconds that a turn is left to the broker before a sweep finds it.
            max_attempts: attempts that a worker may spend on an answer.
        """
        self._engine = engine
        self._lease = milliseconds(lease)
        self._sweep_after = milliseconds(sweep_after)
        self._max_attempts = max_attempts
        self._hopeless = turns.c.attempt > turns.c.forgiven + (max_attempts + _APOLOGIES)

    def insert(self, question: Question, reply: Address | None = None) -> tuple[str, bool]:
        """Write a question down, once for its key.

        Args:
            question: what is asked.
            reply: the message to answer in, where one stands there already.

        Returns:
            The turn's id, and whether it is new: False is a repeat, and the id that of the first.
        """
        with writing(self._engine) as connection:
            return write_down(connection, question, reply)

    def claim(self, turn_id: str, worker: str) -> Claim | None:
        """Take a turn: one that waits, or one whose worker has let its lease run out.

        Returns:
            None when it is not to be had: it has ended, waits for its time, or is another worker's.
        """
        answer = select(answers.c.answer).where(answers.c.turn_id == turn_id).scalar_subquery()
        with writing(self._engine) as connection:
            row = connection.execute(
                update(turns)
                .where(
                    turns.c.id == turn_id,
                    _OPEN,
                    turns.c.due_at <= now(),
                    ~self._hopeless,
                )
                .values(
                    state=RUNNING,
                    attempt=turns.c.attempt + 1,
                    worker=worker,
                    due_at=now() + self._lease,
                    started_at=func.coalesce(turns.c.started_at, now()),
                )
                .returning(turns, answer.label("answer"))
            ).one_or_none()
        return None if row is None else claim_of(row, max_attempts=self._max_attempts, lease=self._lease)

    def heartbeat(self, claim: Claim) -> None:
        """Hold the claim for another lease."""
        with writing(self._engine) as connection:
            self._write(connection, claim)

    def release(self, claim: Claim, *, after: float, error: str, forgive: bool = False) -> None:
        """Give the turn back, for any worker to take when `after` seconds have passed.

        Forgiven, the attempt does not count: nobody failed, it was only not the time yet.
        """
        with writing(self._engine) as connection:
            self._write(
                connection,
                claim,
                state=RECEIVED,
                due_at=now() + milliseconds(after),
                enqueued_at=0,  # no hint is on its way: the sweep has it as soon as it is due
                forgiven=turns.c.forgiven + int(forgive),
                error=mask(error),
            )

    def save_reply(self, claim: Claim, reply: Address) -> None:
        """Remember where the placeholder stands. Where there was no thread, the reply has begun one."""
        place = {"reply": reply.model_dump_json(), "reply_place": place_of(reply)}
        if not claim.question.address.thread:
            place["thread"] = thread_of(reply)
        with writing(self._engine) as connection:
            self._write(connection, claim, **place)

    def save_answer(self, claim: Claim, answer: Answer) -> None:
        """Store the answer before it is posted, so that no other attempt pays for it or words it anew."""
        with writing(self._engine) as connection:
            self._write(connection, claim)
            store(connection, claim.turn_id, answer)
            decisions.write(connection, claim.turn_id, answer.trace.decisions)

    def close(self, claim: Claim, outcome: Outcome, *, error: str = "") -> None:
        """End the turn. A turn ends once."""
        with writing(self._engine) as connection:
            self._write(connection, claim, state=outcome.value, finished_at=now(), error=mask(error))

    def withdraw(self, turn_id: str) -> bool:
        """End a turn that its asker took back; the worker that holds it loses its claim.

        Returns:
            False when it had ended already, or there is no such turn.
        """
        with writing(self._engine) as connection:
            ended = connection.execute(
                update(turns)
                .where(turns.c.id == turn_id, _OPEN)
                .values(state=Outcome.WITHDRAWN.value, finished_at=now())
            )
            return ended.rowcount == 1

    def sweep(self, limit: int = 200) -> list[str]:
        """Find the turns that want a worker, longest waiting first in line, and mark them as enqueued now.

        One that has used up its attempts and its apologies is closed as failed here.

        Returns:
            Ids to enqueue, oldest first; no other sweep returns them for `sweep_after` s.
        """
        wanting = (
            select(turns.c.id)
            .where(_OPEN, turns.c.enqueued_at <= now() - self._sweep_after, turns.c.due_at <= now())
            .order_by(turns.c.enqueued_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("wanting")
        )
        statement = (
            update(turns)
            .where(turns.c.id.in_(select(wanting.c.id)))
            .values(
                enqueued_at=now(),
                state=case((self._hopeless, Outcome.FAILED.value), else_=turns.c.state),
                finished_at=case((self._hopeless, now())),
                error=case((and_(self._hopeless, turns.c.error == ""), _GAVE_UP), else_=turns.c.error),
            )
            .returning(turns.c.id, turns.c.finished_at)
        )
        with writing(self._engine) as connection:
            swept = connection.execute(statement).all()
        return sorted(turn_id for turn_id, finished_at in swept if finished_at is None)

    def redrive(self, turn_id: str) -> bool:
        """Have a failed turn answered after all, with all its attempts before it.

        Returns:
            False when the turn has not failed, or there is none.
        """
        with writing(self._engine) as connection:
            reopened = connection.execute(
                update(turns)
                .where(turns.c.id == turn_id, turns.c.state == Outcome.FAILED.value)
                .values(
                    state=RECEIVED,
                    forgiven=turns.c.attempt,
                    due_at=now(),
                    enqueued_at=now(),
                    started_at=None,
                    finished_at=None,
                    error="",
                )
            )
            if reopened.rowcount == 0:
                return False
            # An apology that was stored as the answer is not to be posted again.
            connection.execute(
                delete(answers).where(answers.c.turn_id == turn_id, answers.c.outcome == Outcome.FAILED.value)
            )
            return True

    def get(self, turn_id: str) -> Turn | None:
        """The turn with this id, or the only one whose id begins so (6 characters or more)."""
        prefix = turn_id.upper()
        if len(prefix) < _SHORTEST_PREFIX or not set(prefix) <= set(ids.ALPHABET):
            return None
        found = self._read(turns.c.id >= prefix, turns.c.id <= prefix + "~", limit=2)
        return found[0] if len(found) == 1 else None

    def recent(self, limit: int = 20, outcome: Outcome | None = None) -> list[Turn]:
        """The newest turns, newest first; all of them, or those that ended so."""
        wanted = [] if outcome is None else [turns.c.state == outcome.value]
        return self._read(*wanted, limit=limit)

    def backlog(self) -> int:
        """How many turns have not ended."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(turns).where(_OPEN)).scalar_one()

    def waiting(self) -> Waiting:
        """What has not ended, and how long the turn that has waited longest for a worker has waited."""
        statement = select(
            func.count(case((turns.c.state == RECEIVED, 1))),
            func.count(case((turns.c.state == RUNNING, 1))),
            now() - func.min(case((turns.c.state == RECEIVED, turns.c.received_at))),
        ).where(_OPEN)
        with reading(self._engine) as connection:
            received, running, oldest = connection.execute(statement).one()
        return Waiting(received, running, max(0, oldest or 0) / 1000)

    def _write(self, connection: Connection, claim: Claim, **values: Any) -> None:
        """Change a turn under its claim; whoever may write has shown to be alive, which renews the lease."""
        written = connection.execute(
            update(turns)
            .where(turns.c.id == claim.turn_id, turns.c.attempt == claim.attempt, turns.c.state == RUNNING)
            .values({"due_at": now() + self._lease, **values})
        )
        if written.rowcount != 1:
            raise LostClaim(f"turn {claim.turn_id}: attempt {claim.attempt} no longer holds it")

    def _read(self, *where: ColumnElement[bool], limit: int) -> list[Turn]:
        statement = (
            select(turns, answers.c.answer)
            .outerjoin(answers, answers.c.turn_id == turns.c.id)
            .where(*where)
            .order_by(turns.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [turn_of(row) for row in rows]


@cache
def _insertion(dialect: str) -> ReturningInsert[str]:
    """The statement that writes a question down; made once, since a burst of events needs it at once."""
    given = ("id", "thread", "reply", "reply_place", "question", "asker", *(column.name for column in _KEY))
    return (
        insert_into(dialect, turns)
        .values(
            **{name: bindparam(name) for name in given},
            state=RECEIVED,
            attempt=0,
            forgiven=0,
            due_at=now(),
            enqueued_at=now(),
            received_at=now(),
            worker="",
            error="",
        )
        .on_conflict_do_nothing(index_elements=_KEY)
        .returning(turns.c.id)
    )


def write_down(connection: Connection, question: Question, reply: Address | None = None) -> tuple[str, bool]:
    """Write a question down within a transaction, as `Turns.insert` does."""
    key = question.key
    row = {
        "id": ids.new_id(),
        **key.model_dump(),
        "thread": thread_of(question.address),
        "reply": None if reply is None else reply.model_dump_json(),
        "reply_place": None if reply is None else place_of(reply),
        "question": question.model_dump_json(),
        "asker": question.asker.id,
    }
    new = connection.execute(_insertion(connection.dialect.name), row).scalar()
    if new is not None:
        return new, True
    first = select(turns.c.id).where(*(column == getattr(key, column.name) for column in _KEY))
    return connection.execute(first).scalar_one(), False


def store(connection: Connection, turn_id: str, answer: Answer) -> None:
    """Store a turn's answer within a transaction; whoever claims the turn posts it and makes no other."""
    row = {
        "outcome": answer.outcome.value,
        "query": answer.trace.query,
        "text": answer.text,
        "answer": answer.model_dump_json(),
    }
    connection.execute(
        insert(connection, answers)
        .values(turn_id=turn_id, **row)
        .on_conflict_do_update(index_elements=[answers.c.turn_id], set_=row)
    )
