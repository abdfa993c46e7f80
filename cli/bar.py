"""A bar for work that is counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.outgoing import visible


@contextmanager
def counting_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, moved with how much is done, and of how much; without a screen it stays away."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        row = bar.add_task(visible(label), total=None)

        def move(done: int, total: int) -> None:
            bar.update(row, completed=done, total=total)

        yield move
