"""The walk through the steps: each is timed, and none begins when the time is over."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from core.deadline import Deadline
from core.tracing import span

P = ParamSpec("P")
T = TypeVar("T")


class Steps:
    """Runs the steps of one answer.

    Attributes:
        timings: milliseconds by step, and `total`. A step that runs several times adds up.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._began = time.perf_counter()
        self._spent: dict[str, float] = defaultdict(float)

    def run(self, name: str, step: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one step under the name that it has in the timings.

        Raises:
            DeadlineExceeded: when the time is over before it begins.
        """
        self._deadline.check(name)
        began = time.perf_counter()
        try:
            with span(name):
                return step(*args, **kwargs)
        finally:
            self._spent[name] += (time.perf_counter() - began) * 1000

    @property
    def timings(self) -> dict[str, float]:  # noqa: D102  # said by the class
        total = (time.perf_counter() - self._began) * 1000
        return {name: round(spent, 2) for name, spent in {**self._spent, "total": total}.items()}
