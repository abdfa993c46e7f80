"""Turns found by where they stand: their thread, the message that asked, the message that replied."""

from sqlalchemy import ColumnElement, Engine, select

from core.messages import Address, QuestionKey
from ledger.tables import answers, place_of, thread_of, turns
from ledger.transactions import reading
from ledger.turn import Turn, turn_of


class Threads:
    """The places of one ledger. Each method raises LedgerUnavailable when the database is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def latest(self, address: Address) -> Turn | None:
        """The last turn in an address's thread."""
        found = self._read(turns.c.thread == thread_of(address), limit=1)
        return found[0] if found else None

    def hops(self, address: Address, most: int) -> int:
        """How many of the last turns in an address's thread, `most` at most, bots asked one after another."""
        asked = 0
        for turn in self._read(turns.c.thread == thread_of(address), limit=most):
            if not turn.question.asker.bot:
                break
            asked += 1
        return asked

    def latest_in(self, address: Address) -> Turn | None:
        """The last turn in an address's channel, whatever its thread."""
        found = self._read(
            turns.c.platform == address.platform,
            turns.c.workspace == address.workspace,
            turns.c.channel == address.channel,
            limit=1,
        )
        return found[0] if found else None

    def open(self, address: Address) -> list[Turn]:
        """The turns in an address's thread that have not ended, newest first."""
        return self._read(turns.c.thread == thread_of(address), turns.c.finished_at.is_(None))

    def unfinished(self, platform: str, workspace: str) -> list[Turn]:
        """The turns of a workspace that have not ended, newest first."""
        return self._read(
            turns.c.platform == platform, turns.c.workspace == workspace, turns.c.finished_at.is_(None)
        )

    def turn(self, turn_id: str) -> Turn | None:
        """One turn, as it is now."""
        found = self._read(turns.c.id == turn_id)
        return found[0] if found else None

    def versions(self, key: QuestionKey) -> list[Turn]:
        """The turns of one message, whatever its version, newest first."""
        return self._read(
            turns.c.platform == key.platform,
            turns.c.workspace == key.workspace,
            turns.c.channel == key.channel,
            turns.c.message == key.message,
        )

    def replied(self, message: Address) -> Turn | None:
        """The newest turn whose reply is this message. Its thread need not be known."""
        found = self._read(turns.c.reply_place == place_of(message), limit=1)
        return found[0] if found else None

    def _read(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Turn]:
        statement = (
            select(turns, answers.c.answer)
            .outerjoin(answers, answers.c.turn_id == turns.c.id)
            .where(*where)
            .order_by(turns.c.received_at.desc(), turns.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [turn_of(row) for row in rows]
