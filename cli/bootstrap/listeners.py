"""The chat platforms that a process can hear."""

from collections.abc import Iterator
from contextlib import contextmanager

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
