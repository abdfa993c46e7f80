"""What the pipeline tells the asker while it works."""

from typing import Protocol


class Progress(Protocol):
    """The live side of a reply. No call may fail the answer."""

    def status(self, text: str) -> None:
        """Say what is being done, in a few words."""
        ...

    def write(self, text: str) -> None:
        """Show the next piece of the answer: Markdown that has passed the checks that need no model."""
        ...

    def restart(self) -> None:
        """Take back what was written so far: it was no part of the answer."""
        ...
