"""Whether Candor is still meant in the threads that it follows."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from core.messages import Address
from ledger.tables import attention, thread_of
from ledger.transactions import reading, writing
from ledger.upserts import insert


@dataclass(frozen=True, slots=True)
class Heed:
    """How it stands with one thread.

    Attributes:
        talker: who wrote last without meaning Candor; empty where Candor was meant.
        hushed: people talk among themselves there, until somebody mentions Candor.
    """

    talker: str = ""
    hushed: bool = False


class Attention:
    """The threads of one ledger. Each method raises LedgerUnavailable when the database is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, address: Address) -> Heed:
        """How it stands with an address's thread."""
        statement = select(attention.c.talker, attention.c.hushed).where(
            attention.c.thread == thread_of(address)
        )
        with reading(self._engine) as connection:
            row = connection.execute(statement).one_or_none()
        return Heed() if row is None else Heed(row.talker, row.hushed)

    def set(self, address: Address, heed: Heed) -> None:
        """Say how it stands with an address's thread from now on."""
        values = {"talker": heed.talker, "hushed": heed.hushed}
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, attention)
                .values(thread=thread_of(address), **values)
                .on_conflict_do_update(index_elements=[attention.c.thread], set_=values)
            )
