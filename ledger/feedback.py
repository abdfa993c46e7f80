"""What people thought of an answer: a thumb, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError

from core.errors import Misconfigured
from ledger.clock import moment, now
from ledger.tables import feedback
from ledger.transactions import reading, writing
from ledger.upserts import insert


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's thumb on one turn: 1 is up, -1 is down. `person` is the platform's own id."""

    turn_id: str
    person: str
    value: Literal[1, -1]
    reason: str
    given_at: datetime


class Feedback:
    """The votes of one ledger. Each method raises LedgerUnavailable when the database is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, turn_id: str, person: str, value: Literal[1, -1], reason: str = "") -> None:
        """Count a person's thumb, in place of the one that they gave this turn before.

        Raises:
            Misconfigured: when there is no such turn.
        """
        vote = {"value": value, "reason": reason, "given_at": now()}
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    insert(connection, feedback)
                    .values(turn_id=turn_id, person=person, **vote)
                    .on_conflict_do_update(index_elements=[feedback.c.turn_id, feedback.c.person], set_=vote)
                )
        except IntegrityError:
            raise Misconfigured(f"turn {turn_id}: the ledger has no such turn to give feedback on") from None

    def withdraw(self, turn_id: str, person: str, value: Literal[1, -1] | None = None) -> bool:
        """Take a thumb back: this one, or whichever was given.

        Returns:
            False when there was none.
        """
        given = [] if value is None else [feedback.c.value == value]
        with writing(self._engine) as connection:
            gone = connection.execute(
                delete(feedback).where(feedback.c.turn_id == turn_id, feedback.c.person == person, *given)
            )
            return gone.rowcount == 1

    def of(self, turn_id: str) -> list[Vote]:
        """All votes on a turn, oldest first."""
        statement = (
            select(feedback)
            .where(feedback.c.turn_id == turn_id)
            .order_by(feedback.c.given_at, feedback.c.person)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [Vote(row.turn_id, row.person, row.value, row.reason, moment(row.given_at)) for row in rows]
