"""Plain text files."""

import codecs
import re
from collections.abc import Sequence
from itertools import islice

from charset_normalizer import from_bytes

from retrieval.loaders import Content, UnreadableError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_STRETCHES = 500
_STRETCH = re.compile(rb"[^\n]{0,80}[\x80-\xff][^\n]{0,80}")
"""Where letters beyond ASCII stand: from so many of these an encoding is guessed."""

_MOST_CHAOS = 0.1
_LEAST_COHERENCE = 0.3
"""A guess is believed when at most this share of the text looks like a mess, and letters are as frequent as
in some language at least to this degree (both as charset-normalizer measures them, 0 to 1)."""


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
    stretches = islice(_STRETCH.finditer(data), _STRETCHES)
    guess = from_bytes(b"\n".join(stretch.group() for stretch in stretches)).best()
    unsure = UnreadableError(
        f"it is not UTF-8 text (byte {at + 1}), and its encoding cannot be told for sure"
    )
    if guess is None or guess.chaos > _MOST_CHAOS or guess.coherence < _LEAST_COHERENCE:
        raise unsure
    try:
        return data.decode(guess.encoding)
    except UnicodeDecodeError:
        raise unsure from None
