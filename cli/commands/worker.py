"""`candor worker`: answers questions from the queue."""

import typer

from cli.bootstrap.worker import working
from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
from workers.app import ANSWERS, INGEST, WorkerSettings
from workers.running import run_worker

app = typer.Typer()


@app.command()
def worker(
    queue: list[str] = typer.Option(
        [ANSWERS, INGEST], "--queue", help="A queue to work on; may be given several times."
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
    with working(HomeSettings(), settings) as parts:
        code = run_worker(parts.app, name=parts.name, threads=settings.worker_threads, queues=queue)
    raise typer.Exit(code)
