"""Traces: spans stand under each other across processes, and carry texts only where that is wished."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Sent

from core import telemetry as names
from core.background import in_background
from core.errors import Misconfigured
from core.spans import exporting
from core.telemetry import TelemetrySettings
from core.tracing import Tracing, span


class Collector:
    """An OpenTelemetry collector that keeps what it is sent."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        self.headers: list[str] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["Content-Encoding"] == "gzip":
                    body = gzip.decompress(body)
                collector.requests.append(ExportTraceServiceRequest.FromString(body))
                collector.headers.append(str(self.headers["authorization"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def spans(self) -> dict[str, Sent]:
        return {
            sent.name: sent
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for sent in scope.spans
        }


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.server.shutdown()
        collector.server.server_close()
        thread.join()


def noted(sent: Sent) -> dict[str, str]:
    return {each.key: each.value.string_value for each in sent.attributes}


def test_the_work_of_another_process_stands_under_the_event_behind_it() -> None:
    with collecting() as collector:
        settings = TelemetrySettings(otlp_endpoint=collector.url, otlp_headers="authorization=Basic abc")
        with exporting(settings, "candor-bot") as tracing, tracing.span("question") as event:
            handed = event.parent
        with exporting(settings, "candor-worker") as tracing:
            with tracing.span("turn", {names.TURN: "t1"}, parent=handed), span("search"):
                in_background("tool", lambda: _work("execute_tool clock")).result()
            with span("outside"):
                pass
    spans = collector.spans
    assert set(spans) == {"question", "turn", "search", "execute_tool clock"}
    assert len({sent.trace_id for sent in spans.values()}) == 1
    above = {"turn": "question", "search": "turn", "execute_tool clock": "search"}
    assert all(spans[name].parent_span_id == spans[parent].span_id for name, parent in above.items())
    assert noted(spans["turn"]) == {names.TURN: "t1"}
    assert set(collector.headers) == {"Basic abc"}


def _work(name: str) -> None:
    with span(name):
        pass


def _ask(tracing: Tracing, text: str) -> None:
    with tracing.span("turn") as made:
        made.quote(names.QUESTION_TEXT, text)
        raise ValueError("swordfish")


@pytest.mark.parametrize("contents", [False, True])
def test_texts_are_left_out_unless_they_are_wished_for(contents: bool) -> None:
    secret = "sk-ant-" + "a1B2c3D4e5" * 4
    with collecting() as collector:
        settings = TelemetrySettings(otlp_endpoint=collector.url, trace_contents=contents)
        with pytest.raises(ValueError, match="swordfish"), exporting(settings, "candor") as tracing:
            _ask(tracing, f"Is {secret} ours?")
    sent = collector.spans["turn"]
    assert noted(sent) == ({names.QUESTION_TEXT: "Is [secret: Anthropic key] ours?"} if contents else {})
    assert sent.status.message == "ValueError"
    assert b"swordfish" not in sent.SerializeToString()


def test_without_a_collector_nothing_is_made_and_no_parent_is_named() -> None:
    with Tracing().span("question") as made:
        made.note({names.TURN: "t1"})
        assert made.parent == ""


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (TelemetrySettings(otlp_endpoint="collector:4318"), "CANDOR_OTLP_ENDPOINT"),
        (TelemetrySettings(otlp_endpoint="http://c:1", otlp_headers="secret"), "CANDOR_OTLP_HEADERS"),
    ],
)
def test_a_wrong_setting_is_named(settings: TelemetrySettings, named: str) -> None:
    with pytest.raises(Misconfigured, match=named) as caught, exporting(settings, "candor"):
        pass
    assert "secret" not in str(caught.value)
