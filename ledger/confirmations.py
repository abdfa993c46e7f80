"""Calls that wait for the asker's "yes", and who took them."""

from sqlalchemy import Engine, select, tuple_
from sqlalchemy.exc import IntegrityError

from core.messages import Address, Answer, Confirmation, Outcome, Question
from ledger.clock import milliseconds, now
from ledger.tables import answers, confirmations, thread_of, turns
from ledger.transactions import reading, writing
from ledger.upserts import insert

_LOOKED_AT = 20


class Confirmations:
    """What the answers of one ledger ask to have confirmed.

    Each method raises LedgerUnavailable when the database is down or locked.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, address: Address, asker: str, *, before: str) -> tuple[str, Confirmation] | None:
        """The turn and the call that an asker's last answer in a thread proposed.

        One that has expired is none. One that was taken is still shown, so that whoever takes it learns that.

        Args:
            address: any address in the thread.
            asker: the platform's own id; what another person was asked does not count.
            before: the turn that looks for it.
        """
        here = select(turns.c.received_at, turns.c.id).where(turns.c.id == before).scalar_subquery()
        statement = (
            select(turns.c.id, turns.c.question, answers.c.answer, now().label("time"))
            .join(answers, answers.c.turn_id == turns.c.id)
            .where(
                turns.c.thread == thread_of(address),
                turns.c.finished_at.is_not(None),
                tuple_(turns.c.received_at, turns.c.id) < here,
            )
            .order_by(turns.c.received_at.desc(), turns.c.id.desc())
            .limit(_LOOKED_AT)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        for turn_id, question, stored, time in rows:
            if Question.model_validate_json(question).asker.id != asker:
                continue
            answer = Answer.model_validate_json(stored)
            confirmation = answer.confirmation if answer.outcome is Outcome.ANSWERED else None
            if confirmation is None or milliseconds(confirmation.expires_at.timestamp()) < time:
                return None
            return turn_id, confirmation
        return None

    def take(self, turn_id: str, *, by: str) -> bool:
        """Take a turn's confirmation for the turn that says yes to it, once and for all.

        Returns:
            False when it was taken before, by whichever turn.
        """
        taken = {"turn_id": turn_id, "by": by, "taken_at": now()}
        try:
            with writing(self._engine) as connection:
                inserted = connection.execute(
                    insert(connection, confirmations)
                    .values(**taken)
                    .on_conflict_do_nothing()
                    .returning(confirmations.c.turn_id)
                )
                return inserted.first() is not None
        except IntegrityError:
            return False
