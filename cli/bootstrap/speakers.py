"""The platforms that a process can speak on: the terminal, and each chat platform whose token is set."""

from collections.abc import Mapping

from bot.platforms import Speaker
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.terminal.egress import TerminalSpeaker
from cli.bootstrap.records import Records
from core import plugins


def open_speakers(records: Records) -> Mapping[str, Speaker]:
    """Every platform by its name. A chat platform's SDK is loaded only where its token is set."""
    speakers: dict[str, Speaker] = {"terminal": TerminalSpeaker(records.posts)}
    slack = SlackSettings()
    if slack.configured:
        egress = plugins.load("bot.platforms.slack", "egress", setting="CANDOR_SLACK_BOT_TOKEN")
        speakers["slack"] = egress.open_speaker(slack)
    return speakers
