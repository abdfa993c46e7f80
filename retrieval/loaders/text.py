"""Plain text files."""

import codecs
from collections.abc import Sequence

from retrieval.loaders import Content, UnreadableError
from retrieval.loaders._encodings import told

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load(data: bytes) -> Sequence[Content]:
    """Read a text file as it is; see `decode`."""
    return [Content(decode(data))]


def decode(data: bytes) -> str:
    r"""The text of a file, with every line ending as `\n`, as Python's own text mode reads it.

    It is UTF-8, or what a byte order mark says, or the encoding that its bytes clearly suggest.

    Raises:
        UnreadableError: it is empty, binary or in an encoding that cannot be told.
    """
    if not data.strip():
        raise UnreadableError("it is empty")
    text = _decoded(data)
    if "\0" in text:
        raise UnreadableError("it is binary")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableError("it is binary") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise UnreadableError("it is binary") from None
        return _guessed(data, error.start)


def _guessed(data: bytes, at: int) -> str:
    unsure = UnreadableError(
        f"it is not UTF-8 text (byte {at + 1}), and its encoding cannot be told for sure"
    )
    encoding = told(data)
    if encoding is None:
        raise unsure
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise unsure from None
