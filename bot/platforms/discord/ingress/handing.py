"""Asking a person on Discord: the button, the consent, the claim and the answer."""

from collections.abc import Callable, Mapping

from bot.books import Books
from bot.escalation import SAID, Desk, Handed, handover
from bot.outgoing import Payload
from bot.platforms.discord.cards import DiscordCards
from bot.platforms.discord.handover import ASK_PERSON, CLAIM, CONSENT, EXPERT, consent, progress
from bot.platforms.discord.ingress import forms
from bot.platforms.discord.ingress.interaction import EPHEMERAL, Interaction, Reaction, named, say
from core import log
from ledger.escalations import Escalation, State
from ledger.turns import Turn

_log = log.get(__name__)

GONE = "This question is no longer open."
SENT = "Sent. What they answer comes to you."

_WORDS, _LONGEST_WORDS = "words", 3000


class Handing:
    """What people do to reach a person, and what experts do with a question.

    Each method raises LedgerUnavailable where nothing is written down.
    """

    def __init__(self, books: Books, desk: Desk, cards: DiscordCards) -> None:
        """Stand between Discord and the desk.

        Args:
            books: the ledger.
            desk: where questions are handed to people.
            cards: what experts see of a question.
        """
        self._threads = books.threads
        self._desk = desk
        self._cards = cards
        self.of_turns: Mapping[str, Callable[[Interaction, Turn], Payload]] = {
            ASK_PERSON: self._wanted,
        }
        self.buttons: Mapping[str, Callable[[Interaction], Payload]] = {
            CONSENT: self._consented,
            CLAIM: self._claimed,
            EXPERT: self._answering,
        }
        self.forms: Mapping[str, Callable[[Interaction], Payload]] = {EXPERT: self._answered}

    def withdrawn(self, turn: Turn) -> Turn | None:
        """Take a deleted question back; the turn that had brought an answer, if there was one."""
        brought = self._desk.withdraw(turn.id)
        return self._threads.turn(brought) if brought else None

    def take_back(self, turn_id: str) -> None:
        """Take a question back that is to be forgotten, and empty its cards."""
        self._desk.take_back(turn_id, self._cards)

    def outdated(self, turn: Turn) -> None:
        """Take an edited question back, unless it has been answered: experts see its old words."""
        found = self._desk.find(turn.id)
        if found and found.wanted:
            self._desk.withdraw(turn.id)

    def _wanted(self, interaction: Interaction, turn: Turn) -> Payload:
        """Hand the question of a reply to people, or ask for consent where it was asked in private."""
        if turn.answer is None or not self._desk.has_experts(turn):
            return say(SAID[Handed.NOBODY])
        if self._desk.find(turn.id):
            return say(SAID[Handed.REPEATED])
        address = turn.question.address
        if address.handle or not self._cards.is_public(address):
            shown = consent(handover(turn, interaction.name), turn.id)
            return {"type": Reaction.SAY, "data": {**shown, "flags": EPHEMERAL}}
        return say(SAID[self._desk.hand_over(turn, interaction.person, interaction.name)])

    def _consented(self, interaction: Interaction) -> Payload:
        """Hand over what somebody has been shown. Nobody else saw that message, nor can they press it."""
        turn = self._threads.turn(named(interaction)[1])
        if turn is None or turn.answer is None or not interaction.private:
            return say(GONE)
        handed = self._desk.hand_over(turn, interaction.person, interaction.name)
        said = SENT if handed is Handed.NEW else SAID[handed]
        return {"type": Reaction.UPDATE, "data": {"content": said, "components": []}}

    def _claimed(self, interaction: Interaction) -> Payload:
        """Let whoever pressed take the question, if they are the first."""
        if self._card(interaction) is None:
            return say(GONE)
        turn_id = named(interaction)[1]
        found = self._desk.claim(turn_id, interaction.person, interaction.name)
        if found and found.owner == interaction.person:
            return {"type": Reaction.DEFER_UPDATE}
        return say(progress(found) if found and found.owner else GONE)

    def _answering(self, interaction: Interaction) -> Payload:
        """Open the form for the owner's answer."""
        found = self._card(interaction)
        if found is None:
            return say(GONE)
        if found.state is not State.CLAIMED or found.owner != interaction.person:
            return say(progress(found))
        field = forms.text(
            _WORDS, "What you write goes to whoever asked.", most=_LONGEST_WORDS, long=True, required=True
        )
        form = forms.form(f"{EXPERT}:{found.turn_id}", "Your answer", field)
        return {"type": Reaction.FORM, "data": form}

    def _answered(self, interaction: Interaction) -> Payload:
        """Bring what the owner wrote to the asker."""
        found = self._card(interaction)
        turn = self._threads.turn(found.turn_id) if found else None
        written = " ".join(forms.filled_in(interaction.data).get(_WORDS, ()))
        if turn is None or not self._desk.answer(turn, interaction.person, written):
            return say(GONE)
        return {"type": Reaction.DEFER_UPDATE}

    def _card(self, interaction: Interaction) -> Escalation | None:
        """The escalation that a card names, if its cards stand where it was pressed.

        In the experts' channel the ledger need not know the card yet: somebody can be quicker than that.
        """
        found = self._desk.find(named(interaction)[1])
        if found is None:
            return None
        if interaction.place.channel not in {found.experts, *(card.channel for card in found.cards.values())}:
            _log.warning("a button of no card here", turn=found.turn_id)
            return None
        return found
