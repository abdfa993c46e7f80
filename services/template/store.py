"""What a service keeps: accepted values with their vintages, raw files, quarantine, and the last checks."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.template.errors import Misconfigured
from services.template.fetching import Validators
from services.template.records import Check, KeptFile, Observation, Quarantined
from services.template.service import Accepted, Held, Reason

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    size INTEGER NOT NULL, fit INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
    first_fetched TEXT NOT NULL, last_fetched TEXT NOT NULL, UNIQUE (sha256, source, url));
CREATE TABLE IF NOT EXISTS observations (
    series TEXT NOT NULL, date TEXT NOT NULL, vintage TEXT NOT NULL, value REAL NOT NULL,
    source TEXT NOT NULL, flag TEXT NOT NULL, file INTEGER NOT NULL REFERENCES files (id),
    fetched_at TEXT NOT NULL, PRIMARY KEY (series, date, vintage)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, series TEXT NOT NULL, date TEXT NOT NULL,
    value REAL, reason TEXT NOT NULL, detail TEXT NOT NULL, file INTEGER NOT NULL REFERENCES files (id),
    since TEXT NOT NULL, released TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS checks (
    source TEXT PRIMARY KEY, checked_at TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL);
"""

_VALUE = "series, date, vintage, value, o.source, flag, fetched_at, sha256"

_Held = tuple[str, str, float | None, str]
"""Series, date, value, reason."""


class Store:
    """A SQLite file. Readers never wait for the writer.

    Raises:
        Misconfigured: when it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._reader, self._writer = _connect(path), _connect(path)
            self._writer.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise Misconfigured(f"CANDOR_HOME: cannot use {path} ({error})") from None
        self._reading = threading.Lock()
        self._writing = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()

    def last(self, series: str, day: date = date.max) -> Observation | None:
        """The accepted value on a day, or the last one before it."""
        rows = self._read(
            f"SELECT {_VALUE} FROM observations AS o JOIN files ON files.id = file "  # noqa: S608, our columns
            "WHERE series = ? AND date <= ? ORDER BY date DESC, vintage DESC LIMIT 1",
            (series, day.isoformat()),
        )
        return _observation(rows[0]) if rows else None

    def between(self, series: str, start: date, end: date, limit: int) -> list[Observation]:
        """Accepted values of a range of days, both ends included, oldest first."""
        rows = self._read(
            f"SELECT {_VALUE} FROM observations AS o JOIN files ON files.id = file "  # noqa: S608, our columns
            "WHERE series = ? AND date BETWEEN ? AND ? AND vintage = (SELECT max(vintage) FROM observations "
            "WHERE series = o.series AND date = o.date) ORDER BY date LIMIT ?",
            (series, start.isoformat(), end.isoformat(), limit),
        )
        return [_observation(row) for row in rows]

    def history(self, series: Iterable[str]) -> dict[str, dict[date, float]]:
        """All accepted values of some series, each day's newest vintage."""
        return {
            name: {
                date.fromisoformat(day): value
                for day, value in self._read(
                    "SELECT date, value FROM observations WHERE series = ? ORDER BY date, vintage", (name,)
                )
            }
            for name in series
        }

    def series(self) -> list[str]:
        """Names of the series that have a value."""
        return [name for (name,) in self._read("SELECT DISTINCT series FROM observations ORDER BY series")]

    def newest_fit(self, source: str, url: str) -> KeptFile | None:
        """The last file of a source from which values were taken."""
        rows = self._read(
            "SELECT id, sha256, etag, modified FROM files WHERE source = ? AND url = ? AND fit "
            "ORDER BY last_fetched DESC, id DESC LIMIT 1",
            (source, url),
        )
        return KeptFile(rows[0][0], rows[0][1], Validators(rows[0][2], rows[0][3])) if rows else None

    def quarantine(self, *, released: bool, limit: int) -> list[Quarantined]:
        """What is held back, newest first; `released` adds what was and is no more."""
        rows = self._read(
            "SELECT quarantine.source, series, date, value, reason, detail, sha256, since, released "
            "FROM quarantine JOIN files ON files.id = file WHERE released = '' OR ? "
            "ORDER BY quarantine.id DESC LIMIT ?",
            (released, limit),
        )
        return [Quarantined(*row) for row in rows]

    def held_after(self, series: str, day: date) -> str:
        """Why a newer value of a series is held back; empty when none is."""
        rows = self._read(
            "SELECT reason FROM quarantine "
            "WHERE series = ? AND date > ? AND released = '' ORDER BY date DESC",
            (series, day.isoformat()),
        )
        return str(rows[0][0]) if rows else ""

    def checks(self) -> dict[str, Check]:
        """How the last look at each source ended."""
        return {
            row[0]: Check(row[0], datetime.fromisoformat(row[1]), row[2], row[3])
            for row in self._read("SELECT source, checked_at, outcome, detail FROM checks")
        }

    def write_check(self, source: str, at: datetime, outcome: str, detail: str) -> None:
        """Note how a look at a source ended."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO checks VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET "
                "checked_at = excluded.checked_at, outcome = excluded.outcome, detail = excluded.detail",
                (source, at.isoformat(), outcome, detail),
            )

    def write_file(
        self,
        source: str,
        url: str,
        *,
        sha256: str,
        size: int,
        validators: Validators,
        at: datetime,
        fault: tuple[Reason, str] | None = None,
    ) -> int:
        """Note a raw file and give its id; with a fault it is quarantined, without one it is the newest."""
        with self._transaction() as connection:
            row = connection.execute(
                "INSERT INTO files "
                "(sha256, source, url, size, fit, etag, modified, first_fetched, last_fetched) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256, source, url) DO UPDATE SET "
                "fit = excluded.fit, etag = excluded.etag, modified = excluded.modified, "
                "last_fetched = excluded.last_fetched RETURNING id",
                (
                    *(sha256, source, url, size, fault is None, validators.etag, validators.modified),
                    *(at.isoformat(), at.isoformat()),
                ),
            ).fetchone()
            file = int(row[0])
            still: dict[_Held, str] = {("", "", None, fault[0]): fault[1]} if fault else {}
            _quarantine(connection, source, file, still, at, whole_files=True)
        return file

    def write_still_good(self, source: str, file: KeptFile, at: datetime) -> None:
        """Note that a file is the newest one still, which ends the quarantine of files that came after it."""
        with self._transaction() as connection:
            connection.execute("UPDATE files SET last_fetched = ? WHERE id = ?", (at.isoformat(), file.id))
            _quarantine(connection, source, file.id, {}, at, whole_files=True)

    def write_verdict(
        self, accepted: Sequence[Accepted], held: Sequence[Held], files: dict[str, int], at: datetime
    ) -> None:
        """Serve what was accepted, hold what was held, and release what is held no more.

        Args:
            accepted: values that are new or changed.
            held: every value that is held now.
            files: the file that each source's reading stands on.
            at: now; its day is the vintage.
        """
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (series, date, vintage) DO UPDATE SET value = excluded.value, "
                "source = excluded.source, flag = excluded.flag, file = excluded.file, "
                "fetched_at = excluded.fetched_at",
                [
                    (
                        one.point.series,
                        one.point.day.isoformat(),
                        at.date().isoformat(),
                        one.point.value,
                        one.source,
                        one.flag,
                        files[one.source],
                        at.isoformat(),
                    )
                    for one in accepted
                ],
            )
            for source, file in files.items():
                still: dict[_Held, str] = {
                    (one.point.series, one.point.day.isoformat(), one.point.value, one.reason): one.detail
                    for one in held
                    if one.source == source
                }
                _quarantine(connection, source, file, still, at, whole_files=False)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def _read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._reading:
            return self._reader.execute(query, values).fetchall()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _observation(row: Sequence[Any]) -> Observation:
    series, day, vintage, value, source, flag, fetched_at, sha256 = row
    return Observation(
        series,
        date.fromisoformat(day),
        date.fromisoformat(vintage),
        value,
        source,
        flag,
        datetime.fromisoformat(fetched_at),
        sha256,
    )


def _quarantine(
    connection: sqlite3.Connection,
    source: str,
    file: int,
    still: Mapping[_Held, str],
    at: datetime,
    *,
    whole_files: bool,
) -> None:
    """Make a source's open entries equal to what is still held: of whole files, or of values."""
    open_now = {
        (series, day, value, reason): entry
        for entry, series, day, value, reason in connection.execute(
            "SELECT id, series, date, value, reason FROM quarantine WHERE source = ? AND released = '' "
            "AND (series = '') = ?",
            (source, whole_files),
        )
    }
    for key, entry in open_now.items():
        if key not in still:
            connection.execute("UPDATE quarantine SET released = ? WHERE id = ?", (at.isoformat(), entry))
    for key, detail in still.items():
        if key not in open_now:
            connection.execute(
                "INSERT INTO quarantine (series, date, value, reason, source, detail, file, since) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, source, detail, file, at.isoformat()),
            )
