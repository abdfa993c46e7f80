"""Discord's messages as questions: pure functions from what was said to what Candor asks."""

from bot import summaries
from bot.manners import Heard
from bot.platforms.discord import PLATFORM
from bot.platforms.discord.ingress.said import Place, Said
from bot.platforms.discord.places import DIRECT, chain
from bot.platforms.discord.words import plain
from core.messages import Address, Asker, Question, QuestionKey, Task

WHAT_CAN_I_ASK = "What can I ask you?"
"""What somebody asks who mentions Candor and writes nothing else."""

SUMMARISE_FILES = "Summarise this file"
"""What somebody asks who attaches a file and writes nothing else."""


def workspace(place: Place) -> str:
    """The workspace that a place belongs to."""
    return place.guild or DIRECT


def address(place: Place, message: str, *, conversation: str = "") -> Address:
    """The address of a message.

    Args:
        place: where it stands.
        message: its id.
        conversation: the thread of the conversation that it goes on with, where it stands in no thread.
    """
    thread = place.channel if place.parent else conversation
    if not thread and place.guild:
        thread = chain(message)
    return Address(
        platform=PLATFORM,
        workspace=workspace(place),
        channel=place.parent or place.channel,
        thread=thread,
        message=message,
    )


def message_at(place: Place, message: str) -> Address:
    """A message of ours, as the ledger knows replies."""
    return Address(platform=PLATFORM, workspace=workspace(place), channel=place.channel, message=message)


def key(place: Place, message: str, version: int = 0) -> QuestionKey:
    """What makes a message's question unique."""
    return QuestionKey(
        platform=PLATFORM,
        workspace=workspace(place),
        channel=place.channel,
        message=message,
        version=version,
    )


def heard(said: Said, bot: str) -> Heard:
    """What a message is to Candor's manners. Who replies to Candor means it, with or without a ping."""
    return Heard(
        author=said.author,
        text=words(said, bot),
        direct=not said.place.guild,
        named=bot in said.mentions or said.answered == bot,
        others=said.roles or bool(set(said.mentions) - {bot, said.answered}),
        threaded=bool(said.place.parent) and not said.opens,
        opens=said.opens,
        bot=said.bot,
    )


def question(said: Said, bot: str, *, conversation: str = "", version: int = 0) -> Question:
    """The question that a message is, or the summary that its words ask for."""
    span = summaries.wanted(plain(said.text, said.mentions, bot, channels=True))
    return Question(
        key=key(said.place, said.id, version),
        address=address(said.place, said.id, conversation=conversation),
        asker=Asker(id=said.author, name=said.name, bot=said.bot),
        text=words(said, bot) or (SUMMARISE_FILES if said.files else WHAT_CAN_I_ASK),
        files=said.files,
        task=Task.SUMMARIZE if span else Task.ANSWER,
        span=span,
    )


def to_asker(question: Question) -> Question:
    """A question whose reply its asker alone is to see: in their direct messages, without an interaction."""
    address, asker = question.address, question.asker.id
    alone = {"handle": asker, "thread": f"{address.thread}/{asker}"}
    return question.model_copy(update={"address": address.model_copy(update=alone)})


def words(said: Said, bot: str) -> str:
    """What a message says, below the title of the post that it opens."""
    text = plain(said.text, said.mentions, bot)
    return "\n\n".join(part for part in (said.title, text) if part) if said.opens else text
