"""What a sync did, for a person to read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.outgoing import visible
from retrieval.index import Coverage, SyncProgress

_SHOWN = 20


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[SyncProgress], None]]:
    """A bar on stderr that a sync can move; on anything but a screen it stays away."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        row = bar.add_task(visible(label), total=total)

        def move(progress: SyncProgress) -> None:
            bar.update(row, completed=progress.found, total=total)

        yield move


def report(location: str, coverage: Coverage) -> None:
    """Print the coverage of one source."""
    typer.echo(
        visible(
            f"{location}: {coverage.found} found, {coverage.indexed} indexed, "
            f"{coverage.unchanged} unchanged, {coverage.deleted} deleted, "
            f"{len(coverage.skipped)} skipped; {coverage.chunks} chunks"
        )
    )
    for item in coverage.skipped[:_SHOWN]:
        typer.echo(visible(f"  skipped {item.path}: {item.reason}"))
    if len(coverage.skipped) > _SHOWN:
        typer.echo(f"  and {len(coverage.skipped) - _SHOWN} more")
