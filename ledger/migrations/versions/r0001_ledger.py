"""The ledger: turns, answers, feedback, sources and the terminal's posts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("id", _ID, nullable=False),
        _text("platform"),
        _text("workspace"),
        _text("channel"),
        _text("message"),
        _number("version"),
        _text("thread"),
        _text("state"),
        _number("attempt"),
        _number("forgiven"),
        _number("due_at"),
        _number("enqueued_at"),
        _number("received_at"),
        _number("started_at", nullable=True),
        _number("finished_at", nullable=True),
        _text("worker"),
        _text("error"),
        sa.Column("reply", sa.Text),
        _text("question"),
        sa.PrimaryKeyConstraint("id", name="turns_pk"),
        sa.UniqueConstraint(
            "platform", "workspace", "channel", "message", "version", name="turns_platform_key"
        ),
    )
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "turns_open", "turns", ["enqueued_at"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_index("turns_thread", "turns", ["thread", "received_at"])
    op.create_table(
        "answers",
        sa.Column("turn_id", _ID, nullable=False),
        _text("outcome"),
        _text("query"),
        _text("text"),
        _text("answer"),
        sa.PrimaryKeyConstraint("turn_id", name="answers_pk"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="answers_turn_id_fk", ondelete="CASCADE"),
    )
    op.create_table(
        "feedback",
        sa.Column("turn_id", _ID, nullable=False),
        _text("person"),
        _number("value"),
        _text("reason"),
        _number("given_at"),
        sa.PrimaryKeyConstraint("turn_id", "person", name="feedback_pk"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="feedback_turn_id_fk", ondelete="CASCADE"),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("feedback_value_check")),
    )
    op.create_table(
        "sources",
        _text("id"),
        _text("location"),
        _text("readers"),
        _number("added_at"),
        _number("synced_at", nullable=True),
        _text("report"),
        _text("examples"),
        sa.PrimaryKeyConstraint("id", name="sources_pk"),
        sa.UniqueConstraint("location", name="sources_location_key"),
    )
    op.create_table(
        "posts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
            nullable=False,
        ),
        _text("platform"),
        _text("workspace"),
        _text("channel"),
        _text("place"),
        _text("thread"),
        _text("key"),
        _text("payload"),
        _number("revision"),
        sa.PrimaryKeyConstraint("id", name="posts_pk"),
        sqlite_autoincrement=True,
    )
    op.create_index("posts_key", "posts", ["key", "id"])
    op.create_index("posts_thread", "posts", ["thread", "id"])
