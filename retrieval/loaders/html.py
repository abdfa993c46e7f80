"""HTML pages, as Markdown without navigation, header and footer."""

import re

import trafilatura

from retrieval.loaders import Content, UnreadableError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def load(data: bytes) -> Content:
    """Read an HTML page: its main text, its title and its date of publication as trafilatura finds them.

    The encoding is the one that the page declares, or the one that its bytes suggest.
    """
    if not data.strip():
        raise UnreadableError("it is empty")
    if b"\0" in data:
        raise UnreadableError("it is binary")
    tree = trafilatura.load_html(data)
    if tree is None:
        raise UnreadableError("it is not HTML")
    metadata = trafilatura.extract_metadata(tree, extensive=False)
    text = trafilatura.extract(
        tree,
        output_format="markdown",
        include_comments=False,
        include_formatting=True,
        include_tables=True,
    )
    if not text:
        raise UnreadableError("no main text was found in the page")
    date = metadata.date or ""
    return Content(text, metadata.title or "", date if _DAY.fullmatch(date) else "")
