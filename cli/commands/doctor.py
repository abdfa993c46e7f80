"""`candor doctor`: what is on, what is off, what is wrong."""

import json

import typer

from bot.outgoing import visible
from cli.checks import State, findings
from core import log

app = typer.Typer()

_MARKS = {State.ON: "on   ", State.OFF: "off  ", State.FAULT: "FAULT"}


@app.command()
def doctor(
    as_json: bool = typer.Option(False, "--json", help="Print a JSON list instead of text."),
) -> None:
    """Say what is configured, reachable and missing."""
    log.configure(log.LogSettings())
    found = list(findings())
    if as_json:
        rows = [{"part": each.part, "state": each.state, "text": each.text} for each in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for each in found:
            typer.echo(visible(f"{_MARKS[each.state]}  {each.part}: {each.text}"))
    raise typer.Exit(1 if any(each.state is State.FAULT for each in found) else 0)
