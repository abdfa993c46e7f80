"""The task that shows experts how far a question that was handed to them has come."""

from collections.abc import Mapping
from dataclasses import dataclass

from celery import Celery

from bot.platforms import Cards, Egress
from core import log
from core.errors import CandorError, LedgerUnavailable, Unavailable
from core.messages import Address, Question
from core.queue import ESCALATE, Job
from ledger.escalations import Escalation, Escalations
from ledger.threads import Threads

_log = log.get(__name__)

NOT_ASKED = "I could not reach the people whom I should ask. Please tell the person who runs me."


@dataclass(frozen=True, slots=True)
class Escalating:
    """Brings the cards that experts see in line with the ledger. It can be repeated at any time.

    Attributes:
        escalations: the ledger's book of them.
        threads: where a turn is looked up.
        cards: each platform's way to show cards, by its name.
        egresses: each platform's way to speak to the asker, by its name.
        pause: seconds before another attempt, where the platform does not say how long to wait.
    """

    escalations: Escalations
    threads: Threads
    cards: Mapping[str, Cards]
    egresses: Mapping[str, Egress]
    pause: float = 5.0

    def run(self, turn_id: str) -> None:
        """Show one escalation as it is now, unless its cards do already or another worker is at it."""
        try:
            escalation = self.escalations.take(turn_id)
            if escalation:
                self._show(escalation)
        except LedgerUnavailable as error:
            _log.warning("not shown; the sweep will bring it back", turn=turn_id, error=str(error))

    def _show(self, escalation: Escalation) -> None:
        turn = self.threads.turn(escalation.turn_id)
        if turn is None:
            return
        try:
            reached = self._bring(escalation, turn.question.address)
        except Unavailable as error:
            after = error.after or self.pause
            _log.warning("the experts' cards wait", seconds=after, error=str(error))
            self.escalations.delay(escalation.turn_id, after)
            return
        self.escalations.shown(escalation.turn_id, escalation.revision)
        if not reached and self.escalations.give_up(escalation.turn_id):
            self._tell(turn.question)

    def _bring(self, escalation: Escalation, place: Address) -> bool:
        """Show every card that there should be; whether there is any."""
        cards = self.cards[place.platform]
        there = dict(escalation.cards)
        for recipient in self._recipients(cards, escalation, place.workspace):
            try:
                if message := there.get(recipient) or cards.find(place.workspace, recipient, escalation):
                    cards.update(message, escalation)
                elif escalation.wanted:
                    message = cards.post(place.workspace, recipient, escalation)
                else:
                    continue
            except Unavailable:
                raise
            except CandorError as error:
                _log.error("a card could not be shown", recipient=recipient, error=str(error))
            else:
                there[recipient] = message
                self.escalations.save_card(escalation.turn_id, recipient, message)
        return bool(there)

    def _recipients(self, cards: Cards, escalation: Escalation, workspace: str) -> list[str]:
        """Whoever has a card, and those who should have one; a group may have changed meanwhile."""
        try:
            asked = cards.recipients(workspace, escalation.experts)
        except Unavailable:
            raise
        except CandorError as error:
            _log.error("the experts are not to be found", experts=escalation.experts, error=str(error))
            asked = ()
        return list(dict.fromkeys([*escalation.cards, *asked]))

    def _tell(self, question: Question) -> None:
        alone = question.model_copy(update={"address": question.address.model_copy(update={"handle": ""})})
        try:
            self.egresses[question.address.platform].tell(alone, NOT_ASKED)
        except CandorError as error:
            _log.warning("nor could the asker be told", error=str(error))


def register(app: Celery, escalating: Escalating) -> None:
    """Add the task to an app."""

    def show(job: dict[str, object]) -> None:
        escalating.run(Job.model_validate(job).turn_id)

    app.task(name=ESCALATE)(show)
