"""What a service answers, the same over HTTP and over MCP."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.template.bundled import Bundled, BundledValue
from services.template.errors import NoSuchValue
from services.template.fetching import without_query
from services.template.records import Observation
from services.template.service import Series, Service
from services.template.store import Store
from services.template.sync import Clock, Sync, utc_now

MAX_VALUES = 10_000


class Frozen(BaseModel):
    """Plain data that leaves the service."""

    model_config = ConfigDict(frozen=True)


class Value(Frozen):
    """One value, with all that a reader needs to judge it."""

    series: str
    title: str
    value: float
    unit: str = Field(description="Of the value, such as `percent`.")
    as_of: date = Field(description="The day that the value is for.")
    published_at: date = Field(description="The day on which the source published it.")
    vintage: date | None = Field(description="The day on which it was first seen here; null when bundled.")
    fetched_at: AwareDatetime | None = Field(description="When it was downloaded; null when bundled.")
    source: str
    attribution: str
    url: str = Field(
        description="The source's own page, where a reader can look it up; empty when it has none."
    )
    sha256: str = Field(description="Of the raw file that it came in; empty when bundled.")
    flags: list[Literal["jump_confirmed"]] = Field(
        description="`jump_confirmed`: it moved unusually far, and a second source says the same."
    )
    bundled: bool = Field(description="Whether it is from the history that ships with the service.")
    stale: bool = Field(description="Whether it is too old for the day that was asked for.")
    stale_reason: str = Field(description="Why it is stale; empty when it is not.")
    note: str = Field(description="What a reader must know, such as that an average is not an offer.")


class Values(Frozen):
    """Some values."""

    values: list[Value]


class Span(Frozen):
    """The values of a range of days, oldest first."""

    values: list[Value]
    complete: bool = Field(description="False when there are more than the limit.")


class SeriesInfo(Frozen):
    """A series that has values."""

    name: str
    title: str
    unit: str
    note: str
    ended: date | None = Field(description="The last date, where the source has discontinued it.")


class SeriesList(Frozen):
    """All series that have values."""

    series: list[SeriesInfo]


class SourceHealth(Frozen):
    """How the last look at a source ended."""

    name: str
    title: str
    url: str = Field(description="Without its query, where a key may stand.")
    outcome: Literal["never", "new", "not_modified", "unreachable", "quarantined"]
    detail: str
    checked_at: AwareDatetime | None


class Health(Frozen):
    """How the service is."""

    status: Literal["ok", "starting", "degraded"] = Field(
        description="`starting`: nothing synced yet. `degraded`: a source failed or something is quarantined."
    )
    syncing: bool
    bundled: bool = Field(description="Whether a headline value is still from the bundled history.")
    quarantined: int
    sources: list[SourceHealth]


class QuarantinedValue(Frozen):
    """A value, or a whole file, that is not served."""

    source: str
    series: str = Field(description="Empty for a whole file.")
    as_of: date | None
    value: float | None
    reason: str
    detail: str
    sha256: str
    since: AwareDatetime
    released_at: AwareDatetime | None


class Quarantine(Frozen):
    """What is held back, newest first."""

    entries: list[QuarantinedValue]


class Answers:
    """Reads the store; where a series has never been synced, the bundled history."""

    def __init__(self, service: Service, store: Store, sync: Sync, clock: Clock = utc_now) -> None:
        self._service = service
        self._store = store
        self._sync = sync
        self._clock = clock
        self._bundled = Bundled(service.bundled)
        self._sources = {source.name: source for source in service.sources}

    def latest(self, series: list[str] | None = None) -> Values:
        """The last accepted value of each series; the headline series when none is named.

        Raises:
            NoSuchValue: naming the first series that is unknown or has no value.
        """
        today = self._clock().date()
        return Values(values=[self._one(name, date.max, today) for name in series or self._service.headline])

    def as_of(self, day: date, series: list[str] | None = None) -> Values:
        """The value of each series on a day, or the last one before it.

        Raises:
            NoSuchValue: naming the first series that is unknown or has no value so early.
        """
        asked = min(day, self._clock().date())
        return Values(values=[self._one(name, day, asked) for name in series or self._service.headline])

    def between(self, series: str, start: date, end: date, limit: int = 1000) -> Span:
        """The values of one series in a range of days, both ends included, oldest first.

        Raises:
            NoSuchValue: when the series is unknown.
        """
        known = self._describe(series)
        if self._store.last(series):
            found = self._store.between(series, start, end, limit + 1)
            values = [self._synced(known, one, one.day) for one in found]
        else:
            values = [self._shipped(known, one) for one in self._bundled.between(series, start, end)]
        return Span(values=values[:limit], complete=len(values) <= limit)

    def series(self) -> SeriesList:
        """All series that have values."""
        names = sorted({*self._store.series(), *self._bundled.series()})
        return SeriesList(
            series=[
                SeriesInfo(name=one.name, title=one.title, unit=one.unit, note=one.note, ended=one.ended)
                for one in map(self._describe, names)
            ]
        )

    def health(self) -> Health:
        """How the service is."""
        checks = self._store.checks()
        held = len(self._store.quarantine(released=False, limit=MAX_VALUES))
        sources = []
        for source in self._service.sources:
            check = checks.get(source.name)
            sources.append(
                SourceHealth(
                    name=source.name,
                    title=source.title,
                    url=without_query(source.url),
                    outcome=check.outcome if check else "never",
                    detail=check.detail if check else "",
                    checked_at=check.checked_at if check else None,
                )
            )
        failed = any(one.outcome in ("unreachable", "quarantined") for one in sources)
        starting = all(one.outcome == "never" for one in sources)
        return Health(
            status="starting" if starting else "degraded" if failed or held else "ok",
            syncing=self._sync.running,
            bundled=any(self._store.last(name) is None for name in self._service.headline),
            quarantined=held,
            sources=sources,
        )

    def quarantine(self, *, released: bool = False, limit: int = 1000) -> Quarantine:
        """What is held back and why; `released` adds what was and is no more."""
        return Quarantine(
            entries=[
                QuarantinedValue(
                    source=one.source,
                    series=one.series,
                    as_of=date.fromisoformat(one.date) if one.date else None,
                    value=one.value,
                    reason=one.reason,
                    detail=one.detail,
                    sha256=one.sha256,
                    since=one.since,
                    released_at=one.released or None,
                )
                for one in self._store.quarantine(released=released, limit=limit)
            ]
        )

    def _describe(self, series: str) -> Series:
        known = self._service.describe(series)
        if known is None:
            raise NoSuchValue(f"there is no series {series!r}")
        return known

    def _one(self, series: str, day: date, asked: date) -> Value:
        known = self._describe(series)
        found = self._store.last(series, day)
        if found:
            return self._synced(known, found, asked)
        shipped = None if self._store.last(series) else self._bundled.last(series, day)
        if shipped:
            return self._shipped(known, shipped)
        early = "" if day == date.max else f" on or before {day}"
        raise NoSuchValue(f"the series {series!r} has no value{early}")

    def _synced(self, known: Series, one: Observation, asked: date) -> Value:
        reason = self._stale(known, one, asked)
        source = self._sources.get(one.source)
        return Value(
            series=one.series,
            title=known.title,
            value=one.value,
            unit=known.unit,
            as_of=one.day,
            published_at=one.day,
            vintage=one.vintage,
            fetched_at=one.fetched_at,
            source=source.title if source else one.source,
            attribution=source.attribution if source else "",
            url=source.page if source else "",
            sha256=one.sha256,
            flags=["jump_confirmed"] if one.flag == "jump_confirmed" else [],
            bundled=False,
            stale=bool(reason),
            stale_reason=reason,
            note=known.note,
        )

    def _stale(self, known: Series, one: Observation, asked: date) -> str:
        """Why a value is too old for the day that was asked for; empty when it is not."""
        days = (asked - one.day).days
        if days <= self._service.max_age_days:
            return ""
        reason = (
            f"older than {self._service.max_age_days} days: it is from {one.day}, {days} days before {asked}"
        )
        if known.ended:
            reason += f"; the source ended this series on {known.ended}"
        held = self._store.held_after(one.series, one.day)
        return f"{reason}; a newer value is quarantined ({held})" if held else reason

    def _shipped(self, known: Series, one: BundledValue) -> Value:
        last = self._bundled.last(one.series) or one
        return Value(
            series=one.series,
            title=known.title,
            value=one.value,
            unit=known.unit,
            as_of=one.day,
            published_at=one.day,
            vintage=None,
            fetched_at=None,
            source=one.source,
            attribution=one.attribution,
            url=next((each.page for each in self._sources.values() if each.title == one.source), ""),
            sha256="",
            flags=[],
            bundled=True,
            stale=True,
            stale_reason=f"bundled history that ends on {last.day}; this service has not synced yet",
            note=known.note,
        )
