"""Leases: what one process at a time may do, such as to sync a source."""

from typing import Final

from sqlalchemy import Connection, Engine, func, select, update

from core.errors import LostClaim
from core.messages import Frozen
from ledger.clock import milliseconds, now
from ledger.tables import leases
from ledger.transactions import reading, writing
from ledger.upserts import insert

INDEX: Final = "index"
"""The lease on the index as a whole: while somebody holds it, no other one is given out."""

GATEWAY: Final = "gateway:"
"""How the names of leases begin that have nothing to do with the index, and do not wait for it."""


class Lease(Frozen):
    """A lease that this process has. `attempt` tells it from those before and after of the same name."""

    name: str
    attempt: int


class Leases:
    """The leases of one ledger. Each method raises LedgerUnavailable when the database is down or locked.

    Args:
        engine: from `open_ledger`.
        lease: seconds that a lease holds without a heartbeat.
    """

    def __init__(self, engine: Engine, *, lease: float = 15.0) -> None:
        self._engine = engine
        self._lease = milliseconds(lease)

    def take(self, name: str) -> Lease | None:
        """Take a lease.

        Returns:
            None when another one has it, or has that on the whole index.
        """
        with writing(self._engine) as connection:
            if self._needs_index(name) and self._index_is_held(connection):
                return None
            attempt = connection.execute(
                insert(connection, leases)
                .values(name=name, attempt=1, until=now() + self._lease)
                .on_conflict_do_update(
                    index_elements=[leases.c.name],
                    set_={"attempt": leases.c.attempt + 1, "until": now() + self._lease},
                    where=leases.c.until <= now(),
                )
                .returning(leases.c.attempt)
            ).scalar()
        return None if attempt is None else Lease(name=name, attempt=attempt)

    def heartbeat(self, claim: Lease) -> None:
        """Hold a lease for another while.

        Raises:
            LostClaim: it ran out, and another one has it now.
        """
        with writing(self._engine) as connection:
            held = connection.execute(
                update(leases)
                .where(leases.c.name == claim.name, leases.c.attempt == claim.attempt, leases.c.until > 0)
                .values(until=now() + self._lease)
            )
        if held.rowcount != 1:
            raise LostClaim(f"{claim.name}: another process has taken it over")

    def release(self, claim: Lease) -> None:
        """Give a lease back; one that is lost already stays as it is."""
        with writing(self._engine) as connection:
            connection.execute(
                update(leases)
                .where(leases.c.name == claim.name, leases.c.attempt == claim.attempt)
                .values(until=0)
            )

    def until(self, name: str) -> int:
        """When a lease ends unless its holder renews it, in milliseconds since the epoch; 0 if it is free."""
        with reading(self._engine) as connection:
            held = select(leases.c.until).where(leases.c.name == name, leases.c.until > now())
            return connection.execute(held).scalar() or 0

    def others(self) -> int:
        """How many leases are held that have to do with the index, besides that on the whole of it."""
        held = select(func.count()).where(
            leases.c.name != INDEX, leases.c.name.not_like(f"{GATEWAY}%"), leases.c.until > now()
        )
        with reading(self._engine) as connection:
            return connection.execute(held).scalar_one()

    def _needs_index(self, name: str) -> bool:
        return name != INDEX and not name.startswith(GATEWAY)

    def _index_is_held(self, connection: Connection) -> bool:
        """Whether somebody has the whole index; nobody can get it until this transaction is over."""
        connection.execute(
            insert(connection, leases)
            .values(name=INDEX, attempt=0, until=0)
            .on_conflict_do_nothing(index_elements=[leases.c.name])
        )
        row = select(leases.c.until > now()).where(leases.c.name == INDEX).with_for_update(read=True)
        return bool(connection.execute(row).scalar_one())
