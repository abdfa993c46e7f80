"""`candor people`: who belongs to which reader group."""

import re

import typer

from bot.outgoing import visible
from cli.bootstrap.records import open_records
from core.settings import HomeSettings
from ledger.groups import Groups, Place

app = typer.Typer(no_args_is_help=True, help="Say who belongs to which reader group in a workspace.")

_PLACE = re.compile(r"(?P<platform>[a-z]+):(?P<workspace>[^\s:/]+)")

_At = typer.Option(..., "--at", help="The workspace: its platform and id, such as slack:T0123456.")
_Group = typer.Argument(help="A reader group, as `candor ingest --readers` names it.")


@app.command("list")
def list_(at: str = _At) -> None:
    """List the groups of a workspace and their people."""
    place = _place(at)
    found = _groups().list(place)
    if not found:
        typer.echo(visible(f"No groups at {at} yet. Add one: candor people add GROUP EMAIL --at {at}"))
    for group in found:
        typer.echo(visible(f"{group.name}: {', '.join(group.people)}"))


@app.command()
def add(
    group: str = _Group,
    emails: list[str] = typer.Argument(help="E-mail addresses."),
    at: str = _At,
) -> None:
    """Let people belong to a group."""
    place, groups = _place(at), _groups()
    for email in emails:
        groups.add(place, group, email)
    typer.echo(visible(f"{group}: {len(emails)} added."))


@app.command()
def remove(
    group: str = _Group,
    emails: list[str] = typer.Argument(help="E-mail addresses."),
    at: str = _At,
) -> None:
    """Let people no longer belong to a group."""
    place, groups = _place(at), _groups()
    gone = sum(groups.remove(place, group, email) for email in emails)
    typer.echo(visible(f"{group}: {gone} removed."))


@app.command()
def link(
    person: str = typer.Argument(help="The platform's own id of a person, such as U0123456."),
    email: str = typer.Argument(help="The e-mail address by which groups know them."),
    at: str = _At,
) -> None:
    """Say which e-mail address is somebody's, where the platform does not say it."""
    _groups().link(_place(at), person, email)
    typer.echo(visible(f"{person} is {email}."))


@app.command()
def unlink(
    person: str = typer.Argument(help="The platform's own id of a person, such as U0123456."),
    at: str = _At,
) -> None:
    """Forget which e-mail address was said to be somebody's."""
    known = _groups().unlink(_place(at), person)
    typer.echo(visible(f"{person} is no longer linked." if known else f"{person} was not linked."))


def _groups() -> Groups:
    return open_records(HomeSettings()).groups


def _place(at: str) -> Place:
    found = _PLACE.fullmatch(at)
    if not found:
        raise typer.BadParameter(
            "should be a platform and a workspace, such as slack:T0123456", param_hint="--at"
        )
    return Place(found["platform"], found["workspace"])
