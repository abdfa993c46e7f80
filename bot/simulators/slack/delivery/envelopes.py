"""The outer form of an event, and the payloads of what people press, type and submit."""

from dataclasses import dataclass
from typing import Any

from bot.simulators.slack.app import App
from bot.simulators.slack.delivery.forms import chosen_in
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.directory import new_id
from bot.simulators.slack.state.events import Event
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.people import User
from bot.simulators.slack.state.triggers import Triggers
from bot.simulators.slack.state.views import View
from bot.simulators.slack.state.workspace import Workspace

Json = dict[str, Any]


def event_callback(app: App, workspace: Workspace, event: Event) -> Json:
    """An event as it is delivered, under an id of its own."""
    shared = bool(event.channel and event.channel.shared_with)
    return {
        "token": app.verification_token,
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event.body,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(workspace.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": new_id("4-"),
    }


@dataclass(frozen=True, slots=True)
class Interactions:
    """Makes the payloads of one workspace's interactions. `base_url` begins its response URLs."""

    app: App
    workspace: Workspace
    triggers: Triggers
    base_url: str

    def press(self, user: User, message: Message, block: Json, element: Json, value: Any) -> Json:
        """`block_actions` on a message; `value` is what was chosen, where the element offers a choice."""
        channel = self.workspace.directory.channels[message.channel]
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(message.visible_to),
        }
        if message.thread:
            container["thread_ts"] = message.thread
        return {
            **self._common("block_actions", user),
            "container": container,
            "channel": self._channel(channel),
            "message": self.workspace.event_body(channel, message),
            "state": {"values": {}},
            "response_url": self._response_url(channel, user, message.ts, message.thread),
            "actions": [self._action(block, element, value)],
        }

    def press_in_view(self, user: User, view: View, block: Json, element: Json, value: Any) -> Json:
        """`block_actions` in a modal or on the Home tab."""
        return {
            **self._common("block_actions", user),
            "container": {"type": "view", "view_id": view.id},
            "view": view.to_json(),
            "actions": [self._action(block, element, value)],
        }

    def submit(self, user: User, view: View, state: Json) -> Json:
        """`view_submission`."""
        return {**self._common("view_submission", user), "view": view.to_json(state), "response_urls": []}

    def close(self, user: User, view: View) -> Json:
        """`view_closed`."""
        common = self._common("view_closed", user)
        del common["trigger_id"]
        return {**common, "view": view.to_json(), "is_cleared": False}

    def shortcut(self, user: User, callback_id: str) -> Json:
        """A global `shortcut`."""
        stamp = self.workspace.timeline.stamp()
        return {**self._common("shortcut", user), "callback_id": callback_id, "action_ts": stamp}

    def message_action(self, user: User, callback_id: str, message: Message) -> Json:
        """A shortcut on a message."""
        channel = self.workspace.directory.channels[message.channel]
        return {
            **self._common("message_action", user),
            "callback_id": callback_id,
            "action_ts": self.workspace.timeline.stamp(),
            "message_ts": message.ts,
            "message": self.workspace.event_body(channel, message),
            "channel": self._channel(channel),
            "response_url": self._response_url(channel, user, "", message.thread),
        }

    def command(self, user: User, channel: Channel, command: str, text: str) -> Json:
        """A slash command: flat, with strings only, as a form is."""
        return {
            "token": self.app.verification_token,
            "team_id": self.workspace.id,
            "team_domain": self.workspace.domain,
            "channel_id": channel.id,
            "channel_name": channel.name or "directmessage",
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self.app.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(channel, user, "", ""),
            "trigger_id": self.triggers.issue(self.workspace.id, user.id),
        }

    def _common(self, kind: str, user: User) -> Json:
        return {
            "type": kind,
            "team": {"id": self.workspace.id, "domain": self.workspace.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
            "api_app_id": self.app.id,
            "token": self.app.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self.triggers.issue(self.workspace.id, user.id),
        }

    def _channel(self, channel: Channel) -> Json:
        names = {"im": "directmessage", "group": "privategroup"}
        return {"id": channel.id, "name": names.get(channel.kind, channel.name)}

    def _response_url(self, channel: Channel, user: User, message: str, thread: str) -> str:
        name = self.triggers.response_url(self.workspace.id, channel.id, user.id, message, thread)
        return f"{self.base_url}/responses/{name}"

    def _action(self, block: Json, element: Json, value: Any) -> Json:
        kind = str(element["type"])
        action: Json = {
            "type": kind,
            "action_id": element["action_id"],
            "block_id": block.get("block_id", ""),
            "action_ts": self.workspace.timeline.stamp(),
        }
        if kind in ("button", "icon_button"):
            action |= {key: element[key] for key in ("text", "value", "style") if key in element}
        elif kind == "feedback_buttons":
            sides = (element["positive_button"], element["negative_button"])
            chosen = next(side for side in sides if side["value"] == value)
            action |= {"text": chosen["text"], "value": chosen["value"]}
        else:
            action |= chosen_in(element, value)
        return action
