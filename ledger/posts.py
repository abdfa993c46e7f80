"""The terminal's platform: what was posted there. Told twice, it posts twice, as chat platforms do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update
from sqlalchemy.engine import Row

from core.errors import Misconfigured
from core.messages import Address
from ledger.tables import posts, thread_of
from ledger.transactions import reading, writing


@dataclass(frozen=True, slots=True)
class Post:
    """One message in a thread.

    `key` is hidden from readers; `payload` is plain JSON that the platform made and reads;
    `revision` counts the updates.
    """

    address: Address
    key: str
    payload: Mapping[str, Any]
    revision: int


class Posts:
    """The posts of one ledger. Each method raises LedgerUnavailable when the database is down or locked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def post(self, address: Address, key: str, payload: Mapping[str, Any]) -> Address:
        """Add a message to a thread; posted twice, it stands there twice.

        Returns:
            The message's own address.
        """
        with writing(self._engine) as connection:
            number = connection.execute(
                insert(posts)
                .values(
                    platform=address.platform,
                    workspace=address.workspace,
                    channel=address.channel,
                    place=address.thread,
                    thread=thread_of(address),
                    key=key,
                    payload=json.dumps(dict(payload)),
                    revision=0,
                )
                .returning(posts.c.id)
            ).scalar_one()
        return address.model_copy(update={"message": str(number)})

    def update(self, address: Address, payload: Mapping[str, Any]) -> None:
        """Replace what a message says.

        Raises:
            Misconfigured: when there is no such message.
        """
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(posts)
                .where(posts.c.id == _number(address), posts.c.thread == thread_of(address))
                .values(payload=json.dumps(dict(payload)), revision=posts.c.revision + 1)
            )
            if changed.rowcount != 1:
                raise Misconfigured(f"post {address.message!r}: there is no such message to update")

    def delete(self, address: Address) -> None:
        """Take a message away, if it is there."""
        with writing(self._engine) as connection:
            connection.execute(
                delete(posts).where(posts.c.id == _number(address), posts.c.thread == thread_of(address))
            )

    def find(self, address: Address, key: str) -> Address | None:
        """The newest message in the thread that carries the key."""
        found = self._read(posts.c.thread == thread_of(address), posts.c.key == key, limit=1)
        return found[0].address if found else None

    def read(self, address: Address) -> list[Post]:
        """All messages of a thread, oldest first."""
        return self._read(posts.c.thread == thread_of(address))[::-1]

    def latest(self, key: str) -> Post | None:
        """The newest message, wherever it stands, that carries the key."""
        found = self._read(posts.c.key == key, limit=1)
        return found[0] if found else None

    def _read(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Post]:
        statement = select(posts).where(*where).order_by(posts.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return [_post(row) for row in rows]


def _number(address: Address) -> int:
    if not address.message.isdecimal():
        raise Misconfigured(f"post {address.message!r}: there is no such message to update")
    return int(address.message)


def _post(row: Row[*tuple[Any, ...]]) -> Post:
    return Post(
        address=Address(
            platform=row.platform,
            workspace=row.workspace,
            channel=row.channel,
            thread=row.place,
            message=str(row.id),
        ),
        key=row.key,
        payload=json.loads(row.payload),
        revision=row.revision,
    )
