"""Channels' settings, followed threads, pace, askers, and the workspaces that installed the Slack app."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_BOT = ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")
_ASKED_BY = {
    "sqlite": "json_extract(question, '$.asker.id')",
    "postgresql": "question::json #>> '{asker,id}'",
}


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _optional(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def upgrade() -> None:
    op.add_column("turns", sa.Column("asker", sa.Text, nullable=False, server_default=""))
    asked_by: sa.ColumnElement[str] = sa.literal_column(_ASKED_BY[op.get_bind().dialect.name])
    turns = sa.table("turns", sa.column("asker"))
    op.execute(sa.update(turns).values(asker=sa.func.coalesce(asked_by, "")))
    op.create_index("turns_asker", "turns", ["platform", "workspace", "asker", "received_at"])
    op.create_table(
        "channels",
        *(_text(name) for name in ("platform", "workspace", "channel", "settings", "changed_by")),
        _number("changed_at"),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", name="channels_pk"),
    )
    op.create_table(
        "attention",
        _text("thread"),
        _text("talker"),
        sa.Column("hushed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("thread", name="attention_pk"),
    )
    op.create_table(
        "pace", _text("place"), _number("free_at"), sa.PrimaryKeyConstraint("place", name="pace_pk")
    )
    _slack()


def _slack() -> None:
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        _text("client_id"),
        _text("app_id"),
        *_optional("enterprise_id", "enterprise_name", "team_id", "team_name", *_BOT),
        sa.Column("bot_token_expires_at", sa.DateTime),
        sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
        sa.Column("installed_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="slack_bots_pk"),
    )
    op.create_index("slack_bots_team", "slack_bots", ["client_id", "team_id", "installed_at"])
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        _text("client_id"),
        _text("app_id"),
        *_optional("enterprise_id", "enterprise_name", "enterprise_url", "team_id", "team_name", *_BOT),
        sa.Column("bot_token_expires_at", sa.DateTime),
        _text("user_id"),
        *_optional("user_token", "user_scopes", "user_refresh_token"),
        sa.Column("user_token_expires_at", sa.DateTime),
        *_optional("incoming_webhook_url", "incoming_webhook_channel", "incoming_webhook_channel_id"),
        *_optional("incoming_webhook_configuration_url"),
        sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
        *_optional("token_type"),
        sa.Column("installed_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="slack_installations_pk"),
    )
    op.create_index(
        "slack_installations_team", "slack_installations", ["client_id", "team_id", "installed_at"]
    )
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        _text("state"),
        sa.Column("expire_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="slack_oauth_states_pk"),
    )
