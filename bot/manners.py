"""Manners in a channel: which of the messages that people and bots write there are meant for Candor."""

import re
from dataclasses import dataclass

from core.channels import ChannelSettings, Listening
from core.messages import Address, Outcome
from ledger.attention import Attention, Heed
from ledger.threads import Threads

MOST_HOPS = 2
"""Questions that bots may ask in one thread before a person has to take part again."""

SWITCHED_OFF = "I am switched off in this channel. An admin of this workspace can change that."

_ASKS = re.compile(r"[?\uff1f\u061f](?=[\s\"'’”»)\]*_]|$)")  # a question mark that ends a word, as in no URL


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as its platform understands it.

    Attributes:
        author: who wrote it, by the platform's own id.
        text: what it says.
        direct: it stands in a conversation between one person and Candor.
        named: it mentions Candor.
        others: it mentions somebody else.
        threaded: it stands below another message.
        opens: it opens a post in a forum, which is there for what somebody wants to know.
        bot: another bot wrote it.
    """

    author: str
    text: str
    direct: bool = False
    named: bool = False
    others: bool = False
    threaded: bool = False
    opens: bool = False
    bot: bool = False


def asks(text: str) -> bool:
    """Whether a text asks something."""
    return _ASKS.search(text) is not None


class Manners:
    """Decides whether a message is a question to Candor.

    A thread that Candor is in is followed without a mention until people talk among themselves there: until
    one names another without naming Candor, or two of them in a row write what asks nothing. What asks
    nothing is taken only from the person whom Candor answered last. A mention brings Candor back.

    Each method raises LedgerUnavailable when the ledger does not answer.
    """

    def __init__(self, threads: Threads, attention: Attention) -> None:
        self._threads = threads
        self._attention = attention

    def heeds(self, place: Address, heard: Heard, settings: ChannelSettings) -> bool:
        """Whether a message is meant for Candor; what this says of its thread is kept."""
        if heard.direct:
            return not heard.bot
        if settings.listening is Listening.OFF:
            return False
        if heard.bot:
            return settings.bots and heard.named and self._threads.hops(place, MOST_HOPS) < MOST_HOPS
        if heard.named:
            self._listen_again(place, heard)
            return True
        return self._heeds_unnamed(place, heard, settings.listening)

    def _heeds_unnamed(self, place: Address, heard: Heard, listening: Listening) -> bool:
        if listening is Listening.MENTION:
            return False
        if heard.threaded:
            return self._follows(place, heard)
        return listening is Listening.QUESTIONS and not heard.others and (heard.opens or asks(heard.text))

    def _listen_again(self, place: Address, heard: Heard) -> None:
        if heard.threaded and self._attention.of(place) != Heed():
            self._attention.set(place, Heed())

    def _follows(self, place: Address, heard: Heard) -> bool:
        last = self._threads.latest(place)
        silent = last is not None and last.question.unasked and last.reply is None
        if last is None or silent or last.state == Outcome.WITHDRAWN:
            return False
        before = self._attention.of(place)
        if before.hushed:
            return False
        after, meant = _next(before, heard, answered=last.question.asker.id)
        if after != before:
            self._attention.set(place, after)
        return meant


def _next(before: Heed, heard: Heard, *, answered: str) -> tuple[Heed, bool]:
    """How it stands with a thread after a message that does not mention Candor, and whether it is meant."""
    if heard.others:
        return Heed(hushed=True), False
    if asks(heard.text):
        return Heed(), True
    if before.talker and before.talker != heard.author:
        return Heed(hushed=True), False
    if not before.talker and heard.author == answered:
        return before, True
    return Heed(talker=heard.author), False
