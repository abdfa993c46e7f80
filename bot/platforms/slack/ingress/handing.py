"""Asking a person in Slack: the buttons, the phrase, the consent, the claim and the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.books import Books
from bot.escalation import ASK_FIRST, CLAIM_FIRST, SAID, Desk, Handed, asks_for_person, handover, progress
from bot.outgoing import Payload
from bot.platforms.slack.handover import WORDS, answer_view, consent_view, offer
from bot.platforms.slack.ingress import bodies
from bot.platforms.slack.ingress.bodies import Body
from core import log
from core.messages import Address, Question
from ledger.escalations import Escalation, State
from ledger.turns import Turn

_log = log.get(__name__)

GONE = "This question is no longer open."


@dataclass(frozen=True, slots=True)
class Response:
    """What whoever pressed sees: a sentence for them alone, a modal, or neither."""

    sentence: str = ""
    view: Payload | None = None


class Handing:
    """What people do to reach a person, and what experts do with a question.

    Each method raises LedgerUnavailable where nothing is written down.
    """

    def __init__(self, books: Books, desk: Desk, is_public: Callable[[Address], bool]) -> None:
        """Stand between Slack and the desk.

        Args:
            books: the ledger.
            desk: where questions are handed to people.
            is_public: whether everybody in its workspace may read an address's channel; what cannot be found
                out is not public.
        """
        self._turns = books.turns
        self._threads = books.threads
        self._desk = desk
        self._is_public = is_public

    def wanted(self, body: Body) -> Response:
        """Hand the question of a reply to people, or ask for consent where it was asked in private."""
        turn = self._pressed(body)
        if turn is None:
            return Response()
        if not self._desk.has_experts(turn):
            return Response(SAID[Handed.NOBODY])
        if self._desk.find(turn.id):
            return Response(SAID[Handed.REPEATED])
        if self._is_private(turn):
            return Response(view=consent_view(handover(turn, bodies.name(body)), turn.id))
        return Response(SAID[self._desk.hand_over(turn, bodies.person(body), bodies.name(body))])

    def consented(self, body: Body) -> None:
        """Hand over what the modal has shown."""
        turn = self._turns.get(str(body["view"].get("private_metadata", "")))
        if turn and turn.answer and turn.question.key.workspace == bodies.workspace(body):
            self._desk.hand_over(turn, bodies.person(body), bodies.name(body))

    def asked_in_words(self, question: Question, *, direct: bool) -> Payload | None:
        """What is said to somebody who asks for a person in words; None where a message does not."""
        if not asks_for_person(question.text):
            return None
        turn = self._threads.latest(question.address)
        if turn is None and direct:
            turn = self._threads.latest_in(question.address)
        if turn is None or turn.answer is None:
            return {"text": ASK_FIRST}
        if not self._desk.has_experts(turn):
            return {"text": SAID[Handed.NOBODY]}
        if self._desk.find(turn.id):
            return {"text": SAID[Handed.REPEATED]}
        if self._is_private(turn):
            return offer(turn.id)
        return {"text": SAID[self._desk.hand_over(turn, question.asker.id, question.asker.name)]}

    def claimed(self, body: Body) -> Response:
        """Let whoever pressed take the question, if they are the first."""
        if self._card(body) is None:
            return Response()
        escalation = self._desk.claim(bodies.value(body), bodies.person(body), bodies.name(body))
        if escalation is None or escalation.owner == bodies.person(body):
            return Response()
        return Response(progress(escalation) if escalation.owner else GONE)

    def answering(self, body: Body) -> Response:
        """Open the modal for the owner's answer."""
        escalation = self._card(body)
        if escalation is None:
            return Response()
        if escalation.state is not State.CLAIMED or escalation.owner != bodies.person(body):
            return Response(progress(escalation))
        return Response(view=answer_view(escalation.handover, escalation.turn_id))

    def answered(self, body: Body) -> bool:
        """Bring what the owner wrote in the modal to the asker; False where it is no longer theirs."""
        turn = self._turns.get(str(body["view"].get("private_metadata", "")))
        written = (body["view"]["state"]["values"].get(WORDS) or {}).get(WORDS, {}).get("value") or ""
        if turn is None or turn.question.key.workspace != bodies.workspace(body):
            return False
        return self._desk.answer(turn, bodies.person(body), str(written))

    def replied(self, place: Address, person: str, text: str) -> str | None:
        """Take a message in a card's thread: the owner's is the answer, others are people's talk.

        Returns:
            What to tell its writer alone, often nothing; None where this is no card's thread.
        """
        escalation = self._desk.at(place)
        if escalation is None:
            return None
        if escalation.state is State.OPEN:
            return CLAIM_FIRST
        turn = self._threads.turn(escalation.turn_id)
        if turn and escalation.state is State.CLAIMED and escalation.owner == person:
            self._desk.answer(turn, person, text)
        return ""

    def withdrawn(self, turn: Turn) -> Turn | None:
        """Take a deleted question back; the turn that had brought an answer, if there was one."""
        brought = self._desk.withdraw(turn.id)
        return self._threads.turn(brought) if brought else None

    def outdated(self, turn: Turn) -> None:
        """Take an edited question back, unless it has been answered: experts see its old words."""
        found = self._desk.find(turn.id)
        if found and found.wanted:
            self._desk.withdraw(turn.id)

    def _is_private(self, turn: Turn) -> bool:
        address = turn.question.address
        return bool(address.handle) or not self._is_public(address)

    def _pressed(self, body: Body) -> Turn | None:
        """The turn that a button of a reply names, if it has its answer and belongs where it was pressed."""
        turn = self._turns.get(bodies.value(body))
        if turn is None or turn.answer is None:
            return None
        places = {turn.question.key.channel, turn.reply.channel if turn.reply else ""}
        here = (turn.question.key.workspace == bodies.workspace(body)) and bodies.channel(body) in places
        if not here:
            _log.warning("a button of no turn here", turn=turn.id)
        return turn if here else None

    def _card(self, body: Body) -> Escalation | None:
        """The escalation that a card's button names, if its cards stand where it was pressed.

        In the experts' channel the ledger need not know the card yet: somebody can be quicker than that.
        """
        escalation = self._desk.find(bodies.value(body))
        if escalation is None:
            return None
        here = (bodies.workspace(body), bodies.channel(body))
        turn = self._threads.turn(escalation.turn_id)
        places = {(each.workspace, each.channel) for each in escalation.cards.values()}
        if turn:
            places.add((turn.question.key.workspace, escalation.experts))
        if here not in places:
            _log.warning("a button of no card here", turn=escalation.turn_id)
            return None
        return escalation
