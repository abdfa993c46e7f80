"""`candor worker`: answers questions from the queue."""

import typer

from cli.bootstrap.watch import watching
from cli.bootstrap.worker import working
from cli.processes import Processes
from cli.waiting import stop_signal
from core import log
from core.errors import Misconfigured
from core.health import telemetry
from core.settings import HomeSettings
from core.telemetry import TelemetrySettings
from workers.app import ANSWERS, INGEST, WorkerSettings
from workers.running import run_worker

app = typer.Typer()


@app.command()
def worker(
    queue: list[str] = typer.Option(
        [ANSWERS, INGEST], "--queue", help="A queue to work on; may be given several times."
    ),
    processes: int = typer.Option(1, "--processes", min=1, max=16, help="How many processes work."),
    threads: int = typer.Option(
        0, "--threads", min=0, max=256, help="How many turns each works on; 0: CANDOR_WORKER_THREADS."
    ),
    telemetry_port: int = typer.Option(
        0, "--telemetry-port", min=0, max=65535, help="Where it shows its health; 0: CANDOR_TELEMETRY_PORT."
    ),
) -> None:
    """Answer questions from the queue until a signal says stop."""
    unknown = set(queue) - {ANSWERS, INGEST}
    if unknown:
        raise typer.BadParameter(f"there is no queue {', '.join(unknown)}", param_hint="--queue")
    log.configure(log.LogSettings())
    settings = WorkerSettings()
    if settings.in_process:
        raise Misconfigured(
            "CANDOR_BROKER_URL: a worker of its own needs a broker that processes can share, such as "
            "redis://localhost:6379/0; with memory:// use `candor up` or `candor chat`"
        )
    threads = threads or settings.worker_threads
    shown = TelemetrySettings()
    if telemetry_port:
        shown = shown.model_copy(update={"telemetry_port": telemetry_port})
    if processes > 1:
        lines = [_line(queue, threads, shown.telemetry_port, number) for number in range(processes)]
        raise typer.Exit(Processes(lines).run(stop_signal()))
    with (
        watching("candor-worker") as watch,
        working(HomeSettings(), settings, watch=watch) as parts,
        telemetry(shown, watch.metrics, parts.health),
    ):
        queues = [*queue, parts.canary.queue]
        code = run_worker(parts.app, name=parts.name, threads=threads, queues=queues)
    raise typer.Exit(code)


def _line(queues: list[str], threads: int, port: int, number: int) -> list[str]:
    """The command line of one of several processes; each shows its health on a port of its own."""
    listened = [word for queue in queues for word in ("--queue", queue)]
    own = ["--telemetry-port", str(port + number)] if port else []
    return ["worker", *listened, "--threads", str(threads), *own]
