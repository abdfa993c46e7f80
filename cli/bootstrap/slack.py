"""The workspaces that installed the Slack app, for whoever hears or speaks there."""

from typing import Any

from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap.records import Records
from core import plugins
from core.settings import HomeSettings
from ledger.vault import VaultSettings, open_vault


def open_installations(settings: SlackSettings, records: Records) -> Any:
    """Where the tokens of several workspaces stand; None where one token is set.

    Raises:
        Misconfigured: a token and a client ID are both set, or a key is wrong.
    """
    settings.check()
    if not settings.several:
        return None
    store = plugins.load("bot.platforms.slack", "installations", setting="CANDOR_SLACK_CLIENT_ID")
    vault = open_vault(VaultSettings(), HomeSettings())
    return store.Installations(settings.slack_client_id, records.ledger, vault)
