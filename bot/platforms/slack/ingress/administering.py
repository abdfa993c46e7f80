"""Bolt's listeners for App Home, the settings of channels, and workspaces that leave."""

import time
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import outgoing
from bot.home import FORGOTTEN
from bot.platforms.slack.ingress.admin import Admin
from bot.platforms.slack.ingress.channel_view import CHANNEL_SETTINGS
from bot.platforms.slack.ingress.home import FORGET_ME, SETTINGS_OF, home_view
from bot.platforms.slack.ingress.showing import opened, publish, quietly, workspace_of


def administer(bolt: App, admin: Admin) -> None:
    """App Home, and the settings of channels."""

    def home_opened(event: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        workspace, person = workspace_of(context), str(event["user"])
        if event.get("tab") == "home":
            publish(client, person, home_view(admin.home(workspace, person)))
        elif prompts := admin.prompts(event):
            quietly(client, "assistant.threads.setSuggestedPrompts", **outgoing.slack(prompts))

    def forget(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        workspace, person = workspace_of(context), str(body["user"]["id"])
        admin.forget(workspace, person)
        publish(client, person, home_view(admin.home(workspace, person), FORGOTTEN))
        ack()

    def choose(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        channel = str(body["actions"][0].get("selected_conversation") or "")
        view = admin.settings(workspace_of(context), channel, str(body["user"]["id"]))
        opened(client, body, view)
        ack()

    def save(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        wrong = admin.save(workspace_of(context), str(body["user"]["id"]), body["view"])
        if wrong:
            ack(response_action="errors", errors=wrong)
        else:
            ack()

    def uninstalled(body: dict[str, Any], event: dict[str, Any], context: BoltContext) -> None:
        if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
            admin.uninstalled(workspace_of(context), float(body.get("event_time") or time.time()))

    bolt.event("app_uninstalled")(uninstalled)
    bolt.event("tokens_revoked")(uninstalled)
    bolt.event("app_home_opened")(home_opened)
    bolt.action(FORGET_ME)(forget)
    bolt.action(SETTINGS_OF)(choose)
    bolt.view(CHANNEL_SETTINGS)(save)
