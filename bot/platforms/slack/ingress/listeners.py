"""Bolt's listeners: each takes a payload apart and hands it on."""

import logging
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.error import BoltError, BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import outgoing
from bot.platforms.slack.ingress.hearing import Hearing
from bot.platforms.slack.ingress.interactions import REASON, Interactions, reason_view
from bot.platforms.slack.render import FEEDBACK, STOP, TRY_AGAIN
from bot.platforms.slack.settings import SlackSettings
from core import log
from core.errors import CandorError, LedgerUnavailable, Misconfigured, Unavailable

_log = log.get(__name__)

COMMAND = "/ask"
ASK_ABOUT, SUMMARISE = "ask_about_message", "summarise_thread"
"""Callback ids of the shortcuts, as the manifest has them."""

# Opening a modal must not cost the acknowledgement, for which Slack waits three seconds.
_TIMEOUT_SECONDS = 2


def app(settings: SlackSettings, hearing: Hearing, interactions: Interactions) -> App:
    """A Bolt app that answers Slack when its listener is done, and so only what is in the ledger.

    Raises:
        Misconfigured: Slack does not take the token.
        Unavailable: Slack does not answer.
    """
    client = WebClient(
        settings.bot_token(), base_url=settings.slack_api_url, timeout=_TIMEOUT_SECONDS, retry_handlers=[]
    )
    try:
        bolt = App(
            client=client,
            # Bolt looks at signatures in HTTP alone, where `listening` has seen to it that there is a secret.
            signing_secret=settings.slack_signing_secret.get_secret_value() or "socket mode has none",
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            attaching_conversation_kwargs_enabled=False,
            logger=logging.getLogger("slack_bolt"),
        )
    except BoltError as error:
        raise Misconfigured(f"CANDOR_SLACK_BOT_TOKEN: Slack does not take this token ({error})") from None
    except (SlackApiError, SlackClientError, OSError) as error:
        raise Unavailable(f"CANDOR_SLACK_API_URL: Slack does not answer ({type(error).__name__})") from None
    bolt.error(_failed)
    _hear(bolt, hearing)
    _ask(bolt, interactions)
    _press(bolt, interactions)
    return bolt


def _failed(error: Exception) -> BoltResponse:
    """What Slack is told of a failure: 200 for what nobody listens to, 500 for what must come again."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    _log.error("not acknowledged, so that it comes again", error=str(error), exc_info=error)
    return BoltResponse(status=500, body="")


def _hear(bolt: App, hearing: Hearing) -> None:
    """Events. They are acknowledged when their listener returns, and come again when it raises."""

    def message(event: dict[str, Any], context: BoltContext) -> None:
        workspace, bot = _workspace(context), str(context.bot_user_id or "")
        match event.get("subtype"):
            case "message_changed":
                hearing.edited(workspace, event, bot)
            case "message_deleted":
                hearing.deleted(workspace, event)
            case _:
                hearing.message(workspace, event, bot)

    def reaction_added(event: dict[str, Any], context: BoltContext) -> None:
        hearing.reacted(_workspace(context), event, added=True)

    def reaction_removed(event: dict[str, Any], context: BoltContext) -> None:
        hearing.reacted(_workspace(context), event, added=False)

    def stopped(event: dict[str, Any], context: BoltContext) -> None:
        hearing.stopped(_workspace(context), event)

    bolt.event("app_mention")(message)
    bolt.event("message")(message)
    bolt.event("reaction_added")(reaction_added)
    bolt.event("reaction_removed")(reaction_removed)
    bolt.event("agent_session_stopped")(stopped)


def _ask(bolt: App, interactions: Interactions) -> None:
    """The command and the shortcuts. They do not come again, so a failure is said."""

    def command(ack: Ack, body: dict[str, Any]) -> None:
        try:
            ack(response_type="ephemeral", text=interactions.command(body))
        except LedgerUnavailable as error:
            ack(response_type="ephemeral", text=error.say)

    def ask_about(ack: Ack, body: dict[str, Any]) -> None:
        interactions.ask_about(body)
        ack()

    def summarise(ack: Ack, body: dict[str, Any]) -> None:
        interactions.summarise(body)
        ack()

    bolt.command(COMMAND)(command)
    bolt.shortcut(ASK_ABOUT)(ask_about)
    bolt.shortcut(SUMMARISE)(summarise)


def _press(bolt: App, interactions: Interactions) -> None:
    """Buttons and the modal."""

    def feedback(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        if turn_id := interactions.rated(body):
            view = dict(outgoing.clean(reason_view(turn_id)))
            _quietly(client, "views.open", trigger_id=body["trigger_id"], view=view)
        ack()

    def reasoned(ack: Ack, body: dict[str, Any]) -> None:
        interactions.reasoned(body)
        ack()

    def stop(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        if sentence := interactions.stopped(body):
            place = {"channel": body["channel"]["id"], "user": body["user"]["id"]}
            _quietly(client, "chat.postEphemeral", **place, **outgoing.slack({"text": sentence}))
        ack()

    def try_again(ack: Ack, body: dict[str, Any]) -> None:
        interactions.tried_again(body)
        ack()

    bolt.action(FEEDBACK)(feedback)
    bolt.view(REASON)(reasoned)
    bolt.action(STOP)(stop)
    bolt.action(TRY_AGAIN)(try_again)


def _quietly(client: WebClient, method: str, **arguments: Any) -> None:
    """Call Slack for something that may fail without anything being lost."""
    try:
        client.api_call(method, json=arguments)
    except (SlackApiError, SlackClientError, CandorError, OSError) as error:
        _log.warning("not shown", method=method, error=str(error))


def _workspace(context: BoltContext) -> str:
    return str(context.team_id or context.enterprise_id or "")
