"""The shared store: one embedded index under CANDOR_HOME, whichever of this host's processes owns it."""

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from core import plugins
from core.deadline import Deadline
from core.errors import IndexUnavailable, Misconfigured
from core.settings import HomeSettings
from retrieval.points import Filter, Hit, Point
from retrieval.stores import Collection, Lookup, Points, Record, Store, StoreSettings
from retrieval.stores.embedded import NAME, EmbeddedStore

_PAUSE = 0.02  # seconds between two looks for an owner
_SETTING = "CANDOR_HOME"

Result = TypeVar("Result")


class Server(Protocol):
    """What serves the index to other processes."""

    url: str
    key: str

    def close(self) -> None:
        """Stop serving."""
        ...


@dataclass(frozen=True, slots=True)
class _Share:
    """This process's part in the index: an owner has the lock and a server, a client neither."""

    store: Store
    lock: int | None = None
    server: Server | None = None


class SharedStore:
    """Owns the embedded index and serves it, or else is a client of the process that does.

    A lock on a file decides; the system releases it when its process ends, however it ends. A client whose
    owner is gone tries for the lock at its next call, so that one of them takes over, and then makes the call
    once more: each call of a store may be repeated.

    Args:
        folder: of the index; made when it is missing.
        patience: seconds in which an owner must answer, or be dead and replaced.
        timeout: seconds of one call of the owner; on loopback a healthy one takes milliseconds.
    """

    def __init__(self, folder: Path, *, patience: float = 10.0, timeout: int = 5) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._patience = patience
        self._timeout = timeout
        self._address = folder / "address.json"
        self._opening = threading.Lock()
        self._closed = False
        self._share: _Share | None = None
        self._shared()

    @property
    def owner(self) -> bool:
        """Whether this process owns the index, and so serves it."""
        return self._share is not None and self._share.lock is not None

    @property
    def url(self) -> str:
        """Where this process serves the index; empty where another one does."""
        return self._share.server.url if self._share is not None and self._share.server else ""

    def collection(self) -> Collection | None:  # noqa: D102 see Store
        return self._call(lambda store: store.collection())

    def create(self, collection: Collection) -> None:  # noqa: D102 see Store
        self._call(lambda store: store.create(collection))

    def drop(self) -> None:  # noqa: D102 see Store
        self._call(lambda store: store.drop())

    def upsert(self, points: Sequence[Point]) -> None:  # noqa: D102 see Store
        self._call(lambda store: store.upsert(points))

    def delete(self, where: Filter) -> None:  # noqa: D102 see Store
        self._call(lambda store: store.delete(where))

    def search(self, lookup: Lookup) -> list[Hit]:  # noqa: D102 see Store
        return self._call(lambda store: store.search(lookup))

    def scroll(self, where: Filter, fields: Sequence[str] | None = None) -> Iterator[Record]:  # noqa: D102 see Store
        # Whole, since the owner may change between two pages.
        yield from self._call(lambda store: list(store.scroll(where, fields)))

    def count(self, where: Filter) -> int:  # noqa: D102 see Store
        return self._call(lambda store: store.count(where))

    def beside(self, collection: Collection) -> Points:  # noqa: D102 see Store
        return self._call(lambda store: store.beside(collection))

    def switch(self, collection: Collection) -> None:  # noqa: D102 see Store
        self._call(lambda store: store.switch(collection))

    def close(self) -> None:  # noqa: D102 see Store
        with self._opening:
            self._closed = True
            share, self._share = self._share, None
            if share is None:
                return
            if share.server is not None:
                share.server.close()
                self._address.unlink(missing_ok=True)
            share.store.close()
            if share.lock is not None:
                os.close(share.lock)

    def _call(self, action: Callable[[Store], Result]) -> Result:
        share = self._shared()
        try:
            return action(share.store)
        except (IndexUnavailable, Misconfigured):
            if share.lock is not None:
                raise
        with self._opening:
            if self._share is share:
                self._share = None
                share.store.close()
        return action(self._shared().store)

    def _shared(self) -> _Share:
        """This process's part, found anew where there is none.

        Raises:
            IndexUnavailable: another process holds the lock, but does not answer in time.
        """
        share = self._share
        if share is not None:
            return share
        with self._opening:
            if self._closed:
                raise IndexUnavailable("the index was closed in this process")
            deadline = Deadline(self._patience)
            while self._share is None:
                self._share = self._own() or self._join()
                if self._share is None and not deadline.remaining():
                    raise IndexUnavailable(
                        f"{_SETTING}: another process holds the index in {self._folder}, but does not answer"
                    )
                if self._share is None:
                    time.sleep(_PAUSE)
            return self._share

    def _own(self) -> _Share | None:
        """Take the lock, open the index and serve it; None where another process has the lock."""
        lock = _locked(self._folder)
        if lock is None:
            return None
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, lock)
            self._address.unlink(missing_ok=True)
            store = EmbeddedStore(self._folder)
            undo.callback(store.close)
            member = plugins.load("retrieval.stores", "serve", setting=_SETTING)
            server: Server = member.LoopbackServer(store)
            undo.callback(server.close)
            self._publish(server)
            undo.pop_all()
        return _Share(store, lock, server)

    def _publish(self, server: Server) -> None:
        """Write where the index is served, for this user's eyes only."""
        making = self._address.with_suffix(".making")
        making.unlink(missing_ok=True)
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"url": server.url, "key": server.key}, file)
        making.replace(self._address)

    def _join(self) -> _Share | None:
        """Become a client of the process that serves the index; None where none answers yet."""
        try:
            address = json.loads(self._address.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        member = plugins.load("retrieval.stores", "server", setting=_SETTING)
        store: Store = member.connect(
            address["url"], address["key"], self._timeout, name=NAME, setting=_SETTING, trust_env=False
        )
        try:
            store.collection()
        except (IndexUnavailable, Misconfigured):
            store.close()
            return None
        return _Share(store)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[EmbeddedStore]:
    """The embedded index for this process alone, served to nobody.

    Raises:
        Misconfigured: another process has it open.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _locked(folder)
    if lock is None:
        raise Misconfigured(
            f"{_SETTING}: another process has the index in {folder} open; stop it, and run this again"
        )
    try:
        with contextlib.closing(EmbeddedStore(folder)) as store:
            yield store
    finally:
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """The lock on a folder, which closing it gives back; None where another process has it."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def index_folder(home: HomeSettings) -> Path:
    """Where the embedded index lies."""
    return home.folder() / "index"


def create(_settings: StoreSettings, home: HomeSettings) -> SharedStore:
    """The index under CANDOR_HOME.

    Raises:
        IndexUnavailable: another process holds it and does not answer.
    """
    return SharedStore(index_folder(home))
