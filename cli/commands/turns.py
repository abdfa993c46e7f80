"""`candor turns`: what was asked and what became of it."""

import json

import typer

from bot.outgoing import visible
from cli import tracing
from cli.bootstrap.records import open_records
from cli.turn_json import as_object
from core.errors import Misconfigured
from core.messages import Outcome
from core.settings import HomeSettings
from ledger.turns import Turn, Turns

app = typer.Typer(no_args_is_help=True, help="List, show or redrive questions and their outcomes.")

_TEXT = 70


@app.command("list")
def list_(
    limit: int = typer.Option(20, "--limit", min=1, max=1000, help="How many, newest first."),
    outcome: Outcome = typer.Option(None, "--outcome", help="Only turns that ended so."),
    as_json: bool = typer.Option(False, "--json", help="Print a JSON list instead of text."),
) -> None:
    """List the latest turns."""
    turns = open_records(HomeSettings()).turns.recent(limit, outcome)
    if as_json:
        typer.echo(json.dumps([as_object(turn) for turn in turns], ensure_ascii=False, indent=2))
        return
    for turn in turns:
        asked = f"{turn.received_at:%Y-%m-%d %H:%M:%S}"
        text = " ".join(turn.question.text.split())[:_TEXT]
        typer.echo(visible(f"{turn.id}  {asked}  {turn.state:<9}  {text}"))


@app.command()
def show(
    turn: str = typer.Argument(help="A turn's id, or its first six characters or more."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object instead of text."),
) -> None:
    """Show one turn: question, answer, and why it is as it is."""
    found = _named(open_records(HomeSettings()).turns, turn)
    if as_json:
        typer.echo(json.dumps(as_object(found), ensure_ascii=False, indent=2))
        return
    typer.echo(visible(f"Question: {found.question.text}\n"))
    if found.answer:
        typer.echo(visible(f"{found.answer.text}\n"))
        typer.echo(tracing.why(found))
    else:
        typer.echo(visible(f"Turn {found.id}: {found.state}, attempt {found.attempt}. {found.error}"))


@app.command()
def redrive(turn: str = typer.Argument(help="The id of a turn that failed.")) -> None:
    """Have a failed turn tried again by the next worker that sweeps."""
    turns = open_records(HomeSettings()).turns
    found = _named(turns, turn)
    if not turns.redrive(found.id):
        raise Misconfigured(f"turn {found.id} is {found.state}; only a failed turn can be redriven")
    typer.echo(f"Turn {found.id} waits for a worker again.")


def _named(turns: Turns, name: str) -> Turn:
    found = turns.get(name)
    if found is None:
        raise Misconfigured(f"there is no turn {name!r}: `candor turns list` shows the latest")
    return found
