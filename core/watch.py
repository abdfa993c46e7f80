"""What a process sees of its own work: what it counts, and where its time goes."""

from dataclasses import dataclass, field

from core.metrics import Metrics
from core.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Watch:
    """Handed to whatever has something to tell. As it is made, it counts in memory and traces nothing."""

    metrics: Metrics = field(default_factory=Metrics)
    tracing: Tracing = field(default_factory=Tracing)
