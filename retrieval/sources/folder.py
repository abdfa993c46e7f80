"""Folders and files as sources."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from core.documents import Document
from core.errors import Misconfigured, Unavailable
from retrieval.loaders import LARGEST_FILE, SUFFIXES, Skipped, UnreadableError
from retrieval.sources.documents import Origin, documents
from retrieval.sources.parser import Parser
from retrieval.sources.readers import Readers

_TABLES = frozenset({"csv", "jsonl", "xlsx"})
"""Members that make many documents of one file."""

_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


def read(
    location: Path, source_id: str, readers: tuple[str, ...], parser: Parser
) -> Iterator[Document | Skipped]:
    """Read a folder's files in the order of their paths, or one file.

    Hidden files and folders (a leading dot) are passed over in silence. `Document.id` is the POSIX path below
    the folder, or the name of the one file; records of a table have their own name behind a `#`, or, where
    the file is the whole source, alone. `Document.link` is the absolute path.

    Raises:
        Misconfigured: nothing is there, or the folder cannot be listed.
        Unavailable: the one file cannot be read just now.
    """
    root, alone = (location, False) if location.is_dir() else (location.parent, True)
    if alone and not location.exists():
        raise Misconfigured(f"{location}: no such file or folder")
    may_read = Readers(root, readers)
    for path in iter((location,)) if alone else _walk(root):
        if isinstance(path, Skipped):
            yield path
            continue
        name = path.relative_to(root).as_posix()
        try:
            groups = may_read.of(path.parent)
            found = parser.parse(*_file(path, root, name))
        except UnreadableError as error:
            if alone and error.keep:
                raise Unavailable(f"{path}: {error}") from None
            yield Skipped(_printable(name), str(error), error.keep)
        else:
            yield from documents(found, Origin(name, source_id, str(path), groups, alone))


def count(location: Path) -> int | None:
    """How many files there are to read, 0 where there is nothing; None where one of them is a table.

    Raises:
        Misconfigured: the folder cannot be listed.
    """
    paths = list(_walk(location)) if location.is_dir() else [location] * location.exists()
    tables = any(isinstance(path, Path) and SUFFIXES.get(path.suffix.lower()) in _TABLES for path in paths)
    return None if tables else len(paths)


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
        reason = f"the folder cannot be listed ({failure.strerror})"
        yield Skipped(_printable(folder), reason, keep=failure.errno not in _FORBIDDEN)
    yield from sorted(found, key=lambda path: path.relative_to(root).parts)


def _file(path: Path, root: Path, name: str) -> tuple[str, bytes]:
    """Which member reads a file, and its bytes."""
    try:
        return _member(path, root, name), path.read_bytes()
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise UnreadableError(reason, keep=error.errno not in _FORBIDDEN) from None


def _member(path: Path, root: Path, name: str) -> str:
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
    return member


def _printable(name: str) -> str:
    """A file name without the stand-ins for bytes that are not UTF-8, which could not be stored or shown."""
    return name.encode("utf-8", "replace").decode()
