"""What every hosted model keeps, whatever its server does."""

import threading
import time
from collections.abc import Callable
from typing import Literal

import pytest
from pydantic import BaseModel

from core.completions import Completion, Message, StopReason, ToolCall, ToolSpec
from core.errors import ModelRejected, ModelUnavailable
from core.messages import Usage
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Call, Fail, Raw, Say
from tests.workers.models.conftest import KEY, Hosted, asking, opened

RATE = ToolSpec(
    "get_rate",
    "The rate of a product.",
    {"type": "object", "properties": {"product": {"type": "string"}}, "required": ["product"]},
)
CALLS = (Call("get_rate", {"product": "30y"}, "call_a"), Call("get_rate", {"product": "15y"}, "call_b"))


class Part(BaseModel):
    name: str
    count: int = 1


class Order(BaseModel):
    """What somebody orders."""

    parts: list[Part]
    note: str | None = None


class TestHostedModel:
    def test_hands_over_text_usage_and_the_id_that_answered(self, hosted: Hosted) -> None:
        hosted.server.script(Say("Twenty degrees."))
        completion = hosted.model.complete(asking())
        assert completion.text == "Twenty degrees."
        assert completion.stop is StopReason.END
        assert completion.usage == Usage(input_tokens=6, output_tokens=2)
        assert completion.model.startswith("scripted")

    def test_streams_and_counts_the_same(self, hosted: Hosted) -> None:
        hosted.server.script(Say("Twenty degrees and rain."), Say("Twenty degrees and rain."))
        pieces: list[str] = []
        streamed = hosted.model.complete(asking(), pieces.append)
        assert pieces == ["Twenty ", "degrees ", "and ", "rain."]
        assert streamed == hosted.model.complete(asking())

    def test_streams_in_the_thread_of_the_caller(self, hosted: Hosted) -> None:
        threads = set()
        hosted.model.complete(asking(), lambda _: threads.add(threading.current_thread()))
        assert threads == {threading.current_thread()}

    def test_what_on_text_raises_ends_the_call(self, hosted: Hosted) -> None:
        def refuse(_: str) -> None:
            raise KeyError("stop")

        with pytest.raises(KeyError):
            hosted.model.complete(asking(), refuse)
        assert len(hosted.server.requests) == 1

    @pytest.mark.parametrize("stream", [False, True])
    def test_calls_tools_side_by_side_and_takes_their_results(self, hosted: Hosted, stream: bool) -> None:
        hosted.server.script(Say(calls=CALLS), Say("6.8 and 6.1 percent."))
        on_text: Callable[[str], None] | None = (lambda _: None) if stream else None
        first = hosted.model.complete(asking(tools=(RATE,)), on_text)
        assert first.stop is StopReason.TOOL_CALLS
        assert first.tool_calls == tuple(ToolCall(call.id, call.name, call.written) for call in CALLS)
        transcript = (
            Message("assistant", "", first.tool_calls),
            Message("tool", '{"rate": 6.8}', tool_call_id="call_a"),
            Message("tool", '{"rate": 6.1}', tool_call_id="call_b"),
        )
        second = hosted.model.complete(asking(tools=(RATE,), transcript=transcript), on_text)
        assert second.stop is StopReason.END
        assert second.text == "6.8 and 6.1 percent."

    @pytest.mark.parametrize("stream", [False, True])
    def test_parses_a_reply_as_the_model_that_was_asked_for(self, hosted: Hosted, stream: bool) -> None:
        hosted.server.script(Say('{"parts": [{"name": "bolt", "count": 2}], "note": null}'))
        completion = hosted.model.complete(asking(response_model=Order), (lambda _: None) if stream else None)
        assert completion.parsed == Order(parts=[Part(name="bolt", count=2)])

    def test_the_schema_reaches_the_server(self, hosted: Hosted) -> None:
        completion = hosted.model.complete(asking(response_model=Order))
        assert completion.parsed == Order(parts=[], note="How warm is it?")
        assert len(hosted.server.requests) == 1

    def test_a_reply_that_does_not_parse_is_sent_back_once(self, hosted: Hosted) -> None:
        hosted.server.script(Say('{"parts": "none"}'), Say('{"parts": []}'))
        completion = hosted.model.complete(asking(response_model=Order))
        assert completion.parsed == Order(parts=[])
        assert completion.usage.output_tokens == 4
        again = str(hosted.server.requests[1].body)
        assert "parts: Input should be a valid" in again

    def test_two_replies_that_do_not_parse_are_an_error(self, hosted: Hosted) -> None:
        hosted.server.script(Say("hello"), Say('{"parts": 3}'))
        with pytest.raises(ModelUnavailable, match="JSON schema of Order twice"):
            hosted.model.complete(asking(response_model=Order))
        assert len(hosted.server.requests) == 2

    def test_tools_and_a_structure_can_be_asked_for_together(self, hosted: Hosted) -> None:
        hosted.server.script(Say("Let me think."), Say('{"parts": []}'))
        completion = hosted.model.complete(asking(response_model=Order, tools=(RATE,)))
        assert completion.parsed == Order(parts=[])

    @pytest.mark.parametrize("stream", [False, True])
    def test_a_reply_that_is_too_long_is_kept_and_marked(self, hosted: Hosted, stream: bool) -> None:
        hosted.server.script(Say("Twenty degr", stop="length"))
        completion = hosted.model.complete(asking(max_tokens=20), (lambda _: None) if stream else None)
        assert completion.stop is StopReason.LENGTH
        assert completion.text == "Twenty degr"

    def test_a_structure_that_is_cut_short_is_not_repaired(self, hosted: Hosted) -> None:
        hosted.server.script(Say('{"parts": [', stop="length"))
        completion = hosted.model.complete(asking(response_model=Order))
        assert completion.stop is StopReason.LENGTH
        assert completion.parsed is None
        assert len(hosted.server.requests) == 1

    def test_only_what_the_model_can_do_is_asked_of_it(self, hosted: Hosted) -> None:
        hosted.model.complete(asking(temperature=0.5, seed=7, max_tokens=99))
        body = hosted.server.requests[0].body
        assert body["temperature"] == 0.5
        assert ("seed" in body) == hosted.model.capabilities.seed == (hosted.api != "responses")
        assert 99 in body.values()
        assert "stream_options" not in body

    @pytest.mark.parametrize("stream", [False, True])
    def test_waits_as_long_as_an_overloaded_server_wants(self, hosted: Hosted, stream: bool) -> None:
        hosted.server.script(Fail(429, headers={"Retry-After": "0.2"}), Say("Twenty."))
        started = time.monotonic()
        assert hosted.model.complete(asking(), (lambda _: None) if stream else None).text == "Twenty."
        assert 0.2 <= time.monotonic() - started < 0.5

    def test_does_not_wait_for_what_lies_beyond_its_time(self, hosted: Hosted) -> None:
        hosted.server.script(Fail(429, headers={"Retry-After": "60"}))
        started = time.monotonic()
        with pytest.raises(ModelUnavailable, match="429"):
            hosted.model.complete(asking())
        assert time.monotonic() - started < 1

    def test_tries_again_after_an_error_of_the_server(self, hosted: Hosted) -> None:
        hosted.server.script(Fail(500), Say("Twenty."))
        assert hosted.model.complete(asking()).text == "Twenty."

    def test_gives_up_after_four_attempts(self, hosted: Hosted) -> None:
        hosted.server.script(*[Fail(503, headers={"Retry-After": "0.01"})] * 5)
        with pytest.raises(ModelUnavailable, match=r"^CANDOR_\w+_BASE_URL: 127\.0\.0\.1:\d+ answered 503"):
            hosted.model.complete(asking())
        assert len(hosted.server.requests) == 4

    @pytest.mark.parametrize("stream", [False, True])
    def test_a_first_byte_that_is_too_late_ends_in_time(self, hosted: Hosted, stream: bool) -> None:
        hosted.server.script(Say("Twenty.", delay=30))
        started = time.monotonic()
        with pytest.raises(ModelUnavailable, match="no complete answer in time"):
            hosted.model.complete(asking(timeout=0.3), (lambda _: None) if stream else None)
        assert 0.25 <= time.monotonic() - started < 0.6

    def test_a_stream_that_trickles_ends_in_time(self, hosted: Hosted) -> None:
        hosted.server.script(Say("word " * 100, pause=0.05))
        started = time.monotonic()
        with pytest.raises(ModelUnavailable, match="no complete answer in time"):
            hosted.model.complete(asking(timeout=0.4), lambda _: None)
        assert time.monotonic() - started < 0.7

    def test_a_body_that_stalls_ends_in_time(self, hosted: Hosted) -> None:
        hosted.server.script(Say("Twenty.", breaks="stall"))
        started = time.monotonic()
        with pytest.raises(ModelUnavailable):
            hosted.model.complete(asking(timeout=0.3))
        assert time.monotonic() - started < 0.6

    @pytest.mark.parametrize("breaks", ["stall", "cut", "malformed", "early end"])
    def test_a_stream_that_breaks_before_any_text_is_tried_again(
        self, hosted: Hosted, breaks: Literal["stall", "cut", "malformed", "early end"]
    ) -> None:
        hosted.server.script(Say("Twenty degrees.", breaks=breaks), Say("Twenty degrees."))
        pieces: list[str] = []
        completion = hosted.model.complete(asking(timeout=1.5), pieces.append)
        assert completion.text == "".join(pieces) == "Twenty degrees."
        assert len(hosted.server.requests) == 2

    @pytest.mark.parametrize("breaks", ["stall", "cut", "malformed", "early end"])
    def test_a_stream_that_breaks_behind_some_text_is_an_error(
        self, hosted: Hosted, breaks: Literal["stall", "cut", "malformed", "early end"]
    ) -> None:
        hosted.server.script(Say("Twenty degrees and rain.", breaks=breaks, after=2))
        pieces: list[str] = []
        started = time.monotonic()
        with pytest.raises(ModelUnavailable):
            hosted.model.complete(asking(timeout=0.6), pieces.append)
        assert pieces == ["Twenty ", "degrees "]
        assert time.monotonic() - started < 0.9
        assert len(hosted.server.requests) == 1

    @pytest.mark.parametrize("breaks", ["cut", "malformed"])
    def test_a_body_that_breaks_is_tried_again(
        self, hosted: Hosted, breaks: Literal["cut", "malformed"]
    ) -> None:
        hosted.server.script(Say("Twenty.", breaks=breaks), Say("Twenty."))
        assert hosted.model.complete(asking()).text == "Twenty."

    @pytest.mark.parametrize("stream", [False, True])
    def test_a_reply_of_the_wrong_shape_is_an_error(self, hosted: Hosted, stream: bool) -> None:
        for body in (b"{}", b"[]", b"null", b'{"choices": []}', b'{"output": 3}', b"<html>", b"data: 3\n\n"):
            for content_type in ("application/json", "text/event-stream", "text/html"):
                hosted.server.script(Raw(body, content_type))
                with pytest.raises(ModelUnavailable, match=r"^CANDOR_\w+_BASE_URL: "):
                    hosted.model.complete(asking(timeout=0.15), (lambda _: None) if stream else None)

    @pytest.mark.parametrize("status", [400, 403, 404, 422])
    @pytest.mark.parametrize("stream", [False, True])
    def test_a_refused_request_is_not_tried_again(self, hosted: Hosted, status: int, stream: bool) -> None:
        hosted.server.script(Fail(status, f"No use for {KEY}\nhere"))
        with pytest.raises(ModelRejected, match=r"^CANDOR_") as caught:
            hosted.model.complete(asking(), (lambda _: None) if stream else None)
        assert str(status) in str(caught.value)
        assert KEY not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(hosted.server.requests) == 1

    def test_a_wrong_key_is_named_and_not_shown(self, hosted: Hosted) -> None:
        hosted.server.key = "another"
        with pytest.raises(ModelRejected, match=r"^CANDOR_\w+_API_KEY: .* 401") as caught:
            hosted.model.complete(asking())
        assert KEY not in str(caught.value)

    def test_many_threads_can_ask_at_once(self, hosted: Hosted) -> None:
        completions: list[Completion] = []
        threads = [
            threading.Thread(target=lambda: completions.append(hosted.model.complete(asking())))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {completion.text for completion in completions} == {"How warm is it?"}
        assert len(completions) == 8

    def test_a_server_of_ones_own_has_no_price(self, hosted: Hosted) -> None:
        assert hosted.model.complete(asking()).cost_usd is None


@pytest.mark.parametrize("api", ["chat", "responses", "cohere"])
def test_a_server_that_is_down_is_named(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        model = opened(monkeypatch, api, server)
    with pytest.raises(
        ModelUnavailable, match=r"^CANDOR_\w+_BASE_URL: 127\.0\.0\.1:\d+ does not answer \(.*refused"
    ):
        model.complete(asking(timeout=0.3))
