"""Questions handed to people: who was asked, who took it, and what the cards that they see have to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, select, update
from sqlalchemy.engine import Row

from core.messages import Address, Answer, Handover, Question
from ledger.clock import milliseconds, now
from ledger.proposals import Proposal, propose
from ledger.tables import cards, escalations, proposals, thread_of
from ledger.transactions import reading, writing
from ledger.turns import store, write_down
from ledger.upserts import insert


class State(StrEnum):
    """How far an escalation has come."""

    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One question handed to people.

    Attributes:
        turn_id: the turn that Candor could not end well.
        handover: what the experts are told; empty of words once it is withdrawn.
        experts: who is asked, in the platform's own words.
        person: who asked for a person, by the platform's id.
        state: how far it has come.
        owner, owner_name: who claimed it, by id and as people call them; empty: nobody yet.
        answered_by: the turn that brings the answer to the asker; empty: there is none yet.
        revision: counts the changes.
        cards: the messages that show it to the experts, by recipient.
    """

    turn_id: str
    handover: Handover
    experts: str
    person: str
    state: State
    owner: str
    owner_name: str
    answered_by: str
    revision: int
    cards: Mapping[str, Address]

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self.state in _WAITING


_WAITING: Final = (State.OPEN, State.CLAIMED)


class Escalations:
    """The escalations of one ledger.

    Each change is one UPDATE, so that two people who press at once, or one who presses twice, make one. Each
    method raises LedgerUnavailable when the database is down or locked.
    """

    def __init__(self, engine: Engine, *, lease: float = 30.0, sweep_after: float = 3.0) -> None:
        """Work on a ledger.

        Args:
            engine: from `open_ledger`.
            lease: seconds that a worker has to bring the cards up to date.
            sweep_after: seconds that a change is left to the broker before a sweep finds it.
        """
        self._engine = engine
        self._lease = milliseconds(lease)
        self._sweep_after = milliseconds(sweep_after)

    def open(self, turn_id: str, handover: Handover, experts: str, person: str) -> bool:
        """Hand a turn's question to people.

        Returns:
            False when that was done before.
        """
        with writing(self._engine) as connection:
            made = connection.execute(
                insert(connection, escalations)
                .values(
                    turn_id=turn_id,
                    handover=handover.model_dump_json(),
                    experts=experts,
                    person=person,
                    state=State.OPEN.value,
                    owner="",
                    owner_name="",
                    answered_by="",
                    revision=1,
                    shown=0,
                    due_at=now(),
                    enqueued_at=now(),
                    asked_at=now(),
                )
                .on_conflict_do_nothing(index_elements=[escalations.c.turn_id])
                .returning(escalations.c.turn_id)
            )
            return made.scalar() is not None

    def get(self, turn_id: str) -> Escalation | None:
        """The escalation of a turn."""
        with reading(self._engine) as connection:
            return _one(connection, escalations.c.turn_id == turn_id)

    def at(self, place: Address) -> Escalation | None:
        """The escalation whose card has its thread here."""
        here = select(cards.c.turn_id).where(cards.c.thread == thread_of(place))
        with reading(self._engine) as connection:
            return _one(connection, escalations.c.turn_id.in_(here))

    def claim(self, turn_id: str, person: str, name: str) -> bool:
        """Make a person the owner, if nobody was before.

        Returns:
            False when it has an owner, or is no longer wanted.
        """
        return self._change(turn_id, State.OPEN, state=State.CLAIMED.value, owner=person, owner_name=name)

    def answer(
        self, turn_id: str, owner: str, question: Question, answer: Answer, proposal: Proposal
    ) -> str | None:
        """Close an escalation with its owner's answer, all in one transaction.

        Args:
            turn_id: the turn that was handed over.
            owner: who answers.
            question: the turn that brings the answer to the asker.
            answer: what they said.
            proposal: the same, kept.

        Returns:
            The id of the turn that brings it; None when this person does not own it, or it has ended.
        """
        with writing(self._engine) as connection:
            closed = connection.execute(
                update(escalations)
                .where(
                    escalations.c.turn_id == turn_id,
                    escalations.c.state == State.CLAIMED.value,
                    escalations.c.owner == owner,
                )
                .values(state=State.ANSWERED.value, **_changed())
            )
            if closed.rowcount != 1:
                return None
            brings, _ = write_down(connection, question)
            store(connection, brings, answer)
            propose(connection, proposal)
            connection.execute(
                update(escalations).where(escalations.c.turn_id == turn_id).values(answered_by=brings)
            )
            return brings

    def withdraw(self, turn_id: str) -> Escalation | None:
        """Take a question back from the people who have it, with its words and what they proposed.

        Returns:
            The escalation; None when there was none, or it was taken back before.
        """
        with writing(self._engine) as connection:
            found = _one(connection, escalations.c.turn_id == turn_id)
            if found is None or found.state == State.WITHDRAWN:
                return None
            emptied = Handover(question="", outcome=found.handover.outcome)
            connection.execute(
                update(escalations)
                .where(escalations.c.turn_id == turn_id)
                .values(state=State.WITHDRAWN.value, handover=emptied.model_dump_json(), **_changed())
            )
            connection.execute(delete(proposals).where(proposals.c.turn_id == turn_id))
            return found

    def give_up(self, turn_id: str) -> bool:
        """End an escalation that could not be brought to anybody.

        Returns:
            False when it had ended already.
        """
        return self._change(turn_id, *_WAITING, state=State.UNDELIVERED.value)

    def take(self, turn_id: str) -> Escalation | None:
        """Take on the work of bringing the cards up to date, for as long as a lease.

        Returns:
            None when they are, or another worker is at it.
        """
        with writing(self._engine) as connection:
            taken = connection.execute(
                update(escalations)
                .where(
                    escalations.c.turn_id == turn_id,
                    escalations.c.shown < escalations.c.revision,
                    escalations.c.due_at <= now(),
                )
                .values(due_at=now() + self._lease)
            )
            return _one(connection, escalations.c.turn_id == turn_id) if taken.rowcount == 1 else None

    def save_card(self, turn_id: str, recipient: str, message: Address) -> None:
        """Remember where a card stands; experts reply in the thread of its address."""
        row = {"message": message.model_dump_json(), "thread": thread_of(message)}
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, cards)
                .values(turn_id=turn_id, recipient=recipient, **row)
                .on_conflict_do_update(index_elements=[cards.c.turn_id, cards.c.recipient], set_=row)
            )

    def shown(self, turn_id: str, revision: int) -> None:
        """The cards show this revision now."""
        with writing(self._engine) as connection:
            connection.execute(
                update(escalations)
                .where(escalations.c.turn_id == turn_id)
                .values(shown=revision, due_at=now(), enqueued_at=0)
            )

    def delay(self, turn_id: str, seconds: float) -> None:
        """Leave the cards as they are for a while."""
        with writing(self._engine) as connection:
            connection.execute(
                update(escalations)
                .where(escalations.c.turn_id == turn_id)
                .values(due_at=now() + milliseconds(seconds), enqueued_at=0)
            )

    def sweep(self, limit: int = 100) -> list[str]:
        """Find what the cards do not show yet, and mark it as enqueued now.

        Returns:
            Ids of turns; no other sweep returns them for `sweep_after` s.
        """
        wanting = and_(
            escalations.c.shown < escalations.c.revision,
            escalations.c.enqueued_at <= now() - self._sweep_after,
            escalations.c.due_at <= now(),
        )
        with writing(self._engine) as connection:
            found = select(escalations.c.turn_id).where(wanting).limit(limit)
            swept = connection.execute(
                update(escalations)
                .where(escalations.c.turn_id.in_(found), wanting)
                .values(enqueued_at=now())
                .returning(escalations.c.turn_id)
            )
            return sorted(swept.scalars())

    def _change(self, turn_id: str, *before: str, **values: Any) -> bool:
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(escalations)
                .where(escalations.c.turn_id == turn_id, escalations.c.state.in_(before))
                .values(**values, **_changed())
            )
            return changed.rowcount == 1


def _changed() -> dict[str, Any]:
    return {"revision": escalations.c.revision + 1, "enqueued_at": now()}


def _one(connection: Connection, *where: ColumnElement[bool]) -> Escalation | None:
    row = connection.execute(select(escalations).where(*where)).one_or_none()
    if row is None:
        return None
    shown = connection.execute(select(cards).where(cards.c.turn_id == row.turn_id)).all()
    return _escalation(row, {each.recipient: Address.model_validate_json(each.message) for each in shown})


def _escalation(row: Row[*tuple[Any, ...]], shown: Mapping[str, Address]) -> Escalation:
    return Escalation(
        turn_id=row.turn_id,
        handover=Handover.model_validate_json(row.handover),
        experts=row.experts,
        person=row.person,
        state=State(row.state),
        owner=row.owner,
        owner_name=row.owner_name,
        answered_by=row.answered_by,
        revision=row.revision,
        cards=shown,
    )
