"""`candor rates`: the live-rate service."""

import typer

from cli.bootstrap.rates import serving_rates
from cli.waiting import until_stopped
from core import log

app = typer.Typer()


@app.command()
def rates(
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen on."),
    port: int = typer.Option(8750, "--port", min=0, max=65535, help="The port; 0 takes a free one."),
    attached: bool = typer.Option(
        False,
        "--attached",
        help="Stop at the end of standard input too: whoever started this one need not live to end it.",
    ),
) -> None:
    """Serve mortgage and currency rates over HTTP and MCP until a signal says stop."""
    log.configure(log.LogSettings())
    with serving_rates(host=host, port=port) as url:
        typer.echo(f"Serving rates on {url}.")
        until_stopped(attached=attached)
