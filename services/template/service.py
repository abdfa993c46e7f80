"""The words of a service, and what a service is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from services.template.errors import Fault

Reason = Fault | Literal["disagreement", "jump"]
"""Why a value or a file is quarantined."""

Flag = Literal["", "jump_confirmed"]
"""What is remarkable about an accepted value."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series, as a source reports it."""

    series: str
    day: date
    value: float


Reading = tuple[Point, ...]
"""All that one file says, in ascending order of dates."""

History = Mapping[str, Mapping[date, float]]
"""Accepted values: series, date, value."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a series measures.

    Attributes:
        unit: of its values, such as `percent`.
        note: what a reader of a value must know, such as that it is an average and not an offer.
        ended: the last date, where the source has discontinued the series.
    """

    name: str
    title: str
    unit: str
    note: str = ""
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where values come from.

    Attributes:
        parse: the values of a file; raises `Unfit` for a file from which nothing may be taken.
        rolling: whether a file may leave out what an earlier one had, such as a file of one day.
        page: the source's own page for readers, or empty.
    """

    name: str
    title: str
    attribution: str
    url: str
    parse: Callable[[bytes], Reading]
    rolling: bool = False
    page: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a judge looks at.

    Attributes:
        readings: of each source that has one: its newest fit file, which may be an earlier day's.
        accepted: what is served already.
    """

    readings: Mapping[str, Reading]
    accepted: History


@dataclass(frozen=True, slots=True)
class Accepted:
    """A value that is new, or differs from the one that is served, and may be served."""

    source: str
    point: Point
    flag: Flag = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A value that is not served, and why."""

    source: str
    point: Point
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the values of one sync."""

    accepted: tuple[Accepted, ...] = ()
    held: tuple[Held, ...] = ()


Judge = Callable[[Evidence], Verdict]


def accept_all(evidence: Evidence) -> Verdict:
    """The judge of a service whose sources need no second opinion: whatever a fit file says is accepted."""
    return Verdict(
        tuple(
            Accepted(source, point)
            for source, reading in evidence.readings.items()
            for point in reading
            if evidence.accepted.get(point.series, {}).get(point.day) != point.value
        )
    )


@dataclass(frozen=True, slots=True)
class Service:
    """A service of dated values.

    Attributes:
        name: its command, and its folder below the data folder.
        describe: what a series measures, by its name; None when there can be none of that name.
        headline: the series that are meant when none is named.
        bundled: a CSV with the columns series, date, value, source and attribution, served for a series that
            has never been synced; None when there is none.
        max_age_days: days after which a value is stale.
    """

    name: str
    title: str
    description: str
    sources: tuple[Source, ...]
    describe: Callable[[str], Series | None]
    headline: tuple[str, ...]
    judge: Judge = field(default=accept_all)
    bundled: Path | None = None
    max_age_days: int = 9
