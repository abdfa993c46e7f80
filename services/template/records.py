"""What a store gives back."""

from dataclasses import dataclass
from datetime import date, datetime

from services.template.fetching import Validators


@dataclass(frozen=True, slots=True)
class Observation:
    """An accepted value.

    Attributes:
        vintage: the day on which it was first seen with this value.
        sha256: of the raw file that it came in.
    """

    series: str
    day: date
    vintage: date
    value: float
    source: str
    flag: str
    fetched_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A raw file that was fetched."""

    id: int
    sha256: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A value that is held back, or a whole file: then series, date and value are empty."""

    source: str
    series: str
    date: str
    value: float | None
    reason: str
    detail: str
    sha256: str
    since: str
    released: str


@dataclass(frozen=True, slots=True)
class Check:
    """How the last look at a source ended."""

    source: str
    checked_at: datetime
    outcome: str
    detail: str
