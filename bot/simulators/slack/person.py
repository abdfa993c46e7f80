"""What a person does in Slack: speaks, edits, reacts, presses, fills in and looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bot.simulators.slack import entities
from bot.simulators.slack.delivery.courier import Courier
from bot.simulators.slack.delivery.envelopes import Interactions
from bot.simulators.slack.delivery.forms import filled_in
from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.record import Receipt
from bot.simulators.slack.rules.blocks import interactive
from bot.simulators.slack.rules.views import check_view
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.events import Event
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.people import User
from bot.simulators.slack.state.views import View
from bot.simulators.slack.state.workspace import Workspace
from bot.simulators.slack.web.call import Platform
from bot.simulators.slack.web.reactions import check_name
from bot.simulators.slack.web.responses import say


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace, or another bot there. Make one with `SlackSimulator.person`.

    A deed that Slack's own client would not let them do raises `SlackError`.
    """

    user: User
    workspace: Workspace
    platform: Platform
    courier: Courier
    interactions: Interactions

    @property
    def id(self) -> str:
        """Their user id."""
        return self.user.id

    def say(
        self,
        channel: Channel,
        text: str,
        *,
        thread: Message | None = None,
        files: Mapping[str, bytes] | None = None,
        broadcast: bool = False,
        subtype: str = "",
    ) -> Message:
        """Post a message, as typed: `@name` mentions, links become links, the rest is escaped.

        Args:
            channel: where; they have to be a member.
            text: what they type.
            thread: any message of the thread to reply in.
            files: content by name, attached.
            broadcast: a reply is shown in the channel too.
            subtype: a subtype of its own, such as `me_message`.
        """
        if self.id not in channel.members:
            raise SlackError("not_in_channel")
        workspace = self.workspace
        wire = entities.typed(text, workspace.directory.names())
        base_url = self.interactions.base_url
        kept = tuple(
            workspace.file(self.id, name, content, base_url) for name, content in (files or {}).items()
        )
        message = Message(
            channel=channel.id,
            ts=workspace.timeline.stamp(),
            user=self.id,
            team=self.user.team,
            text=wire,
            thread=(thread.thread or thread.ts) if thread else "",
            blocks=[entities.rich_text(text, uuid4().hex[:5])] if text else [],
            files=kept,
            bot_id=self.user.bot_id,
            subtype=subtype or ("file_share" if kept else "thread_broadcast" if broadcast else ""),
            client_id="" if self.user.bot_id else str(uuid4()),
            unfurl=not self.user.bot_id,
        )
        workspace.post(channel, message)
        return message

    def direct(self) -> Channel:
        """Their direct conversation with the app."""
        with self.workspace.changed:
            return self.workspace.directory.conversation({self.id, self.workspace.bot.id})

    def edit(self, message: Message, text: str) -> None:
        """Change a message of their own."""
        self._own(message)
        wire = entities.typed(text, self.workspace.directory.names())
        self.workspace.change(message, text=wire, blocks=[entities.rich_text(text, uuid4().hex[:5])])

    def delete(self, message: Message) -> None:
        """Delete a message of their own."""
        self._own(message)
        self.workspace.remove(message)

    def react(self, message: Message, name: str) -> None:
        """Put a reaction on a message, by the emoji's name."""
        self.workspace.react(message, self.id, check_name(name))

    def unreact(self, message: Message, name: str) -> None:
        """Take a reaction of their own back."""
        self.workspace.unreact(message, self.id, name)

    def join(self, channel: Channel) -> None:
        """Join a public channel."""
        if channel.kind != "channel":
            raise SlackError("channel_not_found")
        self.workspace.join(channel, self.user)

    def leave(self, channel: Channel) -> None:
        """Leave a channel."""
        self.workspace.leave(channel, self.user)

    def invite(self, user: User, channel: Channel) -> None:
        """Bring somebody into a channel: the app's bot, for one."""
        self.workspace.join(channel, user, inviter=self.id)

    def open_home(self, tab: str = "home") -> None:
        """Look at the app's tab: `home` or `messages`."""
        body: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.direct().id,
            "tab": tab,
            "event_ts": self.workspace.timeline.stamp(),
        }
        if tab == "home" and (home := self.home):
            body["view"] = home.to_json()
        self.workspace.tell(Event("app_home_opened", body))

    def look_at(self, channel: Channel) -> None:
        """Open a channel beside the app's messages: it becomes the context of what they ask there."""
        entity = {"type": "slack#/types/channel_id", "value": channel.id, "team_id": self.workspace.id}
        body = {
            "type": "app_context_changed",
            "channel": self.direct().id,
            "user": self.id,
            "context": {"entities": [entity]},
            "event_ts": self.workspace.timeline.stamp(),
        }
        self.workspace.tell(Event("app_context_changed", body))

    def stop(self, message: Message) -> None:
        """Press *Stop* while the app works on the thread that a message stands in.

        Slack ends what streams there and tells the app; the session stays as it is until the app moves it.
        """
        thread = message.thread or message.ts
        workspace = self.workspace
        with workspace.changed:
            streams = [
                reply
                for reply in workspace.timeline.replies(message.channel, thread)
                if reply.streaming == "in_progress"
            ]
            for stream in streams:
                workspace.change(stream, edited=False, streaming="stopped")
            body = {
                "type": "agent_session_stopped",
                "channel": message.channel,
                "user": self.id,
                "thread_ts": thread,
                "streaming_message_ts": [stream.ts for stream in streams],
                "event_ts": workspace.timeline.stamp(),
            }
            workspace.tell(Event("agent_session_stopped", body))

    def press(self, where: Message | View, action_id: str, value: Any = None) -> Receipt:
        """Press a button, or choose in another element, of a message or a view.

        Args:
            where: what they look at.
            action_id: which element.
            value: what they choose, where there is a choice: which of two feedback buttons, which option.

        Returns:
            How the app took it: Slack does not try again.
        """
        if isinstance(where, View):
            block, element = _element(where.content["blocks"], action_id)
            payload = self.interactions.press_in_view(self.user, where, block, element, value)
        else:
            if where.visible_to not in ("", self.id):
                raise SlackError("message_not_found")
            block, element = _element(where.blocks, action_id)
            payload = self.interactions.press(self.user, where, block, element, value)
        return self.courier.interaction("interactive", payload)

    def command(self, channel: Channel, command: str, text: str = "") -> Receipt:
        """Type a slash command; what the app answers at once is shown to them, or to all if it says so."""
        app = self.platform.app
        if command not in app.commands or "commands" not in app.scopes:
            raise SlackError("invalid_command")
        payload = self.interactions.command(self.user, channel, command, text)
        receipt = self.courier.interaction("slash_commands", payload)
        body = {"text": receipt.body} if isinstance(receipt.body, str) else receipt.body or {}
        if receipt.acknowledged and (body.get("text") or body.get("blocks")):
            name = self.platform.triggers.response_url(self.workspace.id, channel.id, self.id)
            say(self.platform, self.workspace, self.platform.triggers.use(name), body)
        return receipt

    def shortcut(self, callback_id: str, message: Message | None = None) -> Receipt:
        """Use a shortcut of the app: a global one, or one on a message."""
        kind = "message" if message else "global"
        if (self.platform.app.shortcuts or {}).get(callback_id) != kind:
            raise SlackError("invalid_shortcut")
        if message:
            payload = self.interactions.message_action(self.user, callback_id, message)
        else:
            payload = self.interactions.shortcut(self.user, callback_id)
        return self.courier.interaction("interactive", payload)

    def submit(self, values: Mapping[str, Any] | None = None) -> Receipt:
        """Submit the modal before them.

        Args:
            values: what they fill in, by action id; what is left out is left empty.

        Returns:
            How the app took it; its body holds `errors` where it found some, and the modal stays.
        """
        view = self._modal()
        state = filled_in(view, values or {})
        receipt = self.courier.interaction("interactive", self.interactions.submit(self.user, view, state))
        if receipt.acknowledged:
            self._follow(view, receipt.body if isinstance(receipt.body, dict) else {})
        return receipt

    def close_modal(self) -> None:
        """Close the modal before them; the app hears of it if it asked to."""
        view = self._modal()
        with self.workspace.changed:
            self.workspace.views.close(view, all_of_them=bool(view.content.get("clear_on_close")))
            self.workspace.changed.notify_all()
        if view.content.get("notify_on_close"):
            self.courier.interaction("interactive", self.interactions.close(self.user, view))

    @property
    def modal(self) -> View | None:
        """The modal before them."""
        open_now = self.workspace.views.modals(self.id)
        return open_now[-1] if open_now else None

    @property
    def home(self) -> View | None:
        """The app's Home tab, as it was published for them."""
        return self.workspace.views.home(self.id)

    def sees(self, channel: Channel, thread: Message | None = None) -> list[Message]:
        """What is before them in a channel, or in a thread from its root on; ephemeral messages too."""
        return self.workspace.seen_by(self.id, channel, (thread.thread or thread.ts) if thread else "")

    def status(self, channel: Channel, thread: Message) -> str:
        """What a thread shows of the app at work; empty when nothing does."""
        session = self.workspace.sessions.get((channel.id, thread.thread or thread.ts))
        return session.line(self.platform.clock.now()) if session else ""

    def _own(self, message: Message) -> None:
        if message.user != self.id:
            raise SlackError("cant_update_message")

    def _modal(self) -> View:
        if self.modal is None:
            raise SlackError("not_found")
        return self.modal

    def _follow(self, view: View, body: Mapping[str, Any]) -> None:
        views = self.workspace.views
        action = body.get("response_action")
        if action in ("update", "push"):
            check_view(body.get("view"), "modal")
        with self.workspace.changed:
            if action == "update":
                views.update(view.id, "", body["view"], "")
            elif action == "push":
                views.push(self.id, body["view"])
            elif action != "errors":
                views.close(view, all_of_them=action == "clear")
            self.workspace.changed.notify_all()


def _element(blocks: list[dict[str, Any]], action_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block, element in interactive(blocks):
        if element["action_id"] == action_id:
            return block, element
    raise SlackError("action_not_found", action_id=action_id)
