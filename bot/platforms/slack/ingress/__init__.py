"""Slack's hearing half: Bolt over Socket Mode or signed HTTP. The one place that knows Bolt."""

from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App

from bot.books import Books
from bot.escalation import Desk
from bot.intake import Intake
from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.egress import open_speaker
from bot.platforms.slack.ingress import listeners, oauth, sockets
from bot.platforms.slack.ingress.admin import Admin
from bot.platforms.slack.ingress.handing import Handing
from bot.platforms.slack.ingress.hearing import Hearing
from bot.platforms.slack.ingress.interactions import Interactions
from bot.platforms.slack.ingress.showing import TIMEOUT_SECONDS
from bot.platforms.slack.ingress.web import PATH, serving
from bot.platforms.slack.installations import Installations
from bot.platforms.slack.settings import SlackSettings


@contextmanager
def listening(
    settings: SlackSettings,
    intake: Intake,
    books: Books,
    desk: Desk,
    installations: Installations | None = None,
    *,
    http: bool,
) -> Iterator[str]:
    """Hear Slack as long as the block runs.

    Args:
        settings: tokens and secrets.
        intake: the door that questions and thumbs go in by.
        books: the ledger.
        desk: where questions are handed to people.
        installations: the workspaces that installed the app; None where the settings have one's token.
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
    if installations:
        installations.reseal()
    app = make_app(settings, intake, books, desk, installations)
    if http:
        pages = oauth.flow(settings, installations) if installations else None
        with serving(app, secret, settings.slack_http_port, pages) as port:
            yield f"HTTP, port {port}, path {PATH}" + (f", to install {oauth.INSTALL}" if pages else "")
    else:
        with sockets.connected(app, app_token):
            yield "Socket Mode"


def make_app(
    settings: SlackSettings, intake: Intake, books: Books, desk: Desk, installations: Installations | None
) -> App:
    """The Bolt app with all its listeners."""
    speaker = open_speaker(settings, installations)
    handing = Handing(books, desk, speaker.cards.is_public)
    hearing = Hearing(intake, books, speaker.egress, handing)
    # An admin's click waits for these calls, and Slack for its acknowledgement.
    calls = SlackCalls(settings, installations, seconds=TIMEOUT_SECONDS)
    handlers = listeners.Handlers(
        hearing,
        Interactions(intake, books, hearing),
        handing,
        Admin(books, intake, hearing, calls, desk, installations=installations),
    )
    return listeners.app(settings, handlers, installations)
