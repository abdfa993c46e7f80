"""The platforms that a process can speak on: the terminal, and each chat platform whose token is set."""

from collections.abc import Mapping

from bot.platforms import Cards, HandsOver, Speaker
from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.terminal.egress import TerminalSpeaker
from cli.bootstrap.records import Records
from cli.bootstrap.slack import open_installations
from core import plugins
from core.pacing import Pacer
from ledger.pace import Pace
from workers.app import WorkerSettings
from workers.pacing import RedisPace

TERMINAL = "terminal"
"""The one platform on which nothing can be pressed."""


def open_speakers(records: Records, pacer: Pacer) -> Mapping[str, Speaker]:
    """Every platform by its name. A chat platform's SDK is loaded only where its token is set."""
    speakers: dict[str, Speaker] = {TERMINAL: TerminalSpeaker(records.posts)}
    slack = SlackSettings()
    if slack.configured:
        egress = plugins.load("bot.platforms.slack", "egress", setting="CANDOR_SLACK_BOT_TOKEN")
        speakers["slack"] = egress.open_speaker(slack, open_installations(slack, records), pacer)
    discord = DiscordSettings()
    if discord.configured:
        egress = plugins.load("bot.platforms.discord", "egress", setting="CANDOR_DISCORD_TOKEN")
        speakers["discord"] = egress.open_speaker(discord, pacer)
    return speakers


def open_pacer(records: Records, settings: WorkerSettings) -> Pacer:
    """What all workers keep their pace by: Redis where that is the broker, else the ledger."""
    if settings.broker_url.startswith(("redis://", "rediss://")):
        return RedisPace(settings.broker_url)
    return Pace(records.ledger)


def cards_of(speakers: Mapping[str, Speaker]) -> Mapping[str, Cards]:
    """How each platform hands questions to people, where it can."""
    return {name: speaker.cards for name, speaker in speakers.items() if isinstance(speaker, HandsOver)}
