"""Leases on what one process at a time may do, and what is remembered of a source's pages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("attempt", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="leases_pk"),
    )
    op.create_table(
        "visits",
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("source_id", name="visits_pk"),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name="visits_source_id_fk", ondelete="CASCADE"
        ),
    )
