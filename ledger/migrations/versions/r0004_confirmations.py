"""Who said yes to a call that changes something: once, whatever crashes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name="confirmations_pk"),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name="confirmations_turn_id_fk", ondelete="CASCADE"
        ),
    )
