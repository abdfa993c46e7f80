"""`candor ingest`: documents in."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urldefrag

import typer

from bot.outgoing import visible
from cli.bootstrap.channels import open_channels
from cli.bootstrap.library import library
from cli.bootstrap.records import open_records
from cli.bootstrap.whole import OWN_DOCS
from cli.bootstrap.worker import ingester
from cli.coverage import sync_each
from core import log
from core.messages import EVERYONE
from core.settings import HomeSettings
from core.transcripts import Channels
from retrieval.sources import is_channel, is_url
from retrieval.sources.channel import platform_of

app = typer.Typer()

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@app.command()
def ingest(
    paths: list[str] = typer.Argument(
        metavar="PATH_OR_URL...", help="Files, folders, web pages, sitemaps, and channels as slack:CHANNEL."
    ),
    readers: list[str] = typer.Option(
        [EVERYONE], "--readers", help="A group that may read these documents; may be given several times."
    ),
    private: bool = typer.Option(
        False, "--private", help="Take private channels too, for their members alone."
    ),
    every: str = typer.Option(
        "", "--every", help="How often to sync them, such as 30m, 6h or 1d; or never.", metavar="TIME"
    ),
) -> None:
    """Make the index equal to files, folders, web pages, sitemaps and channels."""
    places = [path if _is_channel(path) else _location(path) for path in paths]
    schedule = _schedule(every) if every else None
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    channels = open_channels(records)
    groups = tuple(dict.fromkeys(readers))
    with library(home) as shelf:
        ingesting = ingester(shelf, records, channels)
        chosen = [
            _channel(place, channels, groups, private=private) if _is_channel(place) else (place, groups)
            for place in places
        ]
        sync_each(ingesting, [records.sources.add(location, may, schedule) for location, may in chosen])
        own = records.sources.find(str(OWN_DOCS))
        if own is not None and str(OWN_DOCS) not in places:
            ingesting.remove(own)
            typer.echo("Candor's own documentation is no longer searched.")


def _is_channel(path: str) -> bool:
    return is_channel(path) and not Path(path).exists()


def _channel(
    path: str, channels: Mapping[str, Channels], groups: tuple[str, ...], *, private: bool
) -> tuple[str, tuple[str, ...]]:
    """The location of a channel, which stays when it is renamed, and who may read it."""
    if groups != (EVERYONE,):
        raise typer.BadParameter("who may read a channel is its platform's to say", param_hint="--readers")
    platform, _, name = path.partition(":")
    channel = platform_of(path, channels).channel(name)
    if not channel.public and not private:
        raise typer.BadParameter(
            f"{path} is a private channel; --private has its members, and nobody else, answered from it",
            param_hint="PATH_OR_URL",
        )
    location = f"{platform.casefold()}:{channel.workspace}/{channel.id}"
    typer.echo(visible(f"{location} is {channel.name}"))
    return location, channel.readers


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
