"""The ledger's tables. Times are milliseconds since the epoch by the database's clock; JSON is text."""

import json
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
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

HEAD = "0008"
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


def _number(name: str, *, nullable: bool = False, **options: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable, **options)


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
    Column("reply_place", PlainText),  # the reply by which it is found again: see place_of()
    _text("question"),  # a Question
    _text("asker", server_default=""),  # the platform's own id of who asked
    UniqueConstraint("platform", "workspace", "channel", "message", "version"),
)
Index(
    "turns_open",
    turns.c.enqueued_at,
    sqlite_where=turns.c.finished_at.is_(None),
    postgresql_where=turns.c.finished_at.is_(None),
)
Index("turns_thread", turns.c.thread, turns.c.received_at)
Index("turns_asker", turns.c.platform, turns.c.workspace, turns.c.asker, turns.c.received_at)
Index("turns_reply", turns.c.reply_place)

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

# What the guardrails decided about a turn, in the order in which they did.
decisions = Table(
    "decisions",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    _number("position", primary_key=True),
    _text("rule"),
    _text("stage"),
    Column("score", Float, nullable=False),
    _text("action"),
    _text("reason"),
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


# What was handed to people, and how far: the row is the truth, and the cards that experts see follow it.
escalations = Table(
    "escalations",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    _text("handover"),  # a Handover
    _text("experts"),  # who is asked, in the platform's own words
    _text("person"),  # who asked for a person
    _text("state"),
    _text("owner"),  # who claimed it; empty: nobody yet
    _text("owner_name"),
    _text("answered_by"),  # the turn that brings the answer; empty: none yet
    _number("revision"),  # counts the changes
    _number("shown"),  # the last change that the cards show
    _number("due_at"),  # when a worker may bring the cards up to date
    _number("enqueued_at"),
    _number("asked_at"),
)
Index(
    "escalations_unshown",
    escalations.c.enqueued_at,
    sqlite_where=escalations.c.shown < escalations.c.revision,
    postgresql_where=escalations.c.shown < escalations.c.revision,
)

cards = Table(
    "cards",
    metadata,
    Column("turn_id", Id, ForeignKey("escalations.turn_id", ondelete="CASCADE"), primary_key=True),
    _text("recipient", primary_key=True),
    _text("message"),  # an Address
    _text("thread"),  # where experts reply: see thread_of()
)
Index("cards_thread", cards.c.thread)

# Answers that people gave, for somebody to look at before they are used.
proposals = Table(
    "proposals",
    metadata,
    Column("turn_id", Id, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    _text("question"),
    _text("text"),
    _text("author"),
    _text("author_name"),
    _text("readers"),  # a JSON list: groups of which a person needs one
    _text("thread"),  # where it was given: nobody outside may read it. See thread_of()
    _number("proposed_at"),
)
Index("proposals_thread", proposals.c.thread)


channels = Table(
    "channels",
    metadata,
    _text("platform", primary_key=True),
    _text("workspace", primary_key=True),
    _text("channel", primary_key=True),
    _text("settings"),  # a ChannelSettings
    _text("changed_by"),
    _number("changed_at"),
)

# Who belongs to which reader group, by e-mail address.
members = Table(
    "members",
    metadata,
    _text("platform", primary_key=True),
    _text("workspace", primary_key=True),
    _text("name", primary_key=True),  # the group's
    _text("person", primary_key=True),  # an e-mail address in lower case
)

# Whose e-mail address is which, where an admin has said so.
links = Table(
    "links",
    metadata,
    _text("platform", primary_key=True),
    _text("workspace", primary_key=True),
    _text("id", primary_key=True),  # the platform's own, of a person
    _text("person"),
)

attention = Table(
    "attention",
    metadata,
    _text("thread", primary_key=True),  # the conversation: see thread_of()
    _text("talker"),  # who wrote last without meaning Candor; empty where it was meant
    Column("hushed", Boolean, nullable=False),  # people talk among themselves
)

pace = Table(
    "pace",
    metadata,
    _text("place", primary_key=True),
    _number("free_at"),  # when all that was sent there will have been paid for
)


def _free(*names: str) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


# Slack's SDK names these three and reads them (slack_sdk.oauth). Tokens are sealed, and so longer than there.
_BOT: Final = ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")
_WEBHOOK: Final = ("url", "channel", "channel_id", "configuration_url")

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", Text, nullable=False),
    Column("app_id", Text, nullable=False),
    *_free("enterprise_id", "enterprise_name", "team_id", "team_name", *_BOT),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
)
Index("slack_bots_team", slack_bots.c.client_id, slack_bots.c.team_id, slack_bots.c.installed_at)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", Text, nullable=False),
    Column("app_id", Text, nullable=False),
    *_free("enterprise_id", "enterprise_name", "enterprise_url", "team_id", "team_name", *_BOT),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", Text, nullable=False),
    *_free("user_token", "user_scopes", "user_refresh_token"),
    Column("user_token_expires_at", DateTime),
    *_free(*(f"incoming_webhook_{name}" for name in _WEBHOOK)),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", Text),
    Column("installed_at", DateTime, nullable=False),
)
_installed: Final = slack_installations.c
Index("slack_installations_team", _installed.client_id, _installed.team_id, _installed.installed_at)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", Text, nullable=False),
    Column("expire_at", DateTime, nullable=False),
)


def thread_of(address: Address) -> str:
    """The conversation that an address belongs to, as one value that can be indexed."""
    return json.dumps([address.platform, address.workspace, address.channel, address.thread])


def place_of(message: Address) -> str:
    """One message as a value that can be indexed. Its thread need not be known."""
    return json.dumps([message.platform, message.workspace, message.channel, message.message])
