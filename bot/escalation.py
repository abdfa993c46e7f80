"""Asking a person: what experts are told, who takes it, and how their answer comes back to the asker."""

import re
from enum import StrEnum
from typing import Final, Protocol

from pydantic import Field, field_validator

from bot.platforms import Cards
from core import log
from core.errors import CandorError
from core.messages import EVERYONE, Address, Answer, Handover, Outcome, Question
from core.queue import Queue, answer_job, escalation_job
from core.secrets import mask
from core.settings import Settings
from ledger.channels import Channels
from ledger.escalations import Escalation, Escalations, State
from ledger.proposals import Proposal
from ledger.turn import Turn

_log = log.get(__name__)

_LONGEST_QUESTION, _LONGEST_ANSWER, _LONGEST_TITLE = 1500, 1000, 120
_TITLES = 3

_PHRASE = re.compile(
    r"(?:please,? )?"
    r"(?:(?:can|could|may) (?:i|you|we) |i (?:want|need) to |i(?: would|'d|’d) like to |let me )?"
    r"(?:please )?(?:ask|talk to|speak to|speak with|get|call) (?:a|an|some) "
    r"(?:real )?(?:person|human|human being|colleague|expert)(?:,? please)?[.!?]*",
    re.IGNORECASE,
)

_STOPPED: Final = {
    Outcome.ABSTAINED: "I found no answer in the documents.",
    Outcome.ANSWERED: "I gave an answer, and was asked for a person all the same.",
    Outcome.REFUSED: "I declined to answer.",
}
_FAILED = "I could not finish an answer."


class EscalationSettings(Settings):
    """Whom to ask when Candor does not know."""

    experts: str = Field(
        default="",
        description="Who is asked for a person, by platform and its own id of a group or channel, such as "
        "slack:C0123456789; several platforms with a comma between. A channel's own settings win.",
    )

    @field_validator("experts")
    @classmethod
    def _names_platforms(cls, value: str) -> str:
        if any(not re.fullmatch(r"[a-z]+:\w+", part.strip()) for part in value.split(",") if part.strip()):
            raise ValueError("should be PLATFORM:ID, such as slack:C0123456789, with commas between")
        return value

    def on(self, platform: str) -> str:
        """The experts of one platform, in its own words; empty where there are none."""
        pairs = (part.strip().partition(":") for part in self.experts.split(","))
        return next((name for where, _, name in pairs if where == platform), "")


class Experts(Protocol):
    """Who knows more than Candor."""

    def of(self, place: Address) -> str:
        """Who is asked for a person in a channel, in the platform's own words; empty where nobody is."""
        ...


class NamedExperts:
    """The experts that a channel's settings name, else those of the whole platform."""

    def __init__(self, settings: EscalationSettings, channels: Channels) -> None:
        self._settings = settings
        self._channels = channels

    def of(self, place: Address) -> str:
        """Who is asked for a person in a channel; empty where nobody is.

        Raises:
            LedgerUnavailable: the ledger does not answer.
        """
        return self._channels.of(place).experts or self._settings.on(place.platform)


class Handed(StrEnum):
    """What became of the wish for a person."""

    NEW = "new"
    REPEATED = "repeated"
    NOBODY = "nobody"


SAID: Final = {
    Handed.NEW: "I have handed your question to people who know more. Their answer comes to you.",
    Handed.REPEATED: "People have this question already. Their answer comes to you.",
    Handed.NOBODY: "Nobody has been named whom I could ask. The people who run me can name somebody.",
}
"""What whoever asked for a person is told."""

CLAIM_FIRST = "Press Claim first: then what you write in this thread goes to whoever asked."
ASK_FIRST = "Ask me your question first. If I don't know, I can hand it to a person."


def asks_for_person(text: str) -> bool:
    """Whether a message asks for a person, and nothing else."""
    return _PHRASE.fullmatch(text.strip()) is not None


def handover(turn: Turn, asker: str) -> Handover:
    """All that experts are told of a turn.

    What was found is named, and an answer told, only where everybody may read what it rests on: experts are
    another audience than the asker's.

    Args:
        turn: one that has ended.
        asker: what people call whoever asks for a person.
    """
    said = turn.answer
    trace = said.trace if said else None
    found = trace.candidates if trace else ()
    titles = dict.fromkeys(each.title[:_LONGEST_TITLE] for each in found if EVERYONE in each.readers)
    public = all(EVERYONE in each.readers for each in found if each.used)
    asking = said is not None and said.confirmation is not None  # a question of Candor's own is no answer
    outcome = Outcome.ABSTAINED if asking else said.outcome if said else Outcome.FAILED
    return Handover(
        question=_cut(turn.question.text, _LONGEST_QUESTION),
        asker=asker,
        outcome=outcome,
        answer=_cut(said.text, _LONGEST_ANSWER) if said and outcome is Outcome.ANSWERED and public else "",
        query=_cut(trace.query, _LONGEST_QUESTION) if trace else "",
        documents=trace.searched_documents if trace else 0,
        nearest=tuple(titles)[:_TITLES],
    )


def why(told: Handover) -> str:
    """Why Candor stopped, in a sentence."""
    return _STOPPED.get(told.outcome, _FAILED)


def searched(told: Handover) -> str:
    """What was searched, in a sentence or two; empty where nothing was."""
    if not told.query:
        return ""
    what = "one document" if told.documents == 1 else f"{told.documents:,} documents"
    nearest = f" The nearest: {', '.join(told.nearest)}." if told.nearest else ""
    return f"I searched {what} for “{told.query}”.{nearest}"


def progress(escalation: Escalation) -> str:
    """How far an escalation has come, for those who were asked."""
    who = escalation.owner_name or "Somebody"
    match escalation.state:
        case State.OPEN:
            return "Nobody has claimed this yet."
        case State.CLAIMED:
            return f"{who} has claimed this. What {who} writes next in this thread goes to whoever asked."
        case State.ANSWERED:
            return f"{who} has answered this."
        case State.WITHDRAWN:
            return "The question was taken back."
        case State.UNDELIVERED:
            return "This could not be handed to everybody who should see it."


class Desk:
    """Hands questions to people and brings their answers back.

    Each method raises LedgerUnavailable where nothing is written down. What it changes, a worker shows: every
    one can be repeated, and none is lost with a process.
    """

    def __init__(self, escalations: Escalations, experts: Experts, queue: Queue) -> None:
        self._escalations = escalations
        self._experts = experts
        self._queue = queue

    def has_experts(self, turn: Turn) -> bool:
        """Whether there is anybody to ask about a turn."""
        return bool(self._experts.of(turn.question.address))

    def hand_over(self, turn: Turn, person: str, name: str) -> Handed:
        """Hand a turn's question to the experts of its channel, once.

        Args:
            turn: one that has ended.
            person: who asks for a person, by the platform's id.
            name: what people call them.
        """
        experts = self._experts.of(turn.question.address)
        if not experts:
            return Handed.NOBODY
        if not self._escalations.open(turn.id, handover(turn, name), experts, person):
            return Handed.REPEATED
        self._show(turn.id)
        return Handed.NEW

    def find(self, turn_id: str) -> Escalation | None:
        """The escalation of a turn, as it is now."""
        return self._escalations.get(turn_id)

    def at(self, place: Address) -> Escalation | None:
        """The escalation whose card has its thread here."""
        return self._escalations.at(place)

    def claim(self, turn_id: str, person: str, name: str) -> Escalation | None:
        """Let a person take a question, if they are the first.

        Returns:
            The escalation as it is now, which says who has it; None where there is none.
        """
        self._escalations.claim(turn_id, person, name)
        # Shown anew even where nothing changed: whoever pressed saw a card that was out of date.
        self._show(turn_id)
        return self._escalations.get(turn_id)

    def answer(self, turn: Turn, person: str, text: str) -> bool:
        """Bring the owner's answer to the asker, in the asker's thread, and keep it as a proposal.

        Args:
            turn: the turn that was handed over.
            person: who answers.
            text: their words.

        Returns:
            False when this person does not own the question, or it has been answered or taken back.
        """
        escalation = self._escalations.get(turn.id)
        words = mask(text.strip())
        if escalation is None or not words:
            return False
        who = escalation.owner_name or "A colleague"
        question = _bringing(turn)
        said = Answer(outcome=Outcome.ESCALATED, text=f"{who} answers:\n\n{words}")
        proposal = Proposal(
            turn_id=turn.id,
            question=turn.question.text,
            text=words,
            author=person,
            author_name=escalation.owner_name,
            readers=turn.question.audience.groups,
            place=turn.question.address,
        )
        brings = self._escalations.answer(turn.id, person, question, said, proposal)
        if brings is None:
            return False
        self._queue.publish(answer_job(brings))
        self._show(turn.id)
        return True

    def withdraw(self, turn_id: str) -> str:
        """Take a question back from the people who have it.

        Returns:
            The turn that brought their answer, or nothing.
        """
        withdrawn = self._escalations.withdraw(turn_id)
        if withdrawn is None:
            return ""
        self._show(turn_id)
        return withdrawn.answered_by

    def take_back(self, turn_id: str, cards: Cards) -> None:
        """Take a question back and empty its cards at once: a worker would find nothing of it any more."""
        self.withdraw(turn_id)
        escalation = self.find(turn_id)
        if escalation is None:
            return
        for card in escalation.cards.values():
            try:
                cards.update(card, escalation)
            except CandorError as error:
                _log.error("a card still shows what is forgotten", channel=card.channel, error=str(error))

    def _show(self, turn_id: str) -> None:
        self._queue.publish(escalation_job(turn_id))


def _bringing(turn: Turn) -> Question:
    """The turn that brings an answer: in the asker's thread, or where only the asker reads.

    A reply that the asker alone saw is past its time by then: what comes now goes to their direct messages,
    which every platform knows by the person's own id.
    """
    asked = turn.question
    alone = Address(
        platform=asked.address.platform, workspace=asked.address.workspace, channel=asked.asker.id
    )
    return Question(
        key=asked.key.model_copy(update={"message": f"escalation:{turn.id}", "version": 0}),
        address=alone if asked.address.handle else asked.address.model_copy(update={"promise": ""}),
        asker=asked.asker,
        text=asked.text,
        audience=asked.audience,
        retry_of=turn.id,
        quoted=bool(asked.address.handle),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
