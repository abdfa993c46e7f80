"""HTML pages, as Markdown without navigation, header and footer."""

from collections.abc import Sequence
from copy import deepcopy

import trafilatura
from trafilatura.settings import DEFAULT_CONFIG

from retrieval.loaders import Content, UnreadableError
from retrieval.loaders._values import day

# Below its usual 250 characters trafilatura takes the whole page instead: navigation, and no headings.
_CONFIG = deepcopy(DEFAULT_CONFIG)
_CONFIG["DEFAULT"]["min_extracted_size"] = "1"


def load(data: bytes) -> Sequence[Content]:
    """Read an HTML page: its main text, its title and its date of publication as trafilatura finds them.

    The encoding is the one that the page declares, or the one that its bytes suggest. The language that it
    declares is often its template's, so it does not count.
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
        config=_CONFIG,
    )
    if not text:
        raise UnreadableError("no main text was found in the page")
    return [Content(text, metadata.title or "", day(metadata.date))]
