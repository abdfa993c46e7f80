"""Where spans go: to an OpenTelemetry collector. Loaded only where one is set, since the SDK is heavy."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from core.errors import Misconfigured
from core.telemetry import TelemetrySettings
from core.tracing import Tracing

_PATIENCE_SECONDS = 5


@contextmanager
def exporting(settings: TelemetrySettings, service: str) -> Iterator[Tracing]:
    """Send spans in batches as long as the block runs, and what is left at its end.

    Args:
        settings: the collector.
        service: what kind of process this is, such as `candor-worker`.

    Raises:
        Misconfigured: the settings are wrong.
    """
    root = settings.otlp_endpoint.rstrip("/")
    if urlsplit(root).scheme not in ("http", "https"):
        raise Misconfigured("CANDOR_OTLP_ENDPOINT: should begin with http:// or https://")
    exporter = OTLPSpanExporter(
        endpoint=f"{root}/v1/traces", headers=_headers(settings), timeout=_PATIENCE_SECONDS
    )
    provider = TracerProvider(resource=Resource({"service.name": service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield Tracing(provider.get_tracer("candor"), contents=settings.trace_contents)
    finally:
        provider.shutdown()


def _headers(settings: TelemetrySettings) -> dict[str, str]:
    headers: dict[str, str] = {}
    for pair in filter(None, settings.otlp_headers.get_secret_value().split(",")):
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise Misconfigured("CANDOR_OTLP_HEADERS: should be NAME=VALUE with commas between")
        headers[name.strip()] = value.strip()
    return headers
