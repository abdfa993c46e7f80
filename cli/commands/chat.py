"""`candor chat`: a conversation in the terminal."""

import contextlib
import getpass
import sys
from collections.abc import Iterator

import typer

from bot.platforms.terminal.ingress import Terminal
from cli import tracing
from cli.bootstrap.hearing import Hearing
from cli.dialogue import complain, converse
from cli.options import GroupOption, audience, log_quietly
from cli.transcript import Transcript
from core import plugins
from core.errors import CandorError
from core.messages import Task
from core.secrets import mask
from core.settings import HomeSettings
from ledger.turns import Turn
from workers.app import WorkerSettings

with contextlib.suppress(ImportError):  # line editing and history at the prompt, where Python has it
    import readline  # noqa: F401

app = typer.Typer()

HELP = """\
Ask in your own words; follow-ups may lean on what was said before.
  why            what the last answer rests on: passages, scores, the prompt
  + [reason]     the last answer was good
  - [reason]     the last answer was bad, and why
  /summary NAME  summarise a document, by name or title; without a name, this conversation
  /help          this list
  /quit          leave (so does the end of input)"""


@app.command()
def chat(group: GroupOption = None) -> None:
    """Talk with Candor in this terminal."""
    log_quietly()
    settings = WorkerSettings()
    kind = "whole" if settings.in_process else "bot"
    wiring = plugins.load("cli.bootstrap", kind, setting="CANDOR_BROKER_URL")
    with wiring.hearing(HomeSettings(), settings) as hearing:
        person = getpass.getuser()
        terminal = Terminal(hearing.intake, hearing.records.posts, person=person, audience=audience(group))
        Chat(hearing, terminal, person).run()


class Chat:
    """The loop at the prompt."""

    def __init__(self, hearing: Hearing, terminal: Terminal, person: str) -> None:
        self._hearing = hearing
        self._terminal = terminal
        self._person = person
        self._last: Turn | None = None
        self._suggested: list[str] = []

    def run(self) -> None:
        """Greet, then answer line after line until the input ends."""
        self._greet()
        for line in _lines():
            if line in {"/quit", "/exit"}:
                return
            try:
                self._take(line)
            except CandorError as error:
                complain(error)

    def _greet(self) -> None:
        sources = self._hearing.records.sources.list()
        if not sources:
            typer.echo("Nothing is ingested yet. Add your documents: candor ingest PATH\n")
            return
        typer.echo("Candor answers from " + ", ".join(source.location for source in sources) + ".")
        self._suggested = [question for source in sources for question in source.examples][:3]
        outside = next(
            (str(source.report["outside"]) for source in sources if source.report.get("outside")), ""
        )
        if self._suggested:
            typer.echo("\nIt can answer, for example (type the number):")
            for number, question in enumerate(self._suggested, start=1):
                typer.echo(f"  {number}  {question}")
        if outside:
            self._suggested.append(outside)
            typer.echo("\nIt should say that it does not know:")
            typer.echo(f"  {len(self._suggested)}  {outside}")
        typer.echo("\nYour own documents: candor ingest PATH    Help: /help\n")

    def _take(self, line: str) -> None:
        match line.split(maxsplit=1):
            case ["/help"]:
                typer.echo(HELP + "\n")
            case ["why"]:
                typer.echo(tracing.why(self._last) + "\n")
            case ["+" | "-" as thumb, *reason]:
                self._rate(thumb, " ".join(reason))
            case ["/summary", *name]:
                subject = " ".join(name)
                self._ask(f"Summarise {subject or 'this conversation'}", Task.SUMMARIZE, subject)
            case [command] if command.startswith("/"):
                typer.echo(f"There is no {command}. Type /help for what there is.\n")
            case [number] if number.isdecimal() and 1 <= int(number) <= len(self._suggested):
                question = self._suggested[int(number) - 1]
                typer.echo(f"> {question}")
                self._ask(question)
            case _:
                self._ask(line)

    def _ask(self, text: str, task: Task = Task.ANSWER, subject: str = "") -> None:
        self._last = converse(
            self._terminal,
            self._hearing.records.turns,
            Transcript(sys.stdout).show,
            text,
            task=task,
            subject=subject,
        )

    def _rate(self, thumb: str, reason: str) -> None:
        if self._last is None:
            typer.echo("There is no answer to rate yet.\n")
            return
        self._hearing.intake.rate(self._last.id, self._person, 1 if thumb == "+" else -1, reason)
        typer.echo(f"Noted: {'good' if thumb == '+' else 'bad'}{f' ({mask(reason)})' if reason else ''}.\n")


def _lines() -> Iterator[str]:
    """What is typed, or what comes through a pipe; piped lines are shown as if they were typed."""
    typed = sys.stdin.isatty()
    while True:
        try:
            line = input("> " if typed else "").strip()
        except EOFError:
            return
        except KeyboardInterrupt:
            typer.echo()
            return
        if line:
            if not typed:
                typer.echo(f"> {line}")
            yield line
