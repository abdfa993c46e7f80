"""What the pipeline tells the asker while it works."""

from typing import Protocol


class Progress(Protocol):
    """The live side of a reply. Neither call may fail the answer."""

    def status(self, text: str) -> None:
        """Say what is being done, in a few words."""
        ...

    def write(self, text: str) -> None:
        """Show the next piece of the answer: Markdown that has passed the checks that need no model."""
        ...
