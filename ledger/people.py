"""What one person asked, for them to look at and to have forgotten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, and_, delete, select

from core.messages import Question
from ledger.clock import moment
from ledger.tables import escalations, feedback, posts, turns
from ledger.transactions import reading, writing


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in one workspace of a platform, by the platform's own ids."""

    platform: str
    workspace: str
    id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a person. `state` is `received`, `running` or an outcome."""

    turn_id: str
    text: str
    state: str
    at: datetime


class People:
    """The askers of one ledger. Each method raises LedgerUnavailable when the database is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def history(self, person: Person, limit: int = 10) -> list[Asked]:
        """What somebody asked last, newest first."""
        statement = (
            select(turns.c.id, turns.c.question, turns.c.state, turns.c.received_at)
            .where(_asked_by(person))
            .order_by(turns.c.received_at.desc(), turns.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [
            Asked(row.id, Question.model_validate_json(row.question).text, row.state, moment(row.received_at))
            for row in rows
        ]

    def open(self, person: Person) -> list[str]:
        """The turns of somebody that have not ended."""
        statement = select(turns.c.id).where(_asked_by(person), turns.c.finished_at.is_(None))
        with reading(self._engine) as connection:
            return list(connection.execute(statement).scalars())

    def handed_over(self, person: Person) -> list[str]:
        """The turns of somebody that were handed to people."""
        asked = select(turns.c.id).where(_asked_by(person))
        statement = select(escalations.c.turn_id).where(escalations.c.turn_id.in_(asked))
        with reading(self._engine) as connection:
            return list(connection.execute(statement).scalars())

    def forget(self, person: Person) -> int:
        """Delete what somebody asked, with its answers and all that hangs on it, and every thumb of theirs.

        Returns:
            How many questions there were.
        """
        asked = select(turns.c.id).where(_asked_by(person))
        here = select(turns.c.id).where(
            turns.c.platform == person.platform, turns.c.workspace == person.workspace
        )
        with writing(self._engine) as connection:
            connection.execute(delete(posts).where(posts.c.key.in_(asked)))
            connection.execute(
                delete(feedback).where(feedback.c.person == person.id, feedback.c.turn_id.in_(here))
            )
            return connection.execute(delete(turns).where(_asked_by(person))).rowcount


def _asked_by(person: Person) -> ColumnElement[bool]:
    return and_(
        turns.c.platform == person.platform,
        turns.c.workspace == person.workspace,
        turns.c.asker == person.id,
    )
