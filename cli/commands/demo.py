"""`candor demo`: Candor at work on a stand-in for a chat platform, without an account anywhere."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import typer
import yaml

from bot.platforms.slack import MANIFEST
from bot.simulators.slack import App, SlackSimulator
from bot.simulators.slack.example import Example, furnish
from bot.simulators.slack.page import SlackScene
from bot.simulators.view import viewing
from cli.waiting import until_stopped
from core import log
from core.errors import Misconfigured, Unavailable
from core.settings import HomeSettings, environment

app = typer.Typer(no_args_is_help=True, help="Show Candor at work on a stand-in for a chat platform.")

_READY = "Hearing Slack"
_ENDING_SECONDS = 15


@app.callback()
def platforms() -> None:
    """Show Candor at work on a stand-in for a chat platform."""


@app.command()
def slack(
    port: int = typer.Option(0, "--port", min=0, max=65535, help="Where the page is; 0: a free port."),
) -> None:
    """Show a small Slack in the browser, with Candor in it, until a signal says stop."""
    log.configure(log.LogSettings())
    # Until everything stands, too: what was started ends, and the folder goes.
    signal.signal(signal.SIGTERM, _leave)
    described = App.from_manifest(yaml.safe_load(MANIFEST.read_text()))
    typer.echo("Starting Candor on the embedded default; it reads its own documentation first.")
    with SlackSimulator(described) as simulator:
        example = furnish(simulator)
        with _page(example, port) as url, _candor(simulator, example):
            typer.echo(f"Open {url} in a browser. Ctrl-C ends it, and nothing of it stays.")
            until_stopped()


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def _page(example: Example, port: int) -> Iterator[str]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(viewing(SlackScene(example.people), port))
        except OSError as error:
            raise Misconfigured(
                f"--port: cannot listen on {port} ({error.strerror}); choose another"
            ) from None
        yield url


@contextmanager
def _candor(simulator: SlackSimulator, example: Example) -> Iterator[None]:
    """Run `candor up` as a process of its own, with a data folder that ends with it."""
    with tempfile.TemporaryDirectory(prefix="candor-demo-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        # The embedder's weights are made once for this machine, and stay.
        weights = HomeSettings().folder() / "models"
        weights.mkdir(exist_ok=True)
        (home / "models").symlink_to(weights.resolve())
        settings = environment(
            home=str(home),
            log_level="error",
            experts=f"slack:{example.experts.id}",
            slack_api_url=simulator.api_url,
            slack_bot_token=simulator.bot_token,
            slack_app_token=simulator.app.app_token,
        )
        command = [str(Path(sys.executable).with_name("candor")), "up", "--attached"]
        with subprocess.Popen(  # noqa: S603 - this very command
            command,
            cwd=folder,
            env=settings,
            stdin=subprocess.PIPE,  # it ends with this process, whatever ended that, and so the child does
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                _await(process)
                yield
            finally:
                _end(process)


def _await(process: "subprocess.Popen[str]") -> None:
    for line in process.stdout or ():
        if line.startswith(_READY):
            return
    raise Unavailable("`candor up` ended before it heard anything; what it said stands above")


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
