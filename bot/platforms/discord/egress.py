"""Discord's speaking half: one reply for each turn, edited as it is written, over plain HTTP."""

import datetime as dt
import hashlib
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.outgoing import Json, Payload
from bot.platforms.discord.calls import DiscordCalls, PromiseDead, Refused
from bot.platforms.discord.cards import DiscordCards
from bot.platforms.discord.limits import Limits
from bot.platforms.discord.places import channel_of, message_at
from bot.platforms.discord.render import PART, DiscordRender, introduction
from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.discord.words import moment
from core import log
from core.errors import MessageGone, Unwelcome
from core.messages import Address, Question
from core.pacing import Pacer

_log = log.get(__name__)

_EPHEMERAL = 1 << 6
_LOOKED_THROUGH = 50
_FIRST_ANSWER_SECONDS, _LOOK_SECONDS = 3.0, 0.1
_REMEMBERED = 1000

PACE = 1.0
"""Seconds between two edits of one message: Discord takes about five in five seconds in a channel."""


class DiscordEgress:
    """Sends what `DiscordRender` builds.

    An address with a promise is one that an interaction left: the reply takes the place of what it shows
    meanwhile, for which its token is enough. When the token is dead, the message is edited as the bot's own
    or said in the channel; one that the asker alone sees goes to their direct messages.
    """

    def __init__(self, calls: DiscordCalls) -> None:
        self._calls = calls
        # Posted here and not finished: no further part stands below them.
        self._fresh: deque[str] = deque(maxlen=_REMEMBERED)
        # When a message was last edited to show a status, in seconds of the monotonic clock.
        self._shown: dict[str, float] = {}
        # A promise that Discord has refused once is not asked for again.
        self._dead: deque[str] = deque(maxlen=_REMEMBERED)

    def post(self, question: Question, key: str, payload: Payload) -> Address:
        """Keep an interaction's promise, else post a message that replies to the question."""
        if question.address.channel == question.asker.id:
            alone = question.address.model_copy(update={"channel": self._direct(question.asker.id)})
            question = question.model_copy(update={"address": alone})
        address = question.address
        parts = _parts(payload, alone=bool(address.handle))
        if address.promise:
            try:
                sent = message_at(address, self._keep(question, parts[0]))
            except PromiseDead as error:
                _log.info("said without the interaction", error=str(error))
                address = self._without_promise(question)
            else:
                return self._posted(sent, payload, key)
        elif address.handle:
            address = self._without_promise(question)
        message = self._create(
            address, parts[0], _nonce(key, payload), self._reference(question, address, key)
        )
        return self._posted(message, payload, key)

    def update(self, message: Address, payload: Payload) -> None:
        """Show what the payload says: a status, the text so far, or the whole answer."""
        if "parts" in payload:
            self._finish(message, payload)
        elif "status" not in payload or self._is_due(message):
            self._edit(message, payload, spare=1)

    def find(self, address: Address, key: str) -> Address | None:
        """Our message whose buttons carry this turn's id; a promise is kept again instead of looked for."""
        if address.handle or (address.promise and address.promise not in self._dead):
            return None
        try:
            said = self._later(address.model_copy(update={"promise": ""}), address.message)
        except Unwelcome as error:
            # Nor may be known where a person's direct messages are; the nonce keeps a post from its repeat.
            _log.info("no reply to be found", error=str(error))
            return None
        for each in said:
            named = [name for name in _custom_ids(each) if name.endswith(f":{key}")]
            if named and not named[0].startswith(PART):
                return message_at(address.model_copy(update={"promise": ""}), each)
        return None

    def delete(self, message: Address) -> None:
        """Take a message of ours away, with its further parts."""
        try:
            for part in self._further(message).values():
                self._calls.do("DELETE", _path(part))
            if message.handle:
                self._calls.do("DELETE", f"/webhooks/{message.promise}/messages/@original")
            else:
                self._calls.do("DELETE", _path(message))
        except (MessageGone, Unwelcome, Refused) as error:
            _log.info("nothing to delete", error=str(error))

    def tell(self, question: Question, sentence: str) -> None:
        """Say a sentence to the asker: in what their interaction shows, else in their direct messages."""
        said: Payload = {"content": sentence, "components": []}
        if question.address.promise:
            with suppress(MessageGone):
                self._promised(question.address, "PATCH", "/messages/@original", said)
                return
        self._calls.say("POST", f"/channels/{self._direct(question.asker.id)}/messages", said)

    def say(self, address: Address, sentence: str) -> None:
        """Say a sentence in reply to a message, which no turn stands for."""
        self._create(address, {"content": sentence}, _nonce(address.message, {}), address.message)

    def _is_due(self, message: Address) -> bool:
        """Whether a status may be shown: edits are few, and the answer needs them more."""
        now, shown = time.monotonic(), self._shown.get(message.message, 0.0)
        if now - shown < PACE:
            return False
        self._shown[message.message] = now
        return True

    def _posted(self, message: Address, payload: Payload, key: str) -> Address:
        if "parts" in payload:
            self._show_further(message, _parts(payload, alone=bool(message.handle)), {}, key)
        else:
            if len(self._shown) >= _REMEMBERED:
                self._shown.clear()
            self._shown[message.message] = time.monotonic()
            self._fresh.append(message.message)
        return message

    def _without_promise(self, question: Question) -> Address:
        """Where a reply goes whose interaction is over."""
        alone = {"promise": "", "handle": ""}
        if question.address.handle:
            channel = self._direct(question.asker.id)
            alone |= {"channel": channel, "thread": "", "message": ""}
        return question.address.model_copy(update=alone)

    def _direct(self, person: str) -> str:
        return str(self._calls.do("POST", "/users/@me/channels", {"recipient_id": person})["id"])

    def _reference(self, question: Question, address: Address, key: str) -> str:
        """The message to reply to: the question's own, or one that quotes it where nobody saw it asked."""
        if address.message and not question.quoted:
            return address.message
        nonce = _nonce(f"{key}/quoted", {})
        return self._create(address, introduction(question), nonce, address.message).message

    def _create(self, address: Address, part: Mapping[str, Json], nonce: str, reference: str) -> Address:
        more: dict[str, Any] = {"nonce": nonce, "enforce_nonce": True}
        if reference:
            more["message_reference"] = {"message_id": reference, "fail_if_not_exists": False}
        sent = self._calls.say("POST", f"/channels/{channel_of(address)}/messages", part, **more)
        return message_at(address, sent)

    def _keep(self, question: Question, part: Mapping[str, Json]) -> dict[str, Any]:
        """Say something in place of what an interaction shows.

        A worker can be quicker than the ingress: until its first answer has come, Discord knows of nothing
        to replace. That is waited for as long as Discord waits itself.
        """
        address, young = question.address, _is_young(question)
        until = time.monotonic() + _FIRST_ANSWER_SECONDS
        while young and address.promise not in self._dead and time.monotonic() < until:
            try:
                return self._calls.say("PATCH", f"/webhooks/{address.promise}/messages/@original", part)
            except PromiseDead as error:
                if not error.unknown:
                    break
            except MessageGone as error:
                _log.debug("nothing is shown yet", error=str(error))
            time.sleep(_LOOK_SECONDS)
        return self._promised(address, "PATCH", "/messages/@original", part)

    def _promised(
        self, address: Address, method: str, path: str, part: Mapping[str, Json], **more: Any
    ) -> dict[str, Any]:
        if address.promise in self._dead:
            raise PromiseDead("the interaction is over")
        try:
            return self._calls.say(method, f"/webhooks/{address.promise}{path}", part, **more)
        except PromiseDead:
            self._dead.append(address.promise)
            raise

    def _edit(self, message: Address, part: Mapping[str, Json], *, spare: int = 0) -> None:
        body = {"content": part["content"], "components": part["components"]}
        if message.promise and message.promise not in self._dead:
            try:
                self._promised(message, "PATCH", "/messages/@original", body, spare=spare)
            except PromiseDead:
                if message.handle:
                    raise
            else:
                return
        elif message.handle:
            raise PromiseDead("the interaction is over")
        self._calls.say("PATCH", _path(message), body, spare=spare)

    def _finish(self, message: Address, payload: Payload) -> None:
        parts, there = _parts(payload, alone=bool(message.handle)), self._further(message)
        with suppress(ValueError):
            self._fresh.remove(message.message)
        self._edit(message, parts[0])
        self._show_further(message, parts, there, str(payload["turn_id"]))

    def _show_further(
        self, message: Address, parts: list[Mapping[str, Json]], there: dict[int, Address], key: str
    ) -> None:
        """Make messages below ours say the further parts; what is left over of an earlier reply goes."""
        for n, part in enumerate(parts[1:], start=1):
            marked = {**part, "components": _marked(part["components"], n, message.message)}
            if n in there:
                self._edit(there.pop(n), marked)
            elif message.handle:
                self._promised(message, "POST", "", {**marked, "flags": _EPHEMERAL})
            else:
                self._create_further(message, marked, _nonce(f"{key}/{message.message}/{n}", {}))
        for stale in there.values():
            self._calls.do("DELETE", _path(stale))

    def _create_further(self, message: Address, part: Mapping[str, Json], nonce: str) -> None:
        """Post a part in the channel, where its repeat is recognised; by the promise where we may not."""
        try:
            self._create(message, part, nonce, "")
        except Unwelcome:
            if not message.promise:
                raise
            self._promised(message, "POST", "", part)

    def _further(self, message: Address) -> dict[int, Address]:
        """The further parts of a long reply, whichever turn they were written for."""
        if message.handle or message.message in self._fresh:
            return {}
        found = {}
        for each in self._later(message, message.message):
            for name in _custom_ids(each):
                kind, _, rest = name.partition(":")
                number, _, of = rest.partition(":")
                if kind == PART and of == message.message:
                    found[int(number)] = message_at(message.model_copy(update={"promise": ""}), each)
        return found

    def _later(self, address: Address, message: str) -> list[Mapping[str, Any]]:
        """What was said at a place after a message, oldest first; the last of it where there is none."""
        query = {"after": message} if message.isdecimal() else {}
        said = self._calls.read(f"/channels/{channel_of(address)}/messages", limit=_LOOKED_THROUGH, **query)
        return sorted(said or [], key=lambda each: int(each["id"]))


class DiscordSpeaker:
    """Discord as the worker sees it. An edit a second keeps one answer well within Discord's limits."""

    pace = PACE

    def __init__(self, egress: DiscordEgress, cards: DiscordCards) -> None:
        self.egress = egress
        self.cards = cards
        self.render = DiscordRender()


def open_speaker(settings: DiscordSettings, pacer: Pacer | None = None) -> DiscordSpeaker:
    """Discord, spoken with the bot's token, at a pace that is kept with other processes where there is one.

    Raises:
        Misconfigured: there is no token.
    """
    calls = DiscordCalls(settings, Limits(pacer))
    return DiscordSpeaker(DiscordEgress(calls), DiscordCards(calls))


def _parts(payload: Payload, *, alone: bool = False) -> list[Mapping[str, Any]]:
    parts, below = payload.get("parts"), payload.get("alone") if alone else None
    if isinstance(parts, list):
        found: list[dict[str, Any]] = [dict(part) for part in parts if isinstance(part, Mapping)]
        if isinstance(below, list):
            found[-1]["components"] = [*found[-1]["components"], *below]
        return [*found]
    return [{"content": payload["content"], "components": payload["components"]}]


def _is_young(question: Question) -> bool:
    """Whether the interaction that asked may still wait for its first answer, by its id."""
    name = question.key.message
    age = dt.datetime.now(dt.UTC) - moment(name) if name.isdecimal() else dt.timedelta.max
    return age.total_seconds() < _FIRST_ANSWER_SECONDS


def _nonce(key: str, payload: Payload) -> str:
    """What Discord knows a repeated post by. A reply that is said anew is no repeat of its placeholder."""
    kind = "whole" if "parts" in payload else "begun"
    return hashlib.sha256(f"{key}/{kind}".encode()).hexdigest()[:24]


def _marked(components: Any, n: int, message: str) -> list[Json]:
    """Components whose mark of a part names the message that the part belongs to."""
    mark = f"{PART}:{n}"
    return [
        {
            **row,
            "components": [
                {**each, "custom_id": f"{mark}:{message}"}
                if each["custom_id"].startswith(f"{mark}:")
                else each
                for each in row["components"]
            ],
        }
        for row in components
    ]


def _custom_ids(message: Mapping[str, Any]) -> list[str]:
    return [
        str(each.get("custom_id", ""))
        for row in message.get("components") or []
        for each in row.get("components") or []
    ]


def _path(message: Address) -> str:
    return f"/channels/{channel_of(message)}/messages/{message.message}"
