"""Office files as the zip archives that they are."""

import io
import zipfile
from collections.abc import Callable
from typing import Any, TypeVar

from retrieval.loaders import UnreadableError
from retrieval.loaders._values import day

LARGEST_UNPACKED = 300 * 1024 * 1024
"""Bytes of all that an archive says it holds. The zipfile module never unpacks more than an entry says."""

MOST_ENTRIES = 20_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of Microsoft's Compound File format begin: older office files, and newer ones with a password."""

_TEMPLATES = frozenset({"2013-01-27", "2013-12-23"})
"""When the templates of python-pptx and python-docx were saved: what their documents say unless told."""

Opened = TypeVar("Opened")


def opened(data: bytes, kind: str, open_: Callable[[io.BytesIO], Opened]) -> Opened:
    """Open an office file with its library.

    Args:
        data: the file.
        kind: what it should be, such as `Word document`.
        open_: the library's way of opening.

    Raises:
        UnreadableError: it is empty, protected, broken, something else, or would unpack to too much.
    """
    if not data.strip():
        raise UnreadableError("it is empty")
    if data.startswith(_OLE):
        raise UnreadableError("it is protected by a password, or in a format older than 2007")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise UnreadableError(f"it is broken or no {kind}") from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise UnreadableError(
            f"it would unpack to {unpacked / 2**20:.0f} MB in {len(entries)} parts "
            f"(the most is {LARGEST_UNPACKED // 2**20} MB in {MOST_ENTRIES})"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("it is protected by a password")
    try:
        return open_(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - these libraries raise whatever a damaged file leads them to
        raise UnreadableError(f"it is broken or no {kind}") from None


def changed(properties: Any) -> str:
    """The day of a document's last change by its core properties, or empty."""
    date = day(properties.modified) or day(properties.created)
    return "" if date in _TEMPLATES else date
