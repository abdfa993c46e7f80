"""Loaders read files as documents; each module here reads one kind."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core import plugins
from core.documents import Document
from core.errors import Misconfigured
from core.messages import EVERYONE

LARGEST_FILE = 50 * 1024 * 1024
"""Bytes of the largest file that is read."""

SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
    ".text": "text",
    ".rst": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""Which member reads files with which suffix; a member is imported when its first file turns up."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or document that was left out. `path` is as `Document.id` would be; `reason` is plain words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a loader finds in a file: Markdown, and title and date (ISO 8601 day) or empty."""

    text: str
    title: str = ""
    date: str = ""


class UnreadableError(Exception):
    """A file is not what its name promises; the text is the plain reason."""


class Loader(Protocol):
    """A module that reads one kind of file."""

    def load(self, data: bytes) -> Content:
        """Read the bytes of a file.

        Raises:
            UnreadableError: with the reason.
        """
        ...


def read_source(
    location: Path, source_id: str, readers: Sequence[str] = (EVERYONE,)
) -> Iterator[Document | Skipped]:
    """Read all documents of a folder, in the order of their paths, or one file.

    Hidden files and folders (a leading dot) are passed over in silence. `Document.id` is the POSIX path below
    the folder, or the name of the one file; `Document.link` is the absolute path.

    Args:
        location: the folder or file.
        source_id: the source that the documents belong to.
        readers: groups that may read them.

    Raises:
        Misconfigured: nothing is there, or the folder cannot be listed.
    """
    location = location.expanduser().absolute()
    if location.is_dir():
        root = location
        paths: Iterator[Path | Skipped] = _walk(location)
    elif location.exists():
        root = location.parent
        paths = iter((location,))
    else:
        raise Misconfigured(f"{location}: no such file or folder")
    for path in paths:
        if isinstance(path, Skipped):
            yield path
            continue
        name = path.relative_to(root).as_posix()
        try:
            yield _read(path, root, name, source_id, tuple(readers))
        except UnreadableError as error:
            yield Skipped(_printable(name), str(error))
        except OSError as error:
            yield Skipped(_printable(name), f"it cannot be read ({error.strerror or error})")


def count(location: Path) -> int:
    """How many files `read_source` will look at; 0 where there is nothing.

    Raises:
        Misconfigured: the folder cannot be listed.
    """
    return sum(1 for _ in _walk(location)) if location.is_dir() else int(location.exists())


def _walk(root: Path) -> Iterator[Path | Skipped]:
    """Files below a folder, sorted by their path; links to folders are not followed."""
    failures: list[OSError] = []
    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=failures.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(Path(folder, name) for name in files if not name.startswith("."))
    for failure in failures:
        if Path(failure.filename) == root:
            raise Misconfigured(f"{root}: the folder cannot be listed ({failure.strerror})")
        folder = Path(failure.filename).relative_to(root).as_posix()
        yield Skipped(_printable(folder), f"the folder cannot be listed ({failure.strerror})")
    yield from sorted(found, key=lambda path: path.relative_to(root).parts)


def _read(path: Path, root: Path, name: str, source_id: str, readers: tuple[str, ...]) -> Document:
    if name != _printable(name):
        raise UnreadableError("its name is not UTF-8")
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise UnreadableError("it is a link that leads out of the source's folder")
    if not path.exists():
        raise UnreadableError("it is a link to nothing")
    if not path.is_file():
        raise UnreadableError("it is not a regular file")
    member = SUFFIXES.get(path.suffix.lower())
    if member is None:
        raise UnreadableError(
            f"files that end in {path.suffix} are not supported" if path.suffix else "it has no suffix"
        )
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise UnreadableError(
            f"it is too large ({size / 2**20:.0f} MB; the most is {LARGEST_FILE // 2**20} MB)"
        )
    loader: Loader = plugins.load(__name__, member, setting=path.suffix)
    content = loader.load(path.read_bytes())
    if not content.text.strip():
        raise UnreadableError("it has no text")
    return Document(
        id=name,
        source_id=source_id,
        title=content.title or path.name,
        text=content.text,
        link=str(path),
        readers=readers,
        date=content.date,
    )


def _printable(name: str) -> str:
    """A file name without the stand-ins for bytes that are not UTF-8, which could not be stored or shown."""
    return name.encode("utf-8", "replace").decode()
