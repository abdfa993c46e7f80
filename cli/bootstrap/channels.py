"""The chat platforms whose channels a process can read, each where its token is set."""

from collections.abc import Mapping

from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap.records import Records
from cli.bootstrap.slack import open_installations
from core import plugins
from core.transcripts import Channels


def open_channels(records: Records) -> Mapping[str, Channels]:
    """Every such platform by its name. A platform's SDK is loaded only where its token is set."""
    slack = SlackSettings()
    if not slack.configured:
        return {}

    def has_sources() -> bool:
        return any(source.location.startswith("slack:") for source in records.sources.list())

    source = plugins.load("bot.platforms.slack", "source", setting="CANDOR_SLACK_BOT_TOKEN")
    return {"slack": source.open_channels(slack, open_installations(slack, records), has_sources)}
