"""The command `candor`. Each command is a module of `cli.commands`, imported when it is called."""

import importlib.metadata
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from core import plugins
from core.errors import CandorError

# The line that `candor --help` shows for each command: the commands themselves stay unread until called.
COMMANDS = {
    "chat": "Talk with Candor in this terminal.",
    "ask": "Ask one question and get one answer.",
    "ingest": "Make the index equal to files and folders of documents.",
    "sources": "List, sync or remove what was ingested.",
    "search": "Show the passages that a search finds.",
    "up": "Run everything in one process.",
    "bot": "Hear questions on a chat platform.",
    "worker": "Answer questions from the queue.",
    "beat": "Send what is due on the clock to the queue.",
    "rates": "Serve mortgage and currency rates over HTTP and MCP.",
    "index": "Serve, re-embed or optimize the index.",
    "people": "Say who belongs to which reader group.",
    "turns": "List, show or redrive questions and their outcomes.",
    "eval": "Measure retrieval, answers and guardrails on your own questions.",
    "policy": "Check the policies of workspaces and channels.",
    "demo": "Show Candor at work on a stand-in for Slack.",
    "doctor": "Say what is configured, reachable and missing.",
}


class Commands(TyperGroup):
    """Lists the commands without importing them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """A stand-in that knows its name and its line of help."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(name=cmd_name, help=COMMANDS[cmd_name], rich_markup_mode=None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        if name is None or stand_in is None:
            return name, stand_in, rest
        module = plugins.load("cli.commands", name, setting="the command")
        return name, typer.main.get_command(module.app), rest


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(importlib.metadata.version("candor"))
        raise typer.Exit


@app.callback()
def candor(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Answers questions from your team's own documents and shows its sources."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run a command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        _run(arguments)
    except CandorError as error:
        typer.echo(f"candor: {' '.join(str(error).split())}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)


def _run(arguments: Sequence[str] | None) -> None:
    """Run a command line; a person never meets a traceback that they did not ask for."""
    try:
        app(args=arguments)
    except (CandorError, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the last edge
        # Loaded only now, since logging takes longer to import than `--help` may take.
        log = plugins.load("core", "log", setting="the log")
        log.configure(log.LogSettings())
        log.get(__name__).debug("nobody foresaw this", exc_info=True)
        raise CandorError(
            f"something that nobody foresaw went wrong ({type(error).__name__}); "
            "CANDOR_LOG_LEVEL=debug shows where"
        ) from None
