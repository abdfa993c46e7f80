"""`candor ingest`: documents in."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urldefrag

import typer

from cli.bootstrap.library import library
from cli.bootstrap.records import open_records
from cli.bootstrap.whole import OWN_DOCS
from cli.bootstrap.worker import ingester
from cli.coverage import sync_each
from core import log
from core.messages import EVERYONE
from core.settings import HomeSettings
from retrieval.sources import is_url

app = typer.Typer()

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@app.command()
def ingest(
    paths: list[str] = typer.Argument(
        metavar="PATH_OR_URL...", help="Files, folders, web pages and sitemaps."
    ),
    readers: list[str] = typer.Option(
        [EVERYONE], "--readers", help="A group that may read these documents; may be given several times."
    ),
    every: str = typer.Option(
        "", "--every", help="How often to sync them, such as 30m, 6h or 1d; or never.", metavar="TIME"
    ),
) -> None:
    """Make the index equal to files, folders, web pages and sitemaps."""
    locations = [_location(path) for path in paths]
    schedule = _schedule(every) if every else None
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    with library(home) as shelf:
        ingesting = ingester(shelf, records)
        groups = tuple(dict.fromkeys(readers))
        sync_each(ingesting, [records.sources.add(location, groups, schedule) for location in locations])
        own = records.sources.find(str(OWN_DOCS))
        if own is not None and str(OWN_DOCS) not in locations:
            ingesting.remove(own)
            typer.echo("Candor's own documentation is no longer searched.")


def _location(path: str) -> str:
    if is_url(path):
        return urldefrag(path).url
    location = Path(path).expanduser().resolve()
    if not location.exists():
        raise typer.BadParameter(f"there is no file or folder {path}", param_hint="PATH_OR_URL")
    return str(location)


def _schedule(every: str) -> timedelta:
    match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", every)
    if every == "never":
        return timedelta()
    if match is None:
        raise typer.BadParameter(f"{every} is no time; write 30m, 6h, 1d or never", param_hint="--every")
    return int(match[1]) * _UNITS[match[2]]
