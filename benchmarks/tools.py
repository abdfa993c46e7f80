"""What a tool adds to a turn once its service is warm.

Run it with `python -m benchmarks.tools`. The rates service is a child process, as it is by default; each tool
is called as the pipeline calls it: arguments parsed, bounded in time and size, its result made plain. Prints
a Markdown table, in milliseconds.
"""

import statistics
import time

from cli.bootstrap.tools import live_rates
from core.deadline import Deadline
from core.messages import EVERYONE, Address, Asker, Question, QuestionKey
from core.tools import Tool, ToolContext
from workers.bounded import Bounded, ToolSettings
from workers.tools.convert_currency import ConvertCurrency
from workers.tools.get_mortgage_rates import GetMortgageRates

CALLS = 500
_PLACE = {"platform": "terminal", "workspace": "local", "channel": "desk"}
_QUESTION = Question(
    key=QuestionKey(**_PLACE, message="1"), address=Address(**_PLACE), asker=Asker(id="u1"), text="?"
)


def _call(tool: Tool, arguments: str) -> None:
    bounded = Bounded(tool, ToolSettings(), (EVERYONE,))
    result = bounded.run(bounded.parse(arguments), ToolContext(_QUESTION, Deadline(60)))
    assert not result.failed, result.text


def _timed(tool: Tool, arguments: str) -> float:
    begun = time.perf_counter()
    _call(tool, arguments)
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    print(f"{CALLS} calls each, one after the other, ms\n")
    print("| tool | first call | p50 | p95 | longest |\n| --- | --- | --- | --- | --- |")
    with live_rates("") as service:
        tools = (
            (GetMortgageRates(service), '{"product": "30-year fixed"}'),
            (ConvertCurrency(service), '{"amount": 100, "from": "USD", "to": "JPY"}'),
        )
        for tool, arguments in tools:
            first = _timed(tool, arguments)
            times = [_timed(tool, arguments) for _ in range(CALLS)]
            p95 = statistics.quantiles(times, n=20)[18]
            middle = statistics.median(times)
            print(f"| {tool.spec.name} | {first:.0f} | {middle:.1f} | {p95:.1f} | {max(times):.1f} |")


if __name__ == "__main__":
    main()
