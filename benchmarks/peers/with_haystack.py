"""Haystack's side, in its own environment. `TEXTS MODEL BACKEND [FILE]`: chunks that are split already."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
)

from benchmarks.peers.rounds import serve

TOKENS = 256


def main() -> None:
    texts, model, backend, *file = sys.argv[1:]
    embedder = SentenceTransformersDocumentEmbedder(
        model=model,
        backend=backend,
        progress_bar=False,
        local_files_only=True,
        tokenizer_kwargs={"model_max_length": TOKENS},
        model_kwargs={"file_name": file[0]} if file else None,
    )
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(InMemoryDocumentStore(), DuplicatePolicy.OVERWRITE))
    pipeline.connect("embedder", "writer")

    def ingest(chunks: Iterable[object]) -> None:
        pipeline.run({"embedder": {"documents": [Document(content=str(chunk)) for chunk in chunks]}})

    serve(ingest, json.loads(Path(texts).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
