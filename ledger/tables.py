"""The ledger's tables. Times are milliseconds since the epoch by the database's clock; JSON is text."""

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from core.messages import Address

HEAD = "0004"
"""The newest migration: the one that these tables are."""

RECEIVED = "received"
RUNNING = "running"


class PlainText(TypeDecorator[str]):
    """Text that every database takes: PostgreSQL refuses NUL, and UTF-8 knows no lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002, D102
        if value is None:
            return None
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


# Compared by bytes, so that a prefix is a range whatever the database's locale.
Id = PlainText().with_variant(Text(collation="C"), "postgresql")
Counter = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, PlainText, nullable=False, **options)


def _number(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


turns = Table(
    "turns",
    metadata,
    Column("id", Id, primary_key=True),
    _text("platform"),
    _text("workspace"),
    _text("channel"),
    _text("message"),
    _number("version"),
    _text("thread"),  # the conversation: see thread_of()
    _text("state"),  # received, running, or the outcome
    _number("attempt"),  # counts claims and never goes back: it fences
    _number("forgiven"),  # attempts before the last redrive, which no longer count
    _number("due_at"),  # when a worker may take it: not before this, or, running, the end of the lease
    _number("enqueued_at"),
    _number("received_at"),
    _number("started_at", nullable=True),
    _number("finished_at", nullable=True),  # null: the turn is open
    _text("worker"),
    _text("error"),
    Column("reply", PlainText),  # an Address
    _text("question"),  # a Question
    UniqueConstraint("platform", "workspace", "channel", "message", "version"),
)
Index(
    "turns_open",
    turns.c.enqueued_at,
    sqlite_where=turns.c.finished_at.is_(None),
    postgresql_where=turns.c.finished_at.is_(None),
)
Index("turns_thread", turns.c.thread, turns.c.received_at)

# Apart from the turns, so that a claim or a heartbeat never rewrites an answer; and the words of a
# conversation apart from the trace, which can be long.
answers = Table(
    "answers",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    _text("outcome"),
    _text("query"),
    _text("text"),
    _text("answer"),  # an Answer
)

feedback = Table(
    "feedback",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    _text("person", primary_key=True),
    _number("value"),
    _text("reason"),
    _number("given_at"),
    CheckConstraint("value IN (-1, 1)", name="value_check"),
)

sources = Table(
    "sources",
    metadata,
    _text("id", primary_key=True),
    _text("location", unique=True),
    _text("readers"),  # a JSON list
    _number("added_at"),
    _number("synced_at", nullable=True),
    _text("report"),  # a JSON object
    _text("examples"),  # a JSON list
    _number("every", nullable=True),  # milliseconds between two syncs, 0: never; null: as is set for all
    _number("tried_at", nullable=True),  # when a sync was last begun on schedule, or last ended
)

# Apart from the sources, so that a list of them does not read it.
visits = Table(
    "visits",
    metadata,
    _text("source_id", primary_key=True),
    _text("pages"),  # a JSON object: what is remembered of each page
    ForeignKeyConstraint(["source_id"], ["sources.id"], ondelete="CASCADE"),
)

leases = Table(
    "leases",
    metadata,
    _text("name", primary_key=True),
    _number("attempt"),  # counts holders and never goes back: it fences
    _number("until"),  # when another may have it
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),  # what was proposed
    _text("by"),  # the turn that said yes: there is one at most
    _number("taken_at"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    _text("platform"),
    _text("workspace"),
    _text("channel"),
    _text("place"),  # the thread's name; empty where there is none
    _text("thread"),  # the conversation: see thread_of()
    _text("key"),
    _text("payload"),
    _number("revision"),
    sqlite_autoincrement=True,  # an id is never used twice
)
Index("posts_key", posts.c.key, posts.c.id)
Index("posts_thread", posts.c.thread, posts.c.id)


def thread_of(address: Address) -> str:
    """The conversation that an address belongs to, as one value that can be indexed."""
    return json.dumps([address.platform, address.workspace, address.channel, address.thread])
