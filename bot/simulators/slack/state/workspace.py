"""One Slack workspace: what is in it, and what happens there."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from bot.simulators.clock import Clock
from bot.simulators.slack.app import App
from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.state import events
from bot.simulators.slack.state.channels import Channel, Kind
from bot.simulators.slack.state.directory import Directory, new_id
from bot.simulators.slack.state.events import Emit, Event
from bot.simulators.slack.state.files import File
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.people import User
from bot.simulators.slack.state.sessions import Session
from bot.simulators.slack.state.timeline import Timeline
from bot.simulators.slack.state.views import Views

TOMBSTONE_USER = "USLACKBOT"
TOMBSTONE_TEXT = "This message was deleted."


class Workspace:
    """People, channels and messages, kept as Slack keeps them; every change is told as an event.

    Attributes:
        bot: the user that the app acts as here.
        changed: held for every change, and notified after it.
    """

    def __init__(self, name: str, app: App, clock: Clock, emit: Emit) -> None:
        self.id = new_id("T")
        self.name = name
        self.domain = name.lower().replace(" ", "-")
        self.app = app
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.directory = Directory(self.id, clock.now)
        self.timeline = Timeline(clock.now)
        self.files: dict[str, File] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.bot: User = self.directory.add_user(app.name, bot_id=new_id("B"))
        self.views = Views(self.id, app.id, self.bot.bot_id, new_id)
        self._emit = emit

    def channel(
        self,
        name: str,
        *members: User,
        private: bool = False,
        with_bot: bool = True,
        shared_with: Iterable[str] = (),
    ) -> Channel:
        """A new channel with these people in it, and the app's bot unless it is kept out."""
        kind: Kind = "group" if private else "channel"
        inside = {user.id for user in members} | ({self.bot.id} if with_bot else set())
        with self.changed:
            return self.directory.add_channel(name, kind, inside, frozenset(shared_with))

    def tell(self, event: Event) -> None:
        """Let the app know, as far as it is subscribed."""
        self._emit(self.id, event)

    def post(self, channel: Channel, message: Message) -> Message:
        """Put a message where it belongs.

        Raises:
            SlackError: `is_archived`, or `thread_not_found` for a reply to nothing.
        """
        with self.changed:
            if channel.archived:
                raise SlackError("is_archived")
            if message.is_reply and not message.visible_to:
                self._root(channel, message.thread)
            self.timeline.add(message)
            session = self.sessions.get((message.channel, message.thread))
            if session and session.status != "processing" and message.bot_id == self.bot.bot_id:
                session.show("", self.clock.now())
            if not message.visible_to:
                self.announce(channel, message)
            self.changed.notify_all()
        return message

    def announce(self, channel: Channel, message: Message) -> None:
        """Tell of a message; of a mention and of links to the app's domains by events of their own."""
        body = self.event_body(channel, message)
        self.tell(events.message_event(channel, body, message.ts))
        if self.bot.mention in message.text and channel.kind != "im" and message.user != self.bot.id:
            self.tell(events.mention_event(channel, body))
        inside = self.bot.id in channel.members
        shared = events.link_event(channel, message, self.app.unfurl_domains, bot_is_member=inside)
        if shared and message.user != self.bot.id:
            self.tell(shared)

    def event_body(self, channel: Channel, message: Message) -> dict[str, Any]:
        """A message as events and history carry it."""
        body = message.to_json()
        if message.is_reply and not message.visible_to:
            root = self._root(channel, message.thread)
            body["parent_user_id"] = root.user
            if message.subtype == "thread_broadcast":
                body["root"] = root.to_json() | self.timeline.thread_of(channel.id, root.ts)
        if message.files:
            stub = bool(channel.shared_with)
            body["files"] = [file.to_stub() if stub else file.to_json() for file in message.files]
        if message.team != self.id:
            body["user_team"] = body["source_team"] = message.team
        return body

    def change(self, message: Message, *, edited: bool = True, **fields: Any) -> Message:
        """Change a message; `message_changed` tells of it, whatever it is that changed."""
        with self.changed:
            channel = self.directory.channels[message.channel]
            before = self.event_body(channel, message)
            if fields.get("text", message.text) != message.text:
                message.earlier.append(message.text)
            for name, value in fields.items():
                setattr(message, name, value)
            stamp = self.timeline.stamp()
            if edited:
                message.edited = stamp
            if not message.visible_to:
                self.tell(events.changed_event(channel, self.event_body(channel, message), before, stamp))
            self.changed.notify_all()
        return message

    def remove(self, message: Message) -> None:
        """Delete a message. One with replies leaves a tombstone, and is told of as changed into that."""
        with self.changed:
            channel = self.directory.channels[message.channel]
            before = self.event_body(channel, message)
            if self.timeline.replies(channel.id, message.ts):
                self.timeline.deleted.append(replace(message))
                gone: dict[str, Any] = {
                    "subtype": "tombstone",
                    "user": TOMBSTONE_USER,
                    "text": TOMBSTONE_TEXT,
                }
                cleared: dict[str, Any] = {
                    "blocks": [],
                    "attachments": [],
                    "preview": [],
                    "files": (),
                    "reactions": {},
                }
                self.change(message, edited=False, **gone, **cleared)
                return
            self.timeline.remove(message)
            if not message.visible_to:
                self.tell(events.deleted_event(channel, before, self.timeline.stamp()))
            self.changed.notify_all()

    def react(self, message: Message, user: str, name: str) -> None:
        """Put a reaction on a message.

        Raises:
            SlackError: `already_reacted`.
        """
        with self.changed:
            users = message.reactions.setdefault(name, [])
            if user in users:
                raise SlackError("already_reacted")
            users.append(user)
            self._tell_of_reaction(message, user, name, "reaction_added")

    def unreact(self, message: Message, user: str, name: str) -> None:
        """Take a reaction back.

        Raises:
            SlackError: `no_reaction`.
        """
        with self.changed:
            users = message.reactions.get(name, [])
            if user not in users:
                raise SlackError("no_reaction")
            users.remove(user)
            if not users:
                del message.reactions[name]
            self._tell_of_reaction(message, user, name, "reaction_removed")

    def join(self, channel: Channel, user: User, inviter: str = "") -> None:
        """Let somebody in; nothing happens when they are in already."""
        with self.changed:
            if user.id in channel.members:
                return
            channel.members.add(user.id)
            stamp = self.timeline.stamp()
            self.tell(self._seat(channel, user, "member_joined_channel", inviter, stamp))
            text = f"{user.mention} has joined the channel"
            told = Message(channel.id, stamp, user.id, self.id, text, subtype="channel_join", inviter=inviter)
            self.post(channel, told)

    def leave(self, channel: Channel, user: User) -> None:
        """Let somebody out."""
        with self.changed:
            stamp = self.timeline.stamp()
            self.tell(self._seat(channel, user, "member_left_channel", "", stamp))
            channel.members.discard(user.id)
            self.changed.notify_all()

    def archive(self, channel: Channel) -> None:
        """Close a channel for good: nothing can be posted there."""
        with self.changed:
            channel.archived = True

    def preview(self, message: Message, attachments: list[dict[str, Any]]) -> None:
        """Show previews under a message, as Slack does with links: it changes, and nobody edited it."""
        self.change(message, edited=False, preview=attachments)

    def copies(self, message: Message, times: int) -> None:
        """Tell of a message again and again, each time under another event id, as Slack now and then does."""
        with self.changed:
            channel = self.directory.channels[message.channel]
            for _ in range(times):
                self.tell(events.message_event(channel, self.event_body(channel, message), message.ts))

    def session(self, channel: str, thread: str) -> Session:
        """The agent's session in a thread, begun when there is none yet."""
        with self.changed:
            return self.sessions.setdefault((channel, thread), Session())

    def file(self, user: str, name: str, content: bytes, base_url: str) -> File:
        """Keep a file that somebody uploads."""
        file_id = new_id("F")
        url = f"{base_url}/files-pri/{self.id}-{file_id}/{name}"
        self.files[file_id] = File(file_id, user, name, content, url, int(self.clock.now()))
        return self.files[file_id]

    def seen_by(self, user: str, channel: Channel, thread: str = "") -> list[Message]:
        """What somebody sees in a channel, or in a thread from its root on, oldest first."""
        with self.changed:
            if user not in channel.members:
                raise SlackError("channel_not_found")
            if thread:
                public = [self._root(channel, thread), *self.timeline.replies(channel.id, thread)]
            else:
                public = self.timeline.roots(channel.id)
            own = [
                message
                for message in self.timeline.ephemeral
                if (message.visible_to, message.channel, message.thread) == (user, channel.id, thread)
            ]
            return sorted([*public, *own], key=lambda message: message.ts)

    def wait_for(self, condition: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Wait until something holds here.

        Returns:
            What the condition returned; false in the end when the time is up.
        """
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def _seat(self, channel: Channel, user: User, kind: str, inviter: str, stamp: str) -> Event:
        return events.member_event(channel, user.id, team=self.id, kind=kind, inviter=inviter, stamp=stamp)

    def _tell_of_reaction(self, message: Message, user: str, name: str, kind: str) -> None:
        channel = self.directory.channels[message.channel]
        stamp = self.timeline.stamp()
        self.tell(events.reaction_event(channel, message, user, name=name, kind=kind, stamp=stamp))
        self.changed.notify_all()

    def _root(self, channel: Channel, thread: str) -> Message:
        try:
            return self.timeline.find(channel.id, thread)
        except SlackError:
            raise SlackError("thread_not_found") from None
