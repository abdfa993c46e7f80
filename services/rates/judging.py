"""Which new mortgage rates may be served: two sources of one survey check each other."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from services.rates.mortgage import FIFTEEN_YEARS, THIRTY_YEARS
from services.template.service import (
    Accepted,
    Evidence,
    Flag,
    Held,
    History,
    Point,
    Reading,
    Reason,
    Verdict,
    accept_all,
)

PMMS = "pmms"
FRED = "fred"

MAX_POINTS_A_WEEK = 0.75
"""Five weeks since 1971 moved further: 1979-11-02, 1980-03-14, 1980-05-09, 1980-05-23 and 1987-04-17."""

_LONGEST_WEEK_DAYS = 9
"""Weeks of the survey are 5 to 9 days long, because of holidays."""

_EQUAL = 0.0005
"""Both sources carry two decimals."""


@dataclass
class _Ruling:
    """What has been decided so far."""

    accepted: list[Accepted] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    confirmed: set[date] = field(default_factory=set)
    doubtful: dict[date, tuple[Reason, str]] = field(default_factory=dict)

    def hold(self, source: str, point: Point, reason: Reason, detail: str) -> None:
        self.held.append(Held(source, point, reason, detail))
        if source == PMMS:
            self.doubtful[point.day] = (reason, detail)


def judge(evidence: Evidence) -> Verdict:
    """Judge what Freddie Mac and FRED say together; whatever other sources say is accepted.

    A value that differs between the two is held, and so is one that moves by more than 0.75 points a week
    with only one source to say so. Movement is counted from the accepted value before it, and not for
    backfill: dates before the newest accepted one and, in a first sync, all dates but the newest. A jump
    that both report is accepted with a flag. What is held is judged again in each sync.
    """
    pmms = _by_series(evidence.readings.get(PMMS, ()))
    fred = _by_series(evidence.readings.get(FRED, ()))
    ruling = _Ruling()
    _judge_both(
        pmms.pop(THIRTY_YEARS, {}),
        fred.get(THIRTY_YEARS, {}),
        evidence.accepted.get(THIRTY_YEARS, {}),
        ruling,
    )
    for series, values in pmms.items():
        _judge_alone(series, values, evidence.accepted, ruling)
    others = {name: reading for name, reading in evidence.readings.items() if name not in (PMMS, FRED)}
    rest = accept_all(Evidence(others, evidence.accepted))
    return Verdict((*ruling.accepted, *rest.accepted), tuple(ruling.held))


def _judge_both(
    pmms: Mapping[date, float], fred: Mapping[date, float], known: Mapping[date, float], ruling: _Ruling
) -> None:
    """The 30-year rate, which both sources carry."""
    days = sorted(pmms.keys() | fred.keys())
    first_fresh = _first_fresh(days, known)
    before = _Before(known)
    for day in days:
        said = {name: values[day] for name, values in ((PMMS, pmms), (FRED, fred)) if day in values}
        have = known.get(day)
        jumps = {name: before.jumps_to(day, value) for name, value in said.items()}
        low, high = min(said.values()), max(said.values())
        if high - low > _EQUAL:
            reason: Reason = "jump" if len(set(jumps.values())) > 1 and day >= first_fresh else "disagreement"
            detail = f"{day}: Freddie Mac says {said[PMMS]:.2f} and FRED says {said[FRED]:.2f}"
            for name, value in said.items():
                if value != have:
                    ruling.hold(name, Point(THIRTY_YEARS, day, value), reason, detail)
            before.note(day, have)
            continue
        source = PMMS if PMMS in said else FRED
        value = said[source]
        jump = any(jumps.values())
        both = len(said) > 1
        if value != have and jump and not both and day >= first_fresh:
            detail = f"{day}: {value:.2f} is far from {before.words}, and the other source has no value yet"
            ruling.hold(source, Point(THIRTY_YEARS, day, value), "jump", detail)
            before.note(day, have)
            continue
        if jump and both:
            ruling.confirmed.add(day)
        if value != have:
            flag: Flag = "jump_confirmed" if jump and both else ""
            ruling.accepted.append(Accepted(source, Point(THIRTY_YEARS, day, value), flag))
        before.note(day, value)


def _judge_alone(series: str, values: Mapping[date, float], accepted: History, ruling: _Ruling) -> None:
    """A series that Freddie Mac alone carries: it shares the fate of its row's 30-year rate."""
    known = accepted.get(series, {})
    days = sorted(values)
    first_fresh = _first_fresh(days, known)
    before = _Before(known)
    checked = series == FIFTEEN_YEARS
    for day in days:
        value, have = values[day], known.get(day)
        fault = ruling.doubtful.get(day)
        if not fault and checked and day >= first_fresh and before.jumps_to(day, value):
            detail = f"{day}: {value:.2f} is far from {before.words}, and no other source has this series"
            fault = None if day in ruling.confirmed else ("jump", detail)
        if value == have:
            before.note(day, have)
        elif fault:
            ruling.held.append(Held(PMMS, Point(series, day, value), *fault))
            before.note(day, have)
        else:
            ruling.accepted.append(Accepted(PMMS, Point(series, day, value)))
            before.note(day, value)


class _Before:
    """The accepted value before the day that is looked at, as days go by in order."""

    def __init__(self, known: Mapping[date, float]) -> None:
        self._known = sorted(known.items())
        self._next = 0
        self._last: tuple[date, float] | None = None

    @property
    def words(self) -> str:
        return f"{self._last[1]:.2f} of {self._last[0]}" if self._last else "nothing"

    def jumps_to(self, day: date, value: float) -> bool:
        """Whether a value lies further away than the weeks since then allow."""
        while self._next < len(self._known) and self._known[self._next][0] < day:
            self.note(*self._known[self._next])
            self._next += 1
        if self._last is None:
            return False
        days = (day - self._last[0]).days
        weeks = 1 if days <= _LONGEST_WEEK_DAYS else ceil(days / 7)
        return abs(value - self._last[1]) > MAX_POINTS_A_WEEK * weeks + _EQUAL

    def note(self, day: date, value: float | None) -> None:
        """Take an accepted value as the newest; None leaves it as it is."""
        if value is not None and (self._last is None or day >= self._last[0]):
            self._last = (day, value)


def _first_fresh(days: list[date], known: Mapping[date, float]) -> date:
    """The first day that is no backfill."""
    return max(known, default=days[-1] if days else date.max)


def _by_series(reading: Reading) -> dict[str, dict[date, float]]:
    found: dict[str, dict[date, float]] = defaultdict(dict)
    for point in reading:
        found[point.series][point.day] = point.value
    return found
