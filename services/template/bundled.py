"""A small history that ships with a service, for a machine that has not synced yet."""

import csv
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BundledValue:
    """One row of the file."""

    series: str
    day: date
    value: float
    source: str
    attribution: str


class Bundled:
    """The rows of a CSV with the columns series, date, value, source and attribution."""

    def __init__(self, path: Path | None) -> None:
        self._series: dict[str, list[BundledValue]] = {}
        if path is not None:
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    value = BundledValue(
                        row["series"],
                        date.fromisoformat(row["date"]),
                        float(row["value"]),
                        row["source"],
                        row["attribution"],
                    )
                    self._series.setdefault(value.series, []).append(value)
        for values in self._series.values():
            values.sort(key=lambda value: value.day)

    def series(self) -> list[str]:
        """Names of the series in the file."""
        return sorted(self._series)

    def last(self, series: str, day: date = date.max) -> BundledValue | None:
        """The value on a day, or the last one before it."""
        values = self._series.get(series, [])
        place = bisect_right(values, day, key=lambda value: value.day)
        return values[place - 1] if place else None

    def between(self, series: str, start: date, end: date) -> list[BundledValue]:
        """Values in a range of days, both ends included, oldest first."""
        return [value for value in self._series.get(series, []) if start <= value.day <= end]
