"""`candor rates`: the live-rate service."""

import logging

import typer

from cli.waiting import until_stopped
from core import log
from core.errors import Misconfigured
from services.rates.service import NAME, make_service
from services.rates.settings import RatesSettings
from services.template.errors import ServiceError
from services.template.serving import serving
from services.template.settings import hours_of

app = typer.Typer()


@app.command()
def rates(
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen on."),
    port: int = typer.Option(8750, "--port", min=0, max=65535, help="The port; 0 takes a free one."),
) -> None:
    """Serve mortgage and currency rates over HTTP and MCP until a signal says stop."""
    log.configure(log.LogSettings())
    # At `info` it writes whole addresses, and FRED's may have a key in it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = RatesSettings()
        with serving(
            make_service(settings),
            settings.folder(NAME),
            token=settings.rates_token.get_secret_value(),
            hours=hours_of(settings.rates_timer),
            host=host,
            port=port,
        ) as url:
            typer.echo(f"Serving rates on {url}.")
            until_stopped()
    except ServiceError as error:
        raise Misconfigured(str(error)) from None
