"""Sources have a schedule of their own, and say when they were last tried."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("sources", sa.Column("every", sa.BigInteger, nullable=True))
    op.add_column("sources", sa.Column("tried_at", sa.BigInteger, nullable=True))
