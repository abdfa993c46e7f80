"""One sync: look at each source, keep what came, judge it together, and serve what may be served."""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from services.template.errors import SyncRuns, Unfit, Unreachable
from services.template.fetching import Fetch, Validators, fetch, without_query
from services.template.rawfiles import RawFiles
from services.template.service import Evidence, Reading, Reason, Service, Source
from services.template.store import Store

Outcome = Literal["new", "not_modified", "unreachable", "quarantined"]

Clock = Callable[[], datetime]
"""Now, with a time zone."""

_MAX_CORRECTED_ROWS = 3
"""A source may take back this many of its dates in one file; more means that a part of it is missing."""

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Looked:
    """How the look at one source ended."""

    source: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one sync did.

    Attributes:
        accepted: how many values are new or changed.
        held: how many values are held back now.
    """

    looked: tuple[Looked, ...]
    accepted: int
    held: int


class Sync:
    """Makes the store equal to what the sources say, as far as that may be believed."""

    def __init__(
        self, service: Service, store: Store, files: RawFiles, *, clock: Clock = utc_now, get: Fetch = fetch
    ) -> None:
        self._service = service
        self._store = store
        self._files = files
        self._clock = clock
        self._get = get
        self._running = threading.Lock()

    @property
    def running(self) -> bool:
        """Whether a sync is under way."""
        return self._running.locked()

    def run(self) -> Report:
        """Run one sync. A source that fails costs only itself; its last fit file still takes part.

        Raises:
            SyncRuns: when one is under way already.
        """
        if not self._running.acquire(blocking=False):
            raise SyncRuns("a sync is under way already")
        try:
            return self._run()
        finally:
            self._running.release()

    def _run(self) -> Report:
        looked = tuple(self._look(source) for source in self._service.sources)
        readings: dict[str, Reading] = {}
        files: dict[str, int] = {}
        for source in self._service.sources:
            kept = self._newest(source)
            if kept:
                files[source.name], readings[source.name] = kept
        series = {point.series for reading in readings.values() for point in reading}
        verdict = self._service.judge(Evidence(readings, self._store.history(series)))
        self._store.write_verdict(verdict.accepted, verdict.held, files, self._clock())
        for one in looked:
            self._store.write_check(one.source, self._clock(), one.outcome, one.detail)
            if one.outcome in ("unreachable", "quarantined"):
                _log.warning("source %s: %s", one.source, one.detail)
        return Report(looked, len(verdict.accepted), len(verdict.held))

    def _look(self, source: Source) -> Looked:
        known = self._store.newest_fit(source.name, _address(source))
        if known and not self._files.has(known.sha256):
            known = None
        try:
            fetched = self._get(source.url, known.validators if known else Validators())
        except Unreachable as error:
            return Looked(source.name, "unreachable", str(error))
        except Unfit as error:
            return self._refuse(source, error.body, error)
        if fetched is None:
            if known:
                self._store.write_still_good(source.name, known, self._clock())
            return Looked(source.name, "not_modified")
        try:
            self._compare(source, _parse(source, fetched.body))
        except Unfit as error:
            return self._refuse(source, fetched.body, error)
        sha256 = self._files.keep(fetched.body)
        self._write_file(source, sha256, len(fetched.body), fetched.validators)
        same = known is not None and known.sha256 == sha256
        return Looked(source.name, "not_modified" if same else "new")

    def _refuse(self, source: Source, body: bytes, error: Unfit) -> Looked:
        fault = (error.fault, str(error))
        self._write_file(source, self._files.keep(body), len(body), Validators(), fault)
        return Looked(source.name, "quarantined", f"{error.fault}: {error}")

    def _write_file(
        self,
        source: Source,
        sha256: str,
        size: int,
        validators: Validators,
        fault: tuple[Reason, str] | None = None,
    ) -> None:
        self._store.write_file(
            source.name,
            _address(source),
            sha256=sha256,
            size=size,
            validators=validators,
            at=self._clock(),
            fault=fault,
        )

    def _newest(self, source: Source) -> tuple[int, Reading] | None:
        """The newest fit file of a source, taken apart."""
        kept = self._store.newest_fit(source.name, _address(source))
        if kept is None:
            return None
        try:
            return kept.id, _parse(source, self._files.read(kept.sha256))
        except (OSError, Unfit) as error:
            _log.warning("source %s: the kept file %s is of no use (%s)", source.name, kept.sha256, error)
            return None

    def _compare(self, source: Source, reading: Reading) -> None:
        """Hold a file against the source's last one, and against the calendar.

        Raises:
            Unfit: it is older, lacks a part, or knows the future.
        """
        dates = _dates(reading)
        first, last = min(dates), max(dates)
        # A day of grace, since the day begins earlier elsewhere.
        if last > self._clock().date() + timedelta(days=1):
            raise Unfit("future_date", f"it has a value for {last}, which is still to come")
        kept = self._newest(source)
        if kept is None:
            return
        before = _dates(kept[1])
        newest = max(before)
        if last < newest:
            if not source.rolling and dates < before and first == min(before):
                raise Unfit("cut_off", f"it ends on {last}; the file before it went on to {newest}")
            raise Unfit("dates_backwards", f"it ends on {last}; the file before it ended on {newest}")
        missing = {day for day in before if first <= day <= last} - dates
        if len(missing) > _MAX_CORRECTED_ROWS and not source.rolling:
            raise Unfit("cut_off", f"it lacks {len(missing)} dates that the file before it had")


def _parse(source: Source, body: bytes) -> Reading:
    try:
        reading = source.parse(body)
    except Unfit:
        raise
    except Exception as error:
        _log.exception("source %s: its parser failed", source.name)
        raise Unfit("unreadable", f"it cannot be read ({type(error).__name__})") from error
    if not reading:
        raise Unfit("unreadable", "it has no value")
    return reading


def _address(source: Source) -> str:
    """What tells a source's addresses apart in the store, which shall not hold the keys in them."""
    digest = hashlib.sha256(source.url.encode()).hexdigest()
    return f"{without_query(source.url)}#{digest[:16]}"


def _dates(reading: Reading) -> set[date]:
    return {point.day for point in reading}
