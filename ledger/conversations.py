"""What was said before in the same thread."""

from sqlalchemy import Engine, select, tuple_

from core.messages import Address, Exchange, Outcome, Question
from ledger.tables import answers, thread_of, turns
from ledger.transactions import reading

_TOLD = (Outcome.ANSWERED.value, Outcome.ABSTAINED.value)


class Conversations:
    """The conversations of one ledger.

    Each method raises LedgerUnavailable when the database is down or locked.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def recent(self, address: Address, *, before: str, limit: int = 20) -> list[Exchange]:
        """The last exchanges of a thread before one of its turns, oldest first.

        Args:
            address: any address in the thread.
            before: the turn's id; without such a turn there is nothing before it.
            limit: how many.
        """
        here = select(turns.c.received_at, turns.c.id).where(turns.c.id == before).scalar_subquery()
        statement = (
            select(turns.c.question, turns.c.state, answers.c.query, answers.c.text)
            .join(answers, answers.c.turn_id == turns.c.id)
            .where(
                turns.c.thread == thread_of(address),
                turns.c.state.in_(_TOLD),
                tuple_(turns.c.received_at, turns.c.id) < here,
            )
            .order_by(turns.c.received_at.desc(), turns.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        exchanges = []
        for question, state, query, answer in reversed(rows):
            asked = Question.model_validate_json(question).text
            exchanges.append(
                Exchange(question=asked, query=query or asked, answer=answer, outcome=Outcome(state))
            )
        return exchanges
