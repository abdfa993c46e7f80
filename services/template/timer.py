"""The service's own clock: a sync at the start when one is due, and then one a day."""

import logging
import threading
from datetime import timedelta

from services.template.errors import SyncRuns
from services.template.store import Store
from services.template.sync import Clock, Sync, utc_now

RETRY = timedelta(hours=1)
"""After a sync in which a source failed."""

_log = logging.getLogger(__name__)


class Timer:
    """A thread that syncs. It ends with `close`, in the middle of a wait if need be."""

    def __init__(
        self, sync: Sync, store: Store, sources: list[str], hours: float, clock: Clock = utc_now
    ) -> None:
        self._sync = sync
        self._store = store
        self._sources = sources
        self._every = timedelta(hours=hours)
        self._clock = clock
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync-timer", daemon=True)

    def start(self) -> None:
        """Begin; the first sync runs in the timer's own thread."""
        self._thread.start()

    def close(self) -> None:
        """End. A download under way is left to end with the process."""
        self._closing.set()
        self._thread.join(timeout=1)

    def seconds(self) -> float:
        """Until the next sync is due."""
        checks = self._store.checks()
        if not checks.keys() >= set(self._sources):
            return 0
        dues = (
            check.checked_at
            + (min(RETRY, self._every) if check.outcome in ("unreachable", "quarantined") else self._every)
            for check in checks.values()
            if check.source in self._sources
        )
        return max(0.0, (min(dues) - self._clock()).total_seconds())

    def _run(self) -> None:
        while not self._closing.wait(self.seconds()):
            try:
                self._sync.run()
            except SyncRuns:
                self._closing.wait(1)
            except Exception:  # noqa: BLE001, the last edge of a thread: it waits and goes on
                if self._closing.is_set():
                    return
                _log.exception("a sync failed")
                self._closing.wait(RETRY.total_seconds())
