"""Traces: where the time of one turn goes, from the event to the reply.

A span is made by whichever tracer holds in the context that the code runs in. Without one nothing is made.
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from core.secrets import mask

_PARENT = "traceparent"

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Tracing:
    """Makes this process's spans.

    Attributes:
        tracer: OpenTelemetry's; None makes none.
        contents: whether spans carry what people and models wrote.
    """

    tracer: trace.Tracer | None = None
    contents: bool = False

    @contextlib.contextmanager
    def span(
        self, name: str, attributes: Mapping[str, Value] | None = None, *, parent: str = ""
    ) -> Iterator["Span"]:
        """A span that everything within the block stands under.

        Args:
            name: what is done.
            attributes: what is known of it.
            parent: the span of another process that it stands under, as `Span.parent` gave it there.
        """
        token = _current.set(self)
        try:
            with _span(self, name, parent, attributes or {}) as made:
                yield made
        finally:
            _current.reset(token)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of work."""

    _span: trace.Span
    _contents: bool = False

    def note(self, attributes: Mapping[str, Value]) -> None:
        """Add what became known on the way."""
        for name, value in attributes.items():
            self._span.set_attribute(name, value)

    def quote(self, name: str, text: str) -> None:
        """Add a text of people or models, where the settings allow it; known secrets masked."""
        if self._contents:
            self._span.set_attribute(name, mask(text))

    @property
    def parent(self) -> str:
        """What spans of another process stand under: W3C's `traceparent`; empty where none is made."""
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, trace.set_span_in_context(self._span))
        return carrier.get(_PARENT, "")


_OFF = Tracing()
_NO_SPAN = Span(trace.INVALID_SPAN)
_current: ContextVar[Tracing] = ContextVar("tracing", default=_OFF)


@contextlib.contextmanager
def span(name: str, attributes: Mapping[str, Value] | None = None) -> Iterator[Span]:
    """A span under the one that the code runs in; an error that passes is marked by its kind alone."""
    with _span(_current.get(), name, "", attributes or {}) as made:
        yield made


@contextlib.contextmanager
def _span(tracing: Tracing, name: str, parent: str, attributes: Mapping[str, Value]) -> Iterator[Span]:
    if tracing.tracer is None:
        yield _NO_SPAN
        return
    context = TraceContextTextMapPropagator().extract({_PARENT: parent}) if parent else None
    with tracing.tracer.start_as_current_span(
        name,
        context=context,
        attributes=dict(attributes),
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield Span(made, tracing.contents)
        except Exception as error:
            # Its text may hold what was asked.
            made.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise
