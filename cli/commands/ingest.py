"""`candor ingest`: documents in."""

from pathlib import Path

import typer

from cli.bootstrap.library import library
from cli.bootstrap.records import open_records
from cli.bootstrap.whole import OWN_DOCS
from cli.bootstrap.worker import ingester
from cli.coverage import progress_bar, report
from core import log
from core.messages import EVERYONE
from core.settings import HomeSettings
from retrieval.loaders import count

app = typer.Typer()


@app.command()
def ingest(
    paths: list[str] = typer.Argument(metavar="PATH...", help="Files and folders of Markdown, text or HTML."),
    readers: list[str] = typer.Option(
        [EVERYONE], "--readers", help="A group that may read these documents; may be given several times."
    ),
) -> None:
    """Make the index equal to files and folders of documents."""
    locations = [_location(path) for path in paths]
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    with library(home) as shelf:
        ingesting = ingester(shelf, records)
        for location in locations:
            source = records.sources.add(str(location), tuple(dict.fromkeys(readers)))
            with progress_bar(location.name, count(location)) as on_progress:
                coverage = ingesting.sync(source, on_progress)
            report(source.location, coverage)
        own = records.sources.find(str(OWN_DOCS))
        if own is not None and OWN_DOCS not in locations:
            ingesting.remove(own)
            typer.echo("Candor's own documentation is no longer searched.")


def _location(path: str) -> Path:
    location = Path(path).expanduser().resolve()
    if not location.exists():
        raise typer.BadParameter(f"there is no file or folder {path}", param_hint="PATH")
    return location
