"""Candor's side: splits, embeds and stores documents. `CORPUS`: JSON lines as `candor eval` reads them."""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.peers.rounds import serve
from core.documents import Document
from core.settings import HomeSettings
from evals import corpora
from retrieval.embedders import EmbedderSettings, open_embedder
from retrieval.index import Index
from retrieval.stores.embedded import EmbeddedStore


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        embedder = open_embedder(EmbedderSettings(), HomeSettings(home=Path(name)))

        def ingest(documents: Iterable[object]) -> None:
            with tempfile.TemporaryDirectory() as folder:
                store = EmbeddedStore(Path(folder))
                Index(store, embedder).sync(
                    "benchmark", (each for each in documents if isinstance(each, Document))
                )
                store.close()

        serve(ingest, list(corpora.documents(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
