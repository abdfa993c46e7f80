"""The chat platforms that a process can hear."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap.hearing import Hearing
from cli.bootstrap.slack import open_installations
from core import plugins


@contextmanager
def listening_to_slack(hearing: Hearing, *, http: bool) -> Iterator[str]:
    """Hear Slack as long as the block runs; yields where, for people.

    Raises:
        Misconfigured: a token or the signing secret is missing, or Slack does not take it.
        Unavailable: Slack does not answer.
    """
    ingress = plugins.load("bot.platforms.slack", "ingress", setting="CANDOR_SLACK_BOT_TOKEN")
    settings = SlackSettings()
    records = hearing.records
    installations = open_installations(settings, records)
    with ingress.listening(
        settings, hearing.intake, records, hearing.desk, installations, http=http
    ) as where:
        yield where


@contextmanager
def listening_to_discord(hearing: Hearing, stopped: threading.Event, *, http: bool = False) -> Iterator[str]:
    """Hear Discord as long as the block runs; yields where, for people.

    Args:
        hearing: the door in.
        http: whether Discord calls this process with interactions, signed.
        stopped: set when Discord has closed the connection for good; the block's end raises why.

    Raises:
        Misconfigured: the token is missing or wrong, or another process hears with it.
        Unavailable: Discord does not answer.
    """
    ingress = plugins.load("bot.platforms.discord", "ingress", setting="CANDOR_DISCORD_TOKEN")
    records = hearing.records
    with ingress.listening(
        DiscordSettings(), hearing.intake, records, hearing.desk, records.leases, http=http, ended=stopped.set
    ) as where:
        yield where
