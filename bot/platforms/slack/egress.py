"""Slack's speaking half: one message for each turn, streamed where Slack allows it, edited elsewhere."""

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot import markdown
from bot.outgoing import NO_PREVIEWS, Json, Payload
from bot.platforms.slack import marks
from bot.platforms.slack.calls import Refused, SlackCalls, Tokens
from bot.platforms.slack.cards import SlackCards
from bot.platforms.slack.render import SlackRender, introduction
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.slack.streams import Streams
from core import log
from core.errors import CandorError, MessageGone, Unavailable, Unwelcome
from core.messages import Address, Question
from core.pacing import Pacer

_log = log.get(__name__)

_INTRODUCTION = -1
"""The part that a message is which quotes the question."""

_PERSON = ("U", "W")
"""How people's ids begin."""

_PLAIN_BYTES = 3000

_FRESH = 1000
"""Messages that are remembered as posted here: one whose turn another worker took is never finished."""


class SlackEgress:
    """Sends what `SlackRender` builds.

    An address with a handle, `USER|RESPONSE_URL`, is a reply that the asker alone sees: it is said once, in
    the end, in place of the word with which the command was acknowledged. Where nobody pressed or typed a
    command there is no URL, and the handle is `USER||THREAD`.
    """

    def __init__(self, calls: SlackCalls) -> None:
        self._calls = calls
        self._streams = Streams(calls)
        self._fresh: deque[Address] = deque(
            maxlen=_FRESH
        )  # posted here and not finished: nothing follows them

    def post(self, question: Question, key: str, payload: Payload) -> Address:
        """Set the thread's status and open a stream, or post a placeholder where there can be none.

        A question that nobody there saw asked is quoted first; where there is no thread, that begins one.
        """
        if question.address.handle:
            if "parts" in payload:
                self._respond(question.address, payload)
            return question.address
        if question.quoted:
            question = question.model_copy(update={"address": self._introduce(question, key)})
        address = question.address
        if "parts" in payload:
            return self._say(address, payload, key)
        if "status" not in payload:
            return self._post(address, payload, key, part=0)
        self._set_status(address, str(payload["status"]))
        message = self._streams.start(question, key, str(payload["status"])) or self._post(
            address, payload, key, part=0
        )
        self._fresh.append(message)
        return message

    def update(self, message: Address, payload: Payload) -> None:
        """Show what the payload says: a status, the text so far, or the whole answer."""
        if message.handle:
            if "parts" in payload:
                self._respond(message, payload)
        elif "parts" in payload:
            self._finish(message, payload)
        elif not self._streams.has(message):
            self._edit(message, payload)
        elif "status" in payload:
            self._streams.status(message, str(payload["status"]))
        else:
            self._streams.write(message, str(payload["markdown"]))

    def find(self, address: Address, key: str) -> Address | None:
        """The newest message of the thread that belongs to this turn, or the command's own reply."""
        if address.handle:
            return address
        if not address.thread:
            address = self._opened(address)
            begun = marks.begun(self._at(address), address, key)
            return self.find(begun, key) if begun else None
        found = [each for each in self._marked(address, key) if not marks.part_of(each)]
        return address.model_copy(update={"message": str(found[-1]["ts"])}) if found else None

    def first_part(self, message: Address) -> Address:
        """The message that a reply begins with, where this one is a further part of it; else this one."""
        thread = message.model_copy(update={"thread": message.message})
        for each in marks.thread(self._at(message), thread):
            first = str(marks.payload_of(each).get("of") or "")
            if first and each["ts"] == message.message:
                return message.model_copy(update={"message": first})
        return message

    def delete(self, message: Address) -> None:
        """Take a message of ours away, and the thread's status with it."""
        if message.handle:
            return
        self._streams.stop(message)
        try:
            for part in self._further(message).values():
                self._at(part).write("chat.delete", channel=part.channel, ts=part.message)
            self._at(message).write("chat.delete", channel=message.channel, ts=message.message)
        except (MessageGone, Unwelcome, Refused) as error:
            _log.info("nothing to delete", error=str(error))
        self.clear_status(message)

    def tell(self, question: Question, sentence: str) -> None:
        """Say a sentence to the asker alone: by the command's own way, else in their direct messages."""
        if question.address.handle:
            self._respond_with(question.address, {"text": sentence, "blocks": []})
            return
        self._at(question.address).write(
            "chat.postMessage", channel=question.asker.id, text=sentence, **NO_PREVIEWS
        )

    def whisper(self, place: Address, person: str, payload: Payload) -> None:
        """Say something in a thread that one person alone sees, and nobody after they have looked away."""
        self._at(place).write(
            "chat.postEphemeral", channel=place.channel, thread_ts=place.thread, user=person, **payload
        )

    def clear_status(self, address: Address) -> None:
        """Take the thread's status line away, and let its session rest: stopped by somebody, it does not."""
        self._set_status(address, "")
        place = {"channel_id": address.channel, "thread_ts": address.thread}
        try:
            self._at(address).write("agents.sessions.setStatus", **place, status="active")
        except CandorError as error:
            _log.info("no session to rest", error=str(error))

    def _at(self, address: Address) -> SlackCalls:
        return self._calls.at(address.workspace)

    def _set_status(self, address: Address, status: str) -> None:
        try:
            self._at(address).write(
                "assistant.threads.setStatus",
                channel_id=address.channel,
                thread_ts=address.thread,
                status=f"{status}…" if status else "",
            )
        except CandorError as error:
            _log.info("no status shown", error=str(error))

    def _post(
        self, address: Address, payload: Mapping[str, Any], key: str, *, part: int, of: str = ""
    ) -> Address:
        thread = {"thread_ts": address.thread} if address.thread else {}
        sent = self._at(address).write(
            "chat.postMessage",
            channel=address.channel,
            **thread,
            text=payload["text"],
            blocks=payload["blocks"],
            metadata=marks.metadata(key, part, of),
            **NO_PREVIEWS,
        )
        return address.model_copy(update={"message": str(sent["ts"])})

    def _introduce(self, question: Question, key: str) -> Address:
        """Quote a question once, whatever attempt this is; where the reply belongs then."""
        address = question.address
        if not address.thread:
            address = self._opened(address)
            if begun := marks.begun(self._at(address), address, key):
                return begun
            posted = self._post(address, introduction(question), key, part=_INTRODUCTION)
            return posted.model_copy(update={"thread": posted.message})
        if not any(marks.part_of(each) == _INTRODUCTION for each in self._marked(address, key)):
            self._post(address, introduction(question), key, part=_INTRODUCTION)
        return address

    def _marked(self, address: Address, key: str) -> list[Mapping[str, Any]]:
        """The messages of a thread that belong to a turn."""
        return [each for each in marks.thread(self._at(address), address) if marks.turn_id(each) == key]

    def _opened(self, address: Address) -> Address:
        """The address with a person's direct messages by their own id, where it names the person."""
        if not address.channel.startswith(_PERSON):
            return address
        opened = self._at(address).write("conversations.open", users=address.channel)
        return address.model_copy(update={"channel": str(opened["channel"]["id"])})

    def _say(self, address: Address, payload: Mapping[str, Any], key: str) -> Address:
        """Post a whole reply at once, in plain text where Slack does not take its form."""
        parts = list(payload["parts"])
        try:
            first = self._post(address, parts[0], key, part=0)
        except Refused as refused:
            _log.warning("said as plain text", error=str(refused))
            parts = _plain(parts)
            first = self._post(address, parts[0], key, part=0)
        for n, part in enumerate(parts[1:], start=1):
            self._post(address, part, key, part=n, of=first.message)
        return first

    def _edit(self, message: Address, payload: Mapping[str, Any], **more: Json) -> None:
        arguments: dict[str, Any] = {"channel": message.channel, "ts": message.message, **more}
        arguments |= {"text": payload["text"], "blocks": payload["blocks"]}
        try:
            self._at(message).write("chat.update", **arguments)
        except Refused as refused:
            if refused.code != "streaming_state_conflict":
                raise
            self._streams.stop(message)
            self._at(message).write("chat.update", **arguments)

    def _finish(self, message: Address, payload: Mapping[str, Any]) -> None:
        key, parts = str(payload["turn_id"]), list(payload["parts"])
        if len(parts) == 1 and self._streams.has(message):
            if self._streams.finish(message, payload["final"], payload["footer"], marks.metadata(key, 0)):
                self._forget_fresh(message)
                return
        elif self._streams.has(message):
            self._streams.stop(message)
        try:
            self._show(message, parts, key)
        except Refused as refused:
            # Whatever Slack has against the form, the words get through.
            _log.warning("shown as plain text", error=str(refused))
            try:
                self._show(message, _plain(parts), key)
            except Refused as again:
                raise MessageGone(f"no longer to be edited: {again}") from None

    def _show(self, message: Address, parts: list[Mapping[str, Any]], key: str) -> None:
        """Make the message say the first part and messages below it the others; what is left over goes."""
        there = self._further(message)
        self._forget_fresh(message)
        self._edit(message, parts[0], metadata=marks.metadata(key, 0))
        for n, part in enumerate(parts[1:], start=1):
            if n in there:
                self._edit(there.pop(n), part)
            else:
                self._post(message, part, key, part=n, of=message.message)
        for stale in there.values():
            self._at(stale).write("chat.delete", channel=stale.channel, ts=stale.message)

    def _further(self, message: Address) -> dict[int, Address]:
        """The further parts of a long reply, whichever turn they were written for."""
        if message in self._fresh:
            return {}
        return {
            marks.part_of(each): message.model_copy(update={"message": str(each["ts"])})
            for each in marks.thread(self._at(message), message)
            if marks.payload_of(each).get("of") == message.message
        }

    def _forget_fresh(self, message: Address) -> None:
        with suppress(ValueError):
            self._fresh.remove(message)

    def _respond(self, message: Address, payload: Mapping[str, Any]) -> None:
        *parts, last = list(payload["parts"])
        parts.append({**last, "blocks": [*last["blocks"], *payload.get("alone", [])]})
        for n, part in enumerate(parts):
            how: dict[str, Json] = {"response_type": "ephemeral", "replace_original": n == 0}
            self._respond_with(message, {**part, **how})

    def _respond_with(self, message: Address, payload: Mapping[str, Any]) -> None:
        user, url, thread = (*message.handle.split("|"), "")[:3]
        if url:
            try:
                self._calls.respond(url, payload)
            except (Refused, Unavailable) as error:
                _log.info("not said by the response URL", error=str(error))
            else:
                return
        self._at(message).write(
            "chat.postEphemeral",
            channel=message.channel,
            user=user,
            text=payload["text"],
            blocks=payload["blocks"],
            **({"thread_ts": thread} if thread else {}),
        )


class SlackSpeaker:
    """Slack as the worker sees it. An update a second keeps one answer well within Slack's limits."""

    pace = 1.0

    def __init__(self, egress: SlackEgress, cards: SlackCards) -> None:
        self.egress = egress
        self.cards = cards
        self.render = SlackRender()


def open_speaker(
    settings: SlackSettings, tokens: Tokens | None = None, pacer: Pacer | None = None
) -> SlackSpeaker:
    """Slack, spoken with the settings' token, or with each workspace's own, at a pace where one is kept.

    Raises:
        Misconfigured: there is no token.
    """
    calls = SlackCalls(settings, tokens, pacer=pacer)
    return SlackSpeaker(SlackEgress(calls), SlackCards(calls))


def _plain(parts: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    pieces = [piece for part in parts for piece in markdown.split(str(part["text"]), _PLAIN_BYTES // 2)]
    return [{"text": piece, "blocks": []} for piece in pieces]
