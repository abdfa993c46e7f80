"""The platforms, one package each: ingress hears, render builds messages, egress sends them."""

from typing import Protocol

from bot.outgoing import Payload
from core.messages import Address, Answer


class Egress(Protocol):
    """The speaking half of a platform."""

    def post(self, address: Address, key: str, payload: Payload) -> Address:
        """Send a new message.

        Args:
            address: the channel or thread.
            key: hidden in the message, so that `find` recognises it.
            payload: what `Render` built, filtered by `bot.outgoing`.

        Returns:
            The address of the message itself.

        Raises:
            Unavailable: the platform does not answer; nothing was sent, or it is not known.
        """
        ...

    def update(self, message: Address, payload: Payload) -> None:
        """Replace a message of ours.

        Raises:
            Unavailable: the platform does not answer.
        """
        ...

    def find(self, address: Address, key: str) -> Address | None:
        """Our message with this key at that address, so that a second attempt can adopt it."""
        ...


class Render(Protocol):
    """The one message builder of a platform."""

    def status(self, text: str) -> Payload:
        """What is being done, in a few words."""
        ...

    def partial(self, markdown: str) -> Payload:
        """The answer as far as it is written."""
        ...

    def answer(self, answer: Answer) -> Payload:
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
