"""Scratch indexes: a corpus in an index of its own, kept so that the next run is quick."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import HomeSettings
from evals.corpora import SOURCE, documents
from retrieval.embedders import Embedder
from retrieval.glossary import Glossary
from retrieval.index import Index
from retrieval.search import Search, made_for
from retrieval.stores.embedded import EmbeddedStore

_BLOCK = 1 << 20


@contextmanager
def scratch(
    corpus: Path,
    embedder: Embedder | None,
    home: HomeSettings,
    on_document: Callable[[], None] = lambda: None,
    glossary: Glossary | None = None,
) -> Iterator[Search]:
    """Search over a corpus alone.

    Its index is kept under CANDOR_HOME by the corpus' checksum and the embedder. A corpus that was indexed
    before is only compared with it, and one whose indexing was cut off is finished.

    Args:
        corpus: JSON lines as `corpora.documents` reads them.
        embedder: None searches by words alone.
        home: where indexes are kept.
        on_document: called after each document.
        glossary: what queries are spelled out with.

    Raises:
        Misconfigured: the file cannot be read.
        IndexUnavailable: another measurement of this corpus runs just now.
    """
    read = documents(corpus)
    first = next(read, None)
    name = hashlib.sha256(f"{_checksum(corpus)} {made_for(embedder).embedder}".encode()).hexdigest()[:32]
    store = EmbeddedStore(home.folder() / "evals" / name)
    try:
        if first is not None:
            Index(store, embedder).sync(SOURCE, (first, *read), lambda _progress: on_document())
        yield Search(store, embedder, glossary)
    finally:
        store.close()


def _checksum(path: Path) -> str:
    checksum = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum.update(block)
    return checksum.hexdigest()
