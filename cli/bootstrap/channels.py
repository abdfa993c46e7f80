"""The chat platforms whose channels a process can read, each where its token is set."""

from collections.abc import Mapping
from functools import partial

from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap.records import Records
from cli.bootstrap.slack import open_installations
from core import plugins
from core.transcripts import Channels


def open_channels(records: Records) -> Mapping[str, Channels]:
    """Every such platform by its name. A platform's SDK is loaded only where its token is set."""

    def has_sources(platform: str) -> bool:
        return any(source.location.startswith(f"{platform}:") for source in records.sources.list())

    found: dict[str, Channels] = {}
    slack, discord = SlackSettings(), DiscordSettings()
    if slack.configured:
        source = plugins.load("bot.platforms.slack", "source", setting="CANDOR_SLACK_BOT_TOKEN")
        installations = open_installations(slack, records)
        has = partial(has_sources, "slack")
        found["slack"] = source.open_channels(slack, installations, has, records.groups)
    if discord.configured:
        source = plugins.load("bot.platforms.discord", "source", setting="CANDOR_DISCORD_TOKEN")
        found["discord"] = source.open_channels(discord, partial(has_sources, "discord"))
    return found
