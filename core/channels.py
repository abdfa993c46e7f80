"""How Candor behaves in one channel, as its admins have set it."""

from enum import StrEnum

from pydantic import Field

from core.messages import Frozen, Manner


class Listening(StrEnum):
    """What Candor takes for a question in a channel. Direct messages and commands are not the channel's."""

    OFF = "off"
    MENTION = "mention"
    FOLLOW = "follow"
    QUESTIONS = "questions"


class ReplyTo(StrEnum):
    """Who sees a reply in a channel: everybody, in the thread, or the asker alone."""

    THREAD = "thread"
    ASKER = "asker"


class ChannelSettings(Frozen):
    """The settings of one channel.

    Attributes:
        listening: which messages are questions: none; those that mention Candor; those, and what follows in a
            thread that it is in; those, and every question that somebody asks in the channel.
        reply_to: who sees the reply.
        manner: what answers rest on, and how they sound.
        experts: who is asked when Candor does not know, by the platform's own id of a group or a channel.
        bots: whether other bots may ask, by mentioning Candor.
    """

    listening: Listening = Listening.FOLLOW
    reply_to: ReplyTo = ReplyTo.THREAD
    manner: Manner = Manner()
    experts: str = Field(default="", max_length=100)
    bots: bool = False
