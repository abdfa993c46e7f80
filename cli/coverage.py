"""What syncs do and did, for a person to read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.outgoing import visible
from core.errors import CandorError
from ledger.sources import Source
from retrieval.index import Coverage, SyncProgress
from retrieval.sources import count
from workers.ingesting import Ingesting

_SHOWN = 20


def sync_each(ingesting: Ingesting, sources: Sequence[Source]) -> None:
    """Sync sources one after the other and print what was done; one that fails does not stop the rest.

    Raises:
        CandorError: what the failed ones said.
    """
    failures: list[CandorError] = []
    for source in sources:
        try:
            with progress_bar(source.location, count(source.location)) as on_progress:
                coverage = ingesting.sync(source, on_progress, patient=True)
        except CandorError as error:
            failures.append(error)
        else:
            report(source.location, coverage)
    if failures:
        raise CandorError("; ".join(dict.fromkeys(map(str, failures))))


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[SyncProgress], None]]:
    """A bar on stderr that a sync can move; on anything but a screen it stays away.

    Without a total it only shows that something moves, and how far it has come.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        row = bar.add_task(visible(label), total=total)

        def move(progress: SyncProgress) -> None:
            bar.update(row, completed=progress.found)

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
