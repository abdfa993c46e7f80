"""Bolt's listeners: each takes a payload apart and hands it on."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.error import BoltError, BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot import outgoing
from bot.platforms.slack.handover import ANSWER, ASK_PERSON, CLAIM, CONSENT, SHOW, WORDS
from bot.platforms.slack.ingress.admin import Admin
from bot.platforms.slack.ingress.administering import administer
from bot.platforms.slack.ingress.handing import GONE, Handing, Response
from bot.platforms.slack.ingress.hearing import Hearing
from bot.platforms.slack.ingress.interactions import REASON, Interactions, reason_view
from bot.platforms.slack.ingress.oauth import authorize
from bot.platforms.slack.ingress.showing import TIMEOUT_SECONDS, opened, quietly, workspace_of
from bot.platforms.slack.installations import Installations
from bot.platforms.slack.render import FEEDBACK, FOLLOW_UP, SHARE, STOP, TRY_AGAIN
from bot.platforms.slack.settings import SlackSettings
from core import log
from core.errors import LedgerUnavailable, Misconfigured, Unavailable

_log = log.get(__name__)

COMMAND, SETTINGS = "/ask", "settings"
ASK_ABOUT, SUMMARISE = "ask_about_message", "summarise_thread"
"""Callback ids of the shortcuts, as the manifest has them."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """What is done with what Slack sends, by its kind."""

    hearing: Hearing
    interactions: Interactions
    handing: Handing
    admin: Admin


def app(settings: SlackSettings, handlers: Handlers, installations: Installations | None) -> App:
    """A Bolt app that answers Slack when its listener is done, and so only what is in the ledger.

    Raises:
        Misconfigured: Slack does not take the token.
        Unavailable: Slack does not answer.
    """
    token = None if installations else settings.bot_token()
    client = WebClient(token, base_url=settings.slack_api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    try:
        bolt = App(
            client=client,
            authorize=authorize(installations) if installations else None,
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
    _hear(bolt, handlers.hearing)
    _ask(bolt, handlers.interactions, handlers.admin)
    administer(bolt, handlers.admin)
    _press(bolt, handlers.interactions)
    _hand(bolt, handlers.handing)
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
        workspace, bot = workspace_of(context), str(context.bot_user_id or "")
        match event.get("subtype"):
            case "message_changed":
                hearing.edited(workspace, event, bot)
            case "message_deleted":
                hearing.deleted(workspace, event)
            case _:
                hearing.message(workspace, event, bot)

    def reaction_added(event: dict[str, Any], context: BoltContext) -> None:
        hearing.reacted(workspace_of(context), event, str(context.bot_user_id or ""), added=True)

    def reaction_removed(event: dict[str, Any], context: BoltContext) -> None:
        hearing.reacted(workspace_of(context), event, str(context.bot_user_id or ""), added=False)

    def stopped(event: dict[str, Any], context: BoltContext) -> None:
        hearing.stopped(workspace_of(context), event)

    bolt.event("app_mention")(message)
    bolt.event("message")(message)
    bolt.event("reaction_added")(reaction_added)
    bolt.event("reaction_removed")(reaction_removed)
    bolt.event("agent_session_stopped")(stopped)


def _ask(bolt: App, interactions: Interactions, admin: Admin) -> None:
    """The command and the shortcuts. They do not come again, so a failure is said."""

    def command(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        try:
            if str(body.get("text") or "").strip().lower() == SETTINGS:
                view = admin.settings(str(body["team_id"]), str(body["channel_id"]), str(body["user_id"]))
                ack(response_type="ephemeral", text=opened(client, body, view))
                return
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
            quietly(client, "views.open", trigger_id=body["trigger_id"], view=view)
        ack()

    def reasoned(ack: Ack, body: dict[str, Any]) -> None:
        interactions.reasoned(body)
        ack()

    def stop(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        if sentence := interactions.stopped(body):
            place = {"channel": body["channel"]["id"], "user": body["user"]["id"]}
            quietly(client, "chat.postEphemeral", **place, **outgoing.slack({"text": sentence}))
        ack()

    def try_again(ack: Ack, body: dict[str, Any]) -> None:
        interactions.tried_again(body)
        ack()

    def share(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        _respond(client, body, Response(interactions.shared(body)))
        ack()

    def follow_up(ack: Ack, body: dict[str, Any]) -> None:
        interactions.followed_up(body)
        ack()

    bolt.action(SHARE)(share)
    bolt.action(re.compile(rf"{FOLLOW_UP}\d"))(follow_up)
    bolt.action(FEEDBACK)(feedback)
    bolt.view(REASON)(reasoned)
    bolt.action(STOP)(stop)
    bolt.action(TRY_AGAIN)(try_again)


def _hand(bolt: App, handing: Handing) -> None:
    """What leads to a person, and what the experts do."""

    def ask_person(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        _respond(client, body, handing.wanted(body))
        ack()

    def consented(ack: Ack, body: dict[str, Any]) -> None:
        handing.consented(body)
        ack()

    def claim(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        _respond(client, body, handing.claimed(body))
        ack()

    def answering(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        _respond(client, body, handing.answering(body))
        ack()

    def answered(ack: Ack, body: dict[str, Any]) -> None:
        if handing.answered(body):
            ack()
        else:
            ack(response_action="errors", errors={WORDS: GONE})

    bolt.action(ASK_PERSON)(ask_person)
    bolt.action(SHOW)(ask_person)
    bolt.view(CONSENT)(consented)
    bolt.action(CLAIM)(claim)
    bolt.action(ANSWER)(answering)
    bolt.view(ANSWER)(answered)


def _respond(client: WebClient, body: dict[str, Any], response: Response) -> None:
    """Show whoever pressed what comes of it. A response URL works where Candor is no member, too."""
    if response.view:
        view = dict(outgoing.clean(response.view))
        quietly(client, "views.open", trigger_id=body["trigger_id"], view=view)
    url = str(body.get("response_url") or "")
    if response.sentence and url:
        said = outgoing.slack({"text": response.sentence})
        try:
            WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[]).send_dict(
                {**said, "response_type": "ephemeral", "replace_original": False}
            )
        except (SlackClientError, OSError) as error:
            _log.warning("not shown", error=str(error))
