"""What a process shows of itself: metrics, health, traces."""

from collections.abc import Iterator
from contextlib import contextmanager

from core import plugins
from core.telemetry import TelemetrySettings
from core.watch import Watch


@contextmanager
def watching(service: str) -> Iterator[Watch]:
    """Count, and trace where a collector is set, as long as the block runs.

    Args:
        service: what kind of process this is, such as `candor-worker`.

    Raises:
        Misconfigured: the collector's settings are wrong.
    """
    settings = TelemetrySettings()
    if not settings.otlp_endpoint:
        yield Watch()
        return
    spans = plugins.load("core", "spans", setting="CANDOR_OTLP_ENDPOINT")
    with spans.exporting(settings, service) as tracing:
        yield Watch(tracing=tracing)
