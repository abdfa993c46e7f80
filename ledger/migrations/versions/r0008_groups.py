"""Who belongs to which reader group, and which e-mail address is whose."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_PLACE = ("platform", "workspace")


def upgrade() -> None:
    _table("members", "name", "person")
    _table("links", "id", values=("person",))


def _table(name: str, *key: str, values: tuple[str, ...] = ()) -> None:
    columns = [sa.Column(each, sa.Text, nullable=False) for each in (*_PLACE, *key, *values)]
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*_PLACE, *key, name=f"{name}_pk"))
