"""What the guardrails decided about each turn."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "position", name="decisions_pk"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="decisions_turn_id_fk", ondelete="CASCADE"),
    )
