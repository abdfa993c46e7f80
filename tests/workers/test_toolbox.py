"""All tools of a process: bounded, in order, and there as soon as their servers are."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from core.completions import ToolSpec
from core.errors import Misconfigured, Unavailable
from core.messages import EVERYONE
from core.tools import Fact, Tool, ToolContext, ToolResult
from tests.cli.candor import eventually
from tests.workers.answering.parts import Library
from tests.workers.tools.calls import on_behalf_of
from workers.bounded import Bounded, ToolSettings
from workers.failures import Down
from workers.rates.service import LiveRates
from workers.toolbox import Toolbox, find_supplies
from workers.tools import Own, Parts
from workers.tools._described import Described

ANYTHING = {"type": "object"}


def tool(name: str, run: Callable[[], ToolResult] = lambda: ToolResult("done")) -> Described:
    return Described(ToolSpec(name, name, ANYTHING), False, lambda _arguments, _deadline: run())


def run(made: Tool, seconds: float = 20.0, **limits: float) -> ToolResult:
    bounded = Bounded(made, ToolSettings(**limits), (EVERYONE,))  # type: ignore[arg-type]
    return bounded.run(bounded.parse("{}"), on_behalf_of(seconds=seconds))


class Late:
    """A supply whose server comes up at some time, or never does what it should."""

    readers = (EVERYONE,)

    def __init__(self, name: str, error: Exception | None) -> None:
        self.name = name
        self.error = error
        self.closed = threading.Event()

    def open(self) -> Sequence[Tool]:
        if self.error:
            raise self.error
        return [tool(self.name)]

    def close(self) -> None:
        self.closed.set()


def names(box: Toolbox) -> list[str]:
    return [each.spec.name for each in box]


def test_a_server_that_is_down_at_the_start_stops_nobody_and_is_there_when_it_is_up() -> None:
    late = Late("late", Unavailable("not yet"))
    with Toolbox([late, Own(tool("own"))], ToolSettings(), again=0.02) as box:
        assert names(box) == ["own"]
        late.error = None
        eventually(lambda: names(box) == ["late", "own"])
    assert late.closed.is_set()


@pytest.mark.parametrize("error", [Misconfigured("no such tool"), RuntimeError("nobody foresaw this")])
def test_a_server_that_is_wrong_takes_no_other_with_it(error: Exception) -> None:
    with Toolbox([Late("wrong", error), Own(tool("own"))], ToolSettings()) as box:
        assert names(box) == ["own"]


def test_a_name_is_given_once() -> None:
    with Toolbox([Own(tool("one")), Own(tool("one"))], ToolSettings()) as box:
        assert names(box) == ["one"]


def test_a_tool_of_other_readers_is_not_run() -> None:
    called = []

    def work() -> ToolResult:
        called.append(1)
        return ToolResult("done")

    with Toolbox([Own(tool("own", work), ("hr",))], ToolSettings()) as box:
        refused = box[0].run({}, on_behalf_of())
        assert refused.failed
        assert not called
        assert box[0].run({}, on_behalf_of(EVERYONE, "hr")).text == "done"


def test_a_tool_that_hangs_is_given_up_within_the_turns_time() -> None:
    ended = threading.Event()

    def hang() -> ToolResult:
        ended.wait()
        return ToolResult("late")

    begun = time.monotonic()
    assert run(tool("slow", hang), tool_seconds=0.2).failed
    assert run(tool("slow", hang), seconds=0.2).failed
    assert time.monotonic() - begun < 3
    ended.set()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Down("The server sleeps."), "The server sleeps."),
        (ZeroDivisionError("secret"), "could not do its work"),
    ],
)
def test_a_tool_that_raises_is_a_result_that_says_so(error: Exception, said: str) -> None:
    def fail() -> ToolResult:
        raise error

    result = run(tool("broken", fail))
    assert result.failed
    assert said in result.text
    assert "secret" not in result.text


def test_everything_in_a_result_is_plain() -> None:
    key = "ghp_" + "a1B2" * 9
    fact = Fact(
        label=f"x{key}", value="1\x00", as_of=date(2026, 1, 1), source="\x1b[31mred", stale="\u202eold"
    )
    result = run(tool("loud", lambda: ToolResult(f"a\x07{key}", (fact,), shown=f"`{key}`")))
    told = str(result)
    assert key not in told
    for hidden in ("\\x07", "\\x00", "\\x1b", "\\u202e"):
        assert hidden not in told
    assert result.facts[0].as_of == date(2026, 1, 1)


def test_what_ships_in_the_box_needs_no_setting_and_keeps_the_contract() -> None:
    supplies = find_supplies(Parts(Library(), LiveRates("", ())))
    with Toolbox(supplies, ToolSettings()) as box:
        assert names(box) == ["convert_currency", "get_mortgage_rates", "search_documents"]
        for each in box:
            assert each.spec.parameters["type"] == "object"
            assert len(each.spec.description) > 40
            assert not each.writes


def test_every_setting_brings_its_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tools.yaml").write_text(
        "mcp: {x: {command: [/nowhere]}}\nopenapi: {y: {url: http://z, operations: [a]}}"
    )
    for name, value in {
        "QUERY_DATABASE_URL": "sqlite:///team.db",
        "QUERY_DATABASE_VIEWS": "orders",
        "READ_PAGE_HOSTS": "docs.example.com",
        "SEARCH_ELSEWHERE_URL": "http://search:9200",
        "SEARCH_ELSEWHERE_INDEX": "wiki",
        "TOOLS_FILE": str(tmp_path / "tools.yaml"),
    }.items():
        monkeypatch.setenv(f"CANDOR_{name}", value)
    found = {each.name for each in find_supplies(Parts(Library(), LiveRates("", ())))}
    assert found > {"query_database", "read_page", "search_elsewhere", "x", "y"}


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("TOOLS_FILE", "/nowhere.yaml", "CANDOR_TOOLS_FILE"),
        ("QUERY_DATABASE_URL", "sqlite:///team.db", "CANDOR_QUERY_DATABASE_VIEWS"),
        ("SEARCH_ELSEWHERE_URL", "http://search:9200", "CANDOR_SEARCH_ELSEWHERE_INDEX"),
    ],
)
def test_a_setting_without_its_other_half_is_named(
    setting: str, value: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CANDOR_{setting}", value)
    with pytest.raises(Misconfigured, match=named):
        find_supplies(Parts(Library(), LiveRates("", ())))


def test_a_context_carries_the_groups_of_the_audience() -> None:
    seen: list[ToolContext] = []

    class Looks(Described):
        def run(self, arguments: object, context: ToolContext) -> ToolResult:
            seen.append(context)
            return ToolResult("done")

    looks = Looks(ToolSpec("looks", "looks", ANYTHING), False, lambda _a, _d: ToolResult(""))
    Bounded(looks, ToolSettings(tool_seconds=1), (EVERYONE,)).run({}, on_behalf_of(EVERYONE, "hr"))
    assert seen[0].groups == (EVERYONE, "hr")
    assert seen[0].deadline.remaining() <= 1
