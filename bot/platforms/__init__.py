"""The platforms, one package each: ingress hears, render builds messages, egress sends them."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bot.outgoing import Payload
from core.messages import Address, Answer, Question
from ledger.escalations import Escalation


class Egress(Protocol):
    """The speaking half of a platform."""

    def post(self, question: Question, key: str, payload: Payload) -> Address:
        """Send the message that will become the reply to a question, or all of the reply at once.

        Args:
            question: what is replied to, and where.
            key: hidden in the message, so that `find` recognises it.
            payload: what `Render` built, filtered by `bot.outgoing`: a status, the text so far, or the end.

        Returns:
            The address of the message itself.

        Raises:
            Unavailable: the platform does not answer; nothing was sent, or it is not known.
            Unwelcome: Candor may not speak there.
        """
        ...

    def update(self, message: Address, payload: Payload) -> None:
        """Replace a message of ours.

        Raises:
            Unavailable: the platform does not answer.
            MessageGone: somebody deleted it.
            Unwelcome: Candor may no longer speak there.
        """
        ...

    def delete(self, message: Address) -> None:
        """Take a message of ours away; one that is gone already is no error.

        Raises:
            Unavailable: the platform does not answer.
        """
        ...

    def tell(self, question: Question, sentence: str) -> None:
        """Say a sentence to the asker alone, where the reply itself cannot be said.

        Raises:
            Unavailable: the platform does not answer.
            Unwelcome: there is no way to the asker either.
        """
        ...

    def find(self, address: Address, key: str) -> Address | None:
        """Our message with this key at that address, so that a second attempt can adopt it."""
        ...


class Cards(Protocol):
    """The half of a platform that hands questions to people: one message, a card, for each recipient.

    Each method raises Unavailable when the platform does not answer, and Unwelcome where Candor may not go.
    """

    def recipients(self, workspace: str, experts: str) -> Sequence[str]:
        """The channels and people that get a card, where `experts` names a channel or a group."""
        ...

    def find(self, workspace: str, recipient: str, escalation: Escalation) -> Address | None:
        """The card that a recipient has already, by what is hidden in it; its thread is where they reply."""
        ...

    def post(self, workspace: str, recipient: str, escalation: Escalation) -> Address:
        """Show a recipient a card; the address's thread is where they reply."""
        ...

    def update(self, message: Address, escalation: Escalation) -> None:
        """Show an escalation as it is now.

        Raises:
            MessageGone: somebody deleted the card.
        """
        ...


class Render(Protocol):
    """The one message builder of a platform. What it builds belongs to one turn, whose id buttons carry."""

    def status(self, text: str, turn_id: str, /) -> Payload:
        """What is being done, in a few words."""
        ...

    def partial(self, markdown: str, turn_id: str, /) -> Payload:
        """The answer as far as it is written."""
        ...

    def answer(self, answer: Answer, turn_id: str, /) -> Payload:
        """The whole answer with its sources."""
        ...


class Speaker(Protocol):
    """What a platform's `egress` module offers to the worker."""

    @property
    def egress(self) -> Egress: ...  # noqa: D102

    @property
    def render(self) -> Render: ...  # noqa: D102

    @property
    def pace(self) -> float:
        """The least number of seconds between two updates of one message."""
        ...


@runtime_checkable
class HandsOver(Protocol):
    """A platform on which questions can be handed to people."""

    @property
    def cards(self) -> Cards: ...  # noqa: D102
