"""LlamaIndex' side, in its own environment. `TEXTS MODEL BACKEND [FILE]`: chunks that are split already."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from llama_index.core import VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.peers.rounds import serve

TOKENS = 256
BATCH = 32
"""As sentence-transformers and Haystack have it; LlamaIndex' own is 10, which is slower."""


def main() -> None:
    texts, model, backend, *file = sys.argv[1:]
    embedder = HuggingFaceEmbedding(
        model_name=model,
        backend=backend,
        max_length=TOKENS,
        embed_batch_size=BATCH,
        device="cpu",
        local_files_only=True,
        **({"model_kwargs": {"file_name": file[0]}} if file else {}),
    )

    def ingest(chunks: Iterable[object]) -> None:
        nodes = [TextNode(text=str(chunk)) for chunk in chunks]
        embedded = IngestionPipeline(transformations=[embedder]).run(nodes=nodes)
        VectorStoreIndex(embedded, embed_model=embedder)

    serve(ingest, json.loads(Path(texts).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
