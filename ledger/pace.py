"""The pace kept in the ledger, where no process but the database is shared."""

from sqlalchemy import Engine, case, select

from core.pacing import BURST, INTERVAL
from ledger.clock import milliseconds, now
from ledger.tables import pace
from ledger.transactions import writing
from ledger.upserts import insert


class Pace:
    """A `core.pacing.Pacer`. Each method raises LedgerUnavailable when the database does not answer."""

    def __init__(self, engine: Engine, *, interval: float = INTERVAL, burst: int = BURST) -> None:
        """Keep a pace.

        Args:
            engine: from `open_ledger`.
            interval: seconds between two things in the long run.
            burst: how many may come at once after a rest.
        """
        self._engine = engine
        self._interval = milliseconds(interval)
        self._room = milliseconds(interval * burst)

    def take(self, place: str) -> float:
        """Count one thing, or say how many seconds to wait."""
        after = case((pace.c.free_at > now(), pace.c.free_at), else_=now()) + self._interval
        with writing(self._engine) as connection:
            taken = connection.execute(
                insert(connection, pace)
                .values(place=place, free_at=now() + self._interval)
                .on_conflict_do_update(
                    index_elements=[pace.c.place],
                    set_={"free_at": after},
                    where=after - now() <= self._room,
                )
                .returning(pace.c.free_at)
            ).scalar()
            if taken is not None:
                return 0.0
            left = select(pace.c.free_at - now()).where(pace.c.place == place)
            wait: int = connection.execute(left).scalar_one() + self._interval - self._room
        return max(wait, 1) / 1000

    def hold(self, place: str, seconds: float) -> None:
        """Let nothing be sent to a place for so many seconds."""
        free_at = now() + (milliseconds(seconds) + self._room - self._interval)
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, pace)
                .values(place=place, free_at=free_at)
                .on_conflict_do_update(
                    index_elements=[pace.c.place],
                    set_={"free_at": free_at},
                    where=pace.c.free_at < free_at,
                )
            )
