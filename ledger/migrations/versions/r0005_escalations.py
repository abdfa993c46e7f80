"""Questions handed to people, their answers, and an index by which a reply finds its turn."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def upgrade() -> None:
    op.add_column("turns", sa.Column("reply_place", sa.Text))
    _place_replies()
    op.create_index("turns_reply", "turns", ["reply_place"])
    op.create_table(
        "escalations",
        sa.Column("turn_id", _ID, nullable=False),
        *(_text(name) for name in ("handover", "experts", "person", "state", "owner", "owner_name")),
        _text("answered_by"),
        *(_number(name) for name in ("revision", "shown", "due_at", "enqueued_at", "asked_at")),
        sa.PrimaryKeyConstraint("turn_id", name="escalations_pk"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="escalations_turn_id_fk", ondelete="CASCADE"),
    )
    unshown = sa.text("shown < revision")
    op.create_index(
        "escalations_unshown", "escalations", ["enqueued_at"], sqlite_where=unshown, postgresql_where=unshown
    )
    op.create_table(
        "cards",
        sa.Column("turn_id", _ID, nullable=False),
        *(_text(name) for name in ("recipient", "message", "thread")),
        sa.PrimaryKeyConstraint("turn_id", "recipient", name="cards_pk"),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["escalations.turn_id"], name="cards_turn_id_fk", ondelete="CASCADE"
        ),
    )
    op.create_index("cards_thread", "cards", ["thread"])
    op.create_table(
        "proposals",
        sa.Column("turn_id", _ID, nullable=False),
        *(_text(name) for name in ("question", "text", "author", "author_name", "readers", "thread")),
        _number("proposed_at"),
        sa.PrimaryKeyConstraint("turn_id", name="proposals_pk"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="proposals_turn_id_fk", ondelete="CASCADE"),
    )
    op.create_index("proposals_thread", "proposals", ["thread"])


def _place_replies() -> None:
    turns = sa.table("turns", sa.column("id"), sa.column("reply"), sa.column("reply_place"))
    connection = op.get_bind()
    for turn_id, reply in connection.execute(
        sa.select(turns.c.id, turns.c.reply).where(turns.c.reply.is_not(None))
    ).all():
        stood = json.loads(reply)
        place = json.dumps([stood[name] for name in ("platform", "workspace", "channel", "message")])
        connection.execute(sa.update(turns).where(turns.c.id == turn_id).values(reply_place=place))
