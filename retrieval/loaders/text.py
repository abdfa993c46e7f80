"""Plain text files."""

from retrieval.loaders import Content, UnreadableError


def load(data: bytes) -> Content:
    """Read a text file as it is; see `decode`."""
    return Content(decode(data))


def decode(data: bytes) -> str:
    r"""The text of a UTF-8 file, with every line ending as `\n`, as Python's own text mode reads it.

    Raises:
        UnreadableError: it is empty, binary or in another encoding.
    """
    if not data.strip():
        raise UnreadableError("it is empty")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = "it is binary" if b"\0" in data else f"it is not UTF-8 text (byte {error.start + 1})"
        raise UnreadableError(reason) from None
    if "\0" in text:
        raise UnreadableError("it is binary")
    return text.replace("\r\n", "\n").replace("\r", "\n")
