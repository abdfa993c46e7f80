"""Slack's speaking half: one message for each turn, streamed where Slack allows it, edited elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot import markdown
from bot.outgoing import NO_PREVIEWS, Json, Payload
from bot.platforms.slack.calls import Refused, SlackCalls
from bot.platforms.slack.render import SlackRender
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.slack.streams import Streams
from core import log
from core.errors import CandorError, MessageGone, Unavailable, Unwelcome
from core.messages import Address, Question

_log = log.get(__name__)

EVENT_TYPE = "candor_turn"
"""The type of the metadata that our messages carry."""

_PLAIN_BYTES = 3000
_PAGE = 200


class SlackEgress:
    """Sends what `SlackRender` builds.

    An address with a handle, `USER|RESPONSE_URL`, is a reply that the asker alone sees: it is said once, in
    the end, in place of the word with which the command was acknowledged.
    """

    def __init__(self, calls: SlackCalls) -> None:
        self._calls = calls
        self._streams = Streams(calls)

    def post(self, question: Question, key: str, payload: Payload) -> Address:
        """Set the thread's status and open a stream, or post a placeholder where there can be none."""
        address = question.address
        if address.handle:
            return address
        self._set_status(address, str(payload["status"]))
        return self._streams.start(question, key, str(payload["status"])) or self._post(
            address, payload, key, part=0
        )

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
        found = [each for each in self._thread(address) if _turn_id(each) == key and not _part(each)]
        return address.model_copy(update={"message": str(found[-1]["ts"])}) if found else None

    def delete(self, message: Address) -> None:
        """Take a message of ours away, and the thread's status with it."""
        if message.handle:
            return
        self._streams.stop(message)
        try:
            self._calls.write("chat.delete", channel=message.channel, ts=message.message)
        except (MessageGone, Unwelcome, Refused) as error:
            _log.info("nothing to delete", error=str(error))
        self.clear_status(message)

    def tell(self, question: Question, sentence: str) -> None:
        """Say a sentence to the asker alone: by the command's own way, else in their direct messages."""
        if question.address.handle:
            self._calls.respond(_response_url(question.address), {"text": sentence})
            return
        self._calls.write("chat.postMessage", channel=question.asker.id, text=sentence, **NO_PREVIEWS)

    def clear_status(self, address: Address) -> None:
        """Take the thread's status line away, and let its session rest: stopped by somebody, it does not."""
        self._set_status(address, "")
        place = {"channel_id": address.channel, "thread_ts": address.thread}
        try:
            self._calls.write("agents.sessions.setStatus", **place, status="active")
        except CandorError as error:
            _log.info("no session to rest", error=str(error))

    def _set_status(self, address: Address, status: str) -> None:
        try:
            self._calls.write(
                "assistant.threads.setStatus",
                channel_id=address.channel,
                thread_ts=address.thread,
                status=f"{status}…" if status else "",
            )
        except CandorError as error:
            _log.info("no status shown", error=str(error))

    def _post(self, address: Address, payload: Mapping[str, Any], key: str, *, part: int) -> Address:
        sent = self._calls.write(
            "chat.postMessage",
            channel=address.channel,
            thread_ts=address.thread,
            text=payload["text"],
            blocks=payload["blocks"],
            metadata=_metadata(key, part),
            **NO_PREVIEWS,
        )
        return address.model_copy(update={"message": str(sent["ts"])})

    def _edit(self, message: Address, payload: Mapping[str, Any], **more: Json) -> None:
        arguments: dict[str, Any] = {"channel": message.channel, "ts": message.message, **more}
        arguments |= {"text": payload["text"], "blocks": payload["blocks"]}
        try:
            self._calls.write("chat.update", **arguments)
        except Refused as refused:
            if refused.code != "streaming_state_conflict":
                raise
            self._streams.stop(message)
            self._calls.write("chat.update", **arguments)

    def _finish(self, message: Address, payload: Mapping[str, Any]) -> None:
        key, parts = str(payload["turn_id"]), list(payload["parts"])
        if len(parts) == 1 and self._streams.has(message):
            if self._streams.finish(message, payload["final"], payload["footer"], _metadata(key, 0)):
                return
        elif self._streams.has(message):
            self._streams.stop(message)
        try:
            self._show(message, parts, key)
        except Refused as refused:
            # Whatever Slack has against the form, the words get through.
            _log.warning("shown as plain text", error=str(refused))
            self._show(message, _plain(parts), key)

    def _show(self, message: Address, parts: list[Mapping[str, Any]], key: str) -> None:
        self._edit(message, parts[0], metadata=_metadata(key, 0))
        if len(parts) == 1:
            return
        there = {_part(each): each for each in self._thread(message) if _turn_id(each) == key}
        for n, part in enumerate(parts[1:], start=1):
            if n in there:
                self._edit(message.model_copy(update={"message": str(there[n]["ts"])}), part)
            else:
                self._post(message, part, key, part=n)

    def _respond(self, message: Address, payload: Mapping[str, Any]) -> None:
        parts = list(payload["parts"])
        for n, part in enumerate(parts):
            how: dict[str, Json] = {"response_type": "ephemeral", "replace_original": n == 0}
            try:
                self._calls.respond(_response_url(message), {**part, **how})
            except (Refused, Unavailable) as error:
                _log.info("not said by the response URL", error=str(error))
                user = message.handle.partition("|")[0]
                self._calls.write(
                    "chat.postEphemeral",
                    channel=message.channel,
                    user=user,
                    text=part["text"],
                    blocks=part["blocks"],
                )

    def _thread(self, address: Address) -> Iterator[Mapping[str, Any]]:
        """The messages of a thread, oldest first; none where Slack does not let us read it."""
        cursor = ""
        while True:
            try:
                page = self._calls.read(
                    "conversations.replies",
                    channel=address.channel,
                    ts=address.thread,
                    include_all_metadata=True,
                    limit=_PAGE,
                    **({"cursor": cursor} if cursor else {}),
                )
            except (Refused, Unwelcome, MessageGone) as error:
                _log.warning("the thread cannot be read", error=str(error))
                return
            yield from page.get("messages", [])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return


class SlackSpeaker:
    """Slack as the worker sees it. An update a second keeps one answer well within Slack's limits."""

    pace = 1.0

    def __init__(self, egress: SlackEgress) -> None:
        self.egress = egress
        self.render = SlackRender()


def open_speaker(settings: SlackSettings) -> SlackSpeaker:
    """Slack, spoken with the settings' token.

    Raises:
        Misconfigured: there is no token.
    """
    return SlackSpeaker(SlackEgress(SlackCalls(settings)))


def _metadata(key: str, part: int) -> dict[str, Json]:
    return {"event_type": EVENT_TYPE, "event_payload": {"turn_id": key, "part": part}}


def _payload_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT_TYPE else {}


def _turn_id(message: Mapping[str, Any]) -> str:
    """The turn that a message of ours belongs to: by its metadata, or by a stream's task."""
    tasks = (block.get("task_id") for block in message.get("blocks") or [] if block.get("task_id"))
    return str(_payload_of(message).get("turn_id") or next(tasks, ""))


def _part(message: Mapping[str, Any]) -> int:
    return int(_payload_of(message).get("part", 0))


def _plain(parts: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    pieces = [piece for part in parts for piece in markdown.split(str(part["text"]), _PLAIN_BYTES // 2)]
    return [{"text": piece, "blocks": []} for piece in pieces]


def _response_url(address: Address) -> str:
    return address.handle.partition("|")[2]
