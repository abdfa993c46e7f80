"""`candor sources`: what was ingested."""

import typer

from bot.outgoing import visible
from cli.bootstrap.channels import open_channels
from cli.bootstrap.library import library
from cli.bootstrap.records import Records, open_records
from cli.bootstrap.worker import ingester
from cli.coverage import sync_each
from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
from ledger.sources import Source

app = typer.Typer(no_args_is_help=True, help="List, sync or remove what was ingested.")


@app.command("list")
def list_() -> None:
    """List the sources."""
    sources = open_records(HomeSettings()).sources.list()
    if not sources:
        typer.echo("No sources yet. Add one: candor ingest PATH")
    for source in sources:
        synced = f"{source.synced_at:%Y-%m-%d %H:%M}" if source.synced_at else "never"
        counts = source.report
        state = f"{counts['found']} documents, {counts['chunks']} chunks" if counts else "not finished"
        readers = ", ".join(source.readers)
        notes = f"{state}; readers: {readers}; synced {synced}{_schedule(source)}"
        typer.echo(visible(f"{source.id}  {source.location}  ({notes})"))


@app.command()
def sync(source: str = typer.Argument("", help="A source's id or location; without it, all.")) -> None:
    """Make the index equal to the sources again."""
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    chosen = [_named(records, source)] if source else records.sources.list()
    if not chosen:
        typer.echo("No sources yet. Add one: candor ingest PATH")
        return
    with library(home) as shelf:
        sync_each(ingester(shelf, records, open_channels(records)), chosen)


@app.command()
def remove(source: str = typer.Argument(help="A source's id or location.")) -> None:
    """Take a source and its documents out of the index."""
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    chosen = _named(records, source)
    with library(home) as shelf:
        ingester(shelf, records, open_channels(records)).remove(chosen)
    typer.echo(visible(f"Removed {chosen.location}."))


def _schedule(source: Source) -> str:
    """How often a source is synced, where it has a schedule of its own."""
    if source.every is None:
        return ""
    minutes = round(source.every.total_seconds() / 60)
    return f"; every {minutes} min" if minutes else "; not on schedule"


def _named(records: Records, name: str) -> Source:
    source = records.sources.find(name)
    if source is None:
        raise Misconfigured(f"there is no source {name!r}: `candor sources list` shows those there are")
    return source
