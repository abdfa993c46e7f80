"""Slack's hearing half: Bolt over Socket Mode or signed HTTP. The one place that knows Bolt."""

from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App

from bot.intake import Intake
from bot.platforms.slack.egress import open_speaker
from bot.platforms.slack.ingress import listeners, sockets
from bot.platforms.slack.ingress.hearing import Hearing
from bot.platforms.slack.ingress.interactions import Interactions
from bot.platforms.slack.ingress.web import serving
from bot.platforms.slack.settings import SlackSettings
from ledger.threads import Threads
from ledger.turns import Turns


@contextmanager
def listening(
    settings: SlackSettings, intake: Intake, turns: Turns, threads: Threads, *, http: bool
) -> Iterator[str]:
    """Hear Slack as long as the block runs.

    Args:
        settings: tokens and secrets.
        intake: the door that questions and thumbs go in by.
        turns: the ledger's turns.
        threads: the same by where they stand.
        http: whether Slack calls us, signed, rather than we it.

    Yields:
        Where it hears, for people.

    Raises:
        Misconfigured: a token or the signing secret is missing, or Slack does not take it.
        Unavailable: Slack does not answer.
    """
    # Looked at first: without the secret nothing may listen, whatever else is right.
    secret = settings.signing_secret() if http else ""
    app_token = "" if http else settings.app_token()
    app = make_app(settings, intake, turns, threads)
    if http:
        with serving(app, secret, settings.slack_http_port) as port:
            yield f"HTTP, port {port}, path /slack/events"
    else:
        with sockets.connected(app, app_token):
            yield "Socket Mode"


def make_app(settings: SlackSettings, intake: Intake, turns: Turns, threads: Threads) -> App:
    """The Bolt app with all its listeners."""
    egress = open_speaker(settings).egress
    hearing = Hearing(intake, threads, egress)
    return listeners.app(settings, hearing, Interactions(intake, turns, hearing))
