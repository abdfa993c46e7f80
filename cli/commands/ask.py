"""`candor ask`: one question, one answer."""

import getpass
import json
import sys

import typer

from bot.platforms.terminal.ingress import Terminal
from cli.dialogue import converse
from cli.options import GroupOption, audience, log_quietly
from cli.transcript import Transcript
from cli.turn_json import as_object
from core import plugins
from core.messages import Outcome, Task
from core.settings import HomeSettings
from workers.app import WorkerSettings

app = typer.Typer()


@app.command()
def ask(
    question: str = typer.Argument(help="The question, in quotes; `-` reads it from standard input."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object instead of text."),
    group: GroupOption = None,
    summarize: bool = typer.Option(
        False, "--summarize", help="Take the argument as a document's name and summarise it."
    ),
) -> None:
    """Ask one question and get one answer."""
    text = sys.stdin.read().strip() if question == "-" else question.strip()
    if not text:
        raise typer.BadParameter("the question is empty", param_hint="question")
    log_quietly()
    settings = WorkerSettings()
    kind = "whole" if settings.in_process else "bot"
    wiring = plugins.load("cli.bootstrap", kind, setting="CANDOR_BROKER_URL")
    with wiring.hearing(HomeSettings(), settings) as hearing:
        terminal = Terminal(
            hearing.intake, hearing.records.posts, person=getpass.getuser(), audience=audience(group)
        )
        turn = converse(
            terminal,
            hearing.records.turns,
            (lambda _post: None) if as_json else Transcript(sys.stdout).show,
            text,
            task=Task.SUMMARIZE if summarize else Task.ANSWER,
            subject=text if summarize else "",
        )
    if as_json:
        typer.echo(json.dumps(as_object(turn), ensure_ascii=False, indent=2))
    raise typer.Exit(1 if turn.state == Outcome.FAILED else 0)
