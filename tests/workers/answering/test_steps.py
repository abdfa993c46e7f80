"""Steps are timed, and none begins late."""

import pytest

from core.deadline import Deadline
from core.errors import DeadlineExceeded
from workers.answering.steps import Steps


def test_a_step_gives_what_it_gives_and_its_time_is_kept() -> None:
    steps = Steps(Deadline(30))
    assert steps.run("count", len, "four") == 4
    first = steps.timings["count"]
    steps.run("count", sorted, range(10_000))
    assert steps.timings["count"] > first
    assert steps.timings["total"] >= steps.timings["count"]


def test_the_time_of_a_step_that_fails_is_kept() -> None:
    steps = Steps(Deadline(30))
    with pytest.raises(ValueError, match="invalid literal"):
        steps.run("parse", int, "x")
    assert "parse" in steps.timings


def test_no_step_begins_when_the_time_is_over() -> None:
    with pytest.raises(DeadlineExceeded, match="out of time while searching"):
        Steps(Deadline(0)).run("searching", print)
