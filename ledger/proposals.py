"""Answers that people gave to questions handed to them: proposed, until somebody has looked at them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from core.messages import Address
from ledger.clock import now
from ledger.tables import proposals, thread_of
from ledger.transactions import reading
from ledger.upserts import insert


@dataclass(frozen=True, slots=True)
class Proposal:
    """A person's answer to a question.

    Attributes:
        turn_id: the turn that was handed over.
        question, text: what was asked, and what they answered.
        author, author_name: who answered, by the platform's id and as people call them.
        readers: groups of which a person needs one to read it.
        place: the thread that it was given in; outside of it, it may not be read.
    """

    turn_id: str
    question: str
    text: str
    author: str
    author_name: str
    readers: tuple[str, ...]
    place: Address


class Proposals:
    """The proposed answers of one ledger.

    Each method raises LedgerUnavailable when the database is down or locked.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def readable(self, place: Address, groups: Sequence[str]) -> list[Proposal]:
        """What was proposed in the thread of an address and these groups may read, oldest first."""
        statement = (
            select(proposals)
            .where(proposals.c.thread == thread_of(place))
            .order_by(proposals.c.proposed_at, proposals.c.turn_id)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        kept = [(row, tuple(json.loads(row.readers))) for row in rows]
        return [
            Proposal(row.turn_id, row.question, row.text, row.author, row.author_name, readers, place)
            for row, readers in kept
            if set(readers) & set(groups)
        ]


def propose(connection: Connection, proposal: Proposal) -> None:
    """Keep a proposed answer, within a transaction; a turn has one."""
    row = {
        "question": proposal.question,
        "text": proposal.text,
        "author": proposal.author,
        "author_name": proposal.author_name,
        "readers": json.dumps(list(proposal.readers)),
        "thread": thread_of(proposal.place),
        "proposed_at": now(),
    }
    connection.execute(
        insert(connection, proposals)
        .values(turn_id=proposal.turn_id, **row)
        .on_conflict_do_update(index_elements=[proposals.c.turn_id], set_=row)
    )
