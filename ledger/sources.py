"""Sources: the folders and addresses that documents come from, and how their last sync went."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, update
from sqlalchemy.engine import Row

from core.messages import Frozen
from ledger.clock import milliseconds, moment, now
from ledger.tables import sources, visits
from ledger.transactions import reading, writing
from ledger.upserts import insert

_ID_LENGTH = 12


class Source(Frozen):
    """Where documents come from.

    Attributes:
        id: made from the location, so that the same location has the same id in every ledger.
        location: an absolute path or a URL.
        readers: groups of which a person needs one to read its documents.
        added_at, synced_at: when it was added, and last synced.
        report: what the last sync found, as plain JSON.
        examples: questions that it can answer.
        every: time between two syncs on schedule, 0 for none; None where it has no schedule of its own.
    """

    id: str
    location: str
    readers: tuple[str, ...]
    added_at: datetime
    synced_at: datetime | None = None
    report: dict[str, Any] = Field(default_factory=dict)
    examples: tuple[str, ...] = ()
    every: timedelta | None = None


class Sources:
    """The sources of one ledger. Each method raises LedgerUnavailable when the database is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, location: str, readers: Sequence[str], every: timedelta | None = None) -> Source:
        """Add a source; one that is there already gets these readers, this schedule, and keeps the rest.

        Without a schedule it keeps the one that it has.
        """
        source_id = hashlib.sha256(location.encode()).hexdigest()[:_ID_LENGTH]
        changes: dict[str, Any] = {"readers": json.dumps(list(readers))}
        if every is not None:
            changes["every"] = milliseconds(every.total_seconds())
        with writing(self._engine) as connection:
            row = connection.execute(
                insert(connection, sources)
                .values(
                    id=source_id, location=location, added_at=now(), report="{}", examples="[]", **changes
                )
                .on_conflict_do_update(index_elements=[sources.c.id], set_=changes)
                .returning(sources)
            ).one()
        return _source(row)

    def list(self) -> Sequence[Source]:
        """All sources, in the order of their coming."""
        return self._read()

    def find(self, id_or_location: str) -> Source | None:
        """The source with this id or location."""
        found = self._read(or_(sources.c.id == id_or_location, sources.c.location == id_or_location))
        return found[0] if found else None

    def remove(self, source_id: str) -> bool:
        """Forget a source; its documents are the index's to drop.

        Returns:
            False when there was none.
        """
        with writing(self._engine) as connection:
            return connection.execute(delete(sources).where(sources.c.id == source_id)).rowcount == 1

    def synced(
        self,
        source_id: str,
        report: Mapping[str, Any],
        examples: Sequence[str],
        pages: Mapping[str, Any] | None = None,
    ) -> None:
        """Record a sync that has just ended. A source that was removed meanwhile stays removed.

        Args:
            source_id: the source.
            report: what the sync found.
            examples: questions that the source can answer.
            pages: what the next sync is to know of each page of a source on the web, as plain JSON.
        """
        with writing(self._engine) as connection:
            synced = connection.execute(
                update(sources)
                .where(sources.c.id == source_id)
                .values(
                    synced_at=now(),
                    tried_at=now(),
                    report=json.dumps(dict(report)),
                    examples=json.dumps(list(examples)),
                )
            )
            if synced.rowcount == 1:
                text = json.dumps(dict(pages or {}))
                connection.execute(
                    insert(connection, visits)
                    .values(source_id=source_id, pages=text)
                    .on_conflict_do_update(index_elements=[visits.c.source_id], set_={"pages": text})
                )

    def pages(self, source_id: str) -> dict[str, Any]:
        """What the last sync left to be known of each page of a source."""
        with reading(self._engine) as connection:
            text = connection.execute(select(visits.c.pages).where(visits.c.source_id == source_id)).scalar()
        return json.loads(text) if text else {}

    def take_due(self, otherwise: timedelta) -> Sequence[Source]:
        """The sources whose next sync is due, each given out once, whoever asks.

        Args:
            otherwise: time between two syncs of a source that has no schedule of its own; 0 for none.
        """
        every = func.coalesce(sources.c.every, milliseconds(otherwise.total_seconds()))
        due = (every > 0) & (func.coalesce(sources.c.tried_at, sources.c.added_at) + every <= now())
        with writing(self._engine) as connection:
            taken = update(sources).where(due).values(tried_at=now()).returning(sources)
            return [_source(row) for row in connection.execute(taken)]

    def _read(self, *where: ColumnElement[bool]) -> Sequence[Source]:
        statement = select(sources).where(*where).order_by(sources.c.added_at, sources.c.id)
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [_source(row) for row in rows]


def _source(row: Row[*tuple[Any, ...]]) -> Source:
    return Source(
        id=row.id,
        location=row.location,
        readers=tuple(json.loads(row.readers)),
        added_at=moment(row.added_at),
        synced_at=None if row.synced_at is None else moment(row.synced_at),
        report=json.loads(row.report),
        examples=tuple(json.loads(row.examples)),
        every=None if row.every is None else timedelta(milliseconds=row.every),
    )
