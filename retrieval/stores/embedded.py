"""The embedded store: shards of Qdrant's engine in this process, in one folder, with one owner."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from core.errors import IndexMissing
from retrieval.points import Filter, Hit, Point
from retrieval.stores import MOVED, Collection, Lookup, Record, slot
from retrieval.stores.shard import Shard, damaged

NAME = "candor"
"""What the shards of the embedded index are named after."""

Result = TypeVar("Result")


class EmbeddedStore:
    """Keeps points in shards below a folder; a file names the one that is searched.

    Only one may be open on a folder at a time, on the whole machine.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._pointer = folder / "current"
        self._changing = threading.RLock()
        self._shards: dict[str, Shard] = {}
        self._told: Shard | None = None
        self._current = self._named_in_file()
        if self._current:
            self.shard(self._current)

    @property
    def current(self) -> str:
        """Name of the shard that is searched; empty where there is none."""
        return self._current

    def shard(self, name: str) -> Shard:
        """The shard of a name, opened when it is there; it may be empty."""
        with self._changing:
            if name not in self._shards:
                self._shards[name] = Shard(self._folder / name)
            return self._shards[name]

    def point_to(self, name: str) -> None:
        """Have another shard searched from now on; an empty name stands for none."""
        with self._changing:
            if name:
                making = self._pointer.with_suffix(".making")
                making.write_text(name, encoding="utf-8")
                making.replace(self._pointer)
            else:
                self._pointer.unlink(missing_ok=True)
            self._current = name

    def collection(self) -> Collection | None:  # noqa: D102 see Store
        self._told = self.shard(self._current) if self._current else None
        return None if self._told is None else self._told.collection()

    def create(self, collection: Collection) -> None:  # noqa: D102 see Store
        with self._changing:
            if self.collection() is None:
                name = slot(NAME, collection)
                self.shard(name).create(collection)
                self.point_to(name)

    def drop(self) -> None:  # noqa: D102 see Store
        with self._changing:
            name = self._current
            self.point_to("")
            self._told = None
            if name:
                self.shard(name).drop()

    def upsert(self, points: Sequence[Point]) -> None:  # noqa: D102 see Store
        self._call(lambda shard: shard.upsert(points))

    def delete(self, where: Filter) -> None:  # noqa: D102 see Store
        self._call(lambda shard: shard.delete(where))

    def search(self, lookup: Lookup) -> list[Hit]:  # noqa: D102 see Store
        return self._call(lambda shard: shard.search(lookup))

    def scroll(self, where: Filter, fields: Sequence[str] | None = None) -> Iterator[Record]:  # noqa: D102 see Store
        yield from self._call(lambda shard: shard.scroll(where, fields))

    def count(self, where: Filter) -> int:  # noqa: D102 see Store
        return self._call(lambda shard: shard.count(where))

    def beside(self, collection: Collection) -> Shard:  # noqa: D102 see Store
        with self._changing:
            name = slot(NAME, collection)
            self._forget_others({self._current, name})
            self.shard(name).create(collection)
            return self.shard(name)

    def switch(self, collection: Collection) -> None:  # noqa: D102 see Store
        with self._changing:
            if self.shard(slot(NAME, collection)).collection() != collection:
                raise IndexMissing(
                    "there is no finished index to switch to: run `candor index reembed` again"
                )
            old = self._current
            self.point_to(slot(NAME, collection))
            self._told = None
            if old not in ("", self._current):
                self.shard(old).drop()

    def optimize(self) -> bool:
        """Make search faster in a large index; see `Shard.optimize`."""
        return self._call(lambda shard: shard.optimize())

    def close(self) -> None:  # noqa: D102 see Store
        with self._changing:
            for shard in self._shards.values():
                shard.close()
            self._current = ""
            self._told = None

    def _call(self, action: Callable[[Shard], Result]) -> Result:
        """Do something with the shard that the caller was told of."""
        told = self._told
        shard = told or self.shard(self._current or "none")
        try:
            return action(shard)
        except IndexMissing:
            if told is not None and self._current not in ("", self._name(told)):
                raise IndexMissing(MOVED) from None
            raise

    def _name(self, shard: Shard) -> str:
        return next((name for name, each in self._shards.items() if each is shard), "")

    def _named_in_file(self) -> str:
        try:
            name = self._pointer.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return ""
        if name not in {folder.name for folder in self._folder.iterdir() if folder.is_dir()}:
            raise damaged(self._folder, "the file `current` names no folder of it")
        return name

    def _forget_others(self, kept: set[str]) -> None:
        """Remove what an unfinished re-embedding for yet another embedder has left."""
        for folder in self._folder.glob(f"{NAME}-*"):
            if folder.is_dir() and folder.name not in kept:
                if folder.name in self._shards:
                    self._shards[folder.name].drop()
                shutil.rmtree(folder, ignore_errors=True)
