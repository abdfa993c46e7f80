"""The packaged embedder: all-MiniLM-L6-v2 out of a wheel, run in this process by CTranslate2. English."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ctranslate2 import Encoder, StorageView  # type: ignore[attr-defined] # of an extension without stubs
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.errors import Misconfigured
from core.settings import HomeSettings
from retrieval.embedders import EmbedderSettings
from retrieval.embedders.packaged.weights import TOKENIZER, converted, packaged_folder

MODEL = "all-MiniLM-L6-v2"
DIMENSIONS = 384

WINDOW = 254
"""Tokens of one window, without the two that mark its ends: the model was trained on texts of up to 256."""


class PackagedEmbedder:
    """MiniLM in 8-bit integers: mean of the token vectors, normalised.

    A text of more than WINDOW tokens is cut into windows of equal length, whose vectors are averaged. Each
    window is a run of its own: that makes vectors independent of what is embedded beside them, and is faster
    than batches, which outgrow the processor's cache.
    """

    name = f"packaged:{MODEL}"
    dimensions = DIMENSIONS
    languages: frozenset[str] | None = frozenset({"en"})

    def __init__(self, encoder: Encoder, tokenizer: Tokenizer, threads: int) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        # The file asks for padding to 128 tokens and silent truncation there.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        marks = [tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")]
        self._start, self._end = (np.array([mark], dtype=np.int32) for mark in marks)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embedder")

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:  # noqa: D102 see Embedder
        rows = (
            list(self._pool.map(self._vector, texts))
            if len(texts) > 1
            else [self._vector(text) for text in texts]
        )
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:  # noqa: D102 see Embedder
        return self.embed_documents(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
        # A text without a single token still gets the vector of the two marks.
        windows = np.array_split(np.array(tokens, dtype=np.int32), max(1, -(-len(tokens) // WINDOW)))
        return _normalised(np.mean([self._window(window) for window in windows], axis=0, dtype=np.float32))

    def _window(self, tokens: NDArray[np.int32]) -> NDArray[np.float32]:
        ids = np.concatenate((self._start, tokens, self._end))[np.newaxis]
        lengths = np.array([ids.shape[1]], dtype=np.int32)
        output = self._encoder.forward_batch(StorageView.from_array(ids), StorageView.from_array(lengths))
        return _normalised(np.asarray(output.last_hidden_state)[0].mean(axis=0, dtype=np.float32))


def create(model: str, settings: EmbedderSettings, home: HomeSettings) -> PackagedEmbedder:
    """The embedder; the weights are converted into CANDOR_HOME the first time.

    Raises:
        Misconfigured: another model is asked for, or the weights are missing or not as expected.
    """
    if model not in ("", MODEL):
        raise Misconfigured(f"CANDOR_EMBEDDER: the packaged embedder has {MODEL} alone, not {model!r}")
    threads = settings.embedder_threads or min(4, os.cpu_count() or 1)
    # One thread for each run, and as many runs as threads: splitting one run over threads is slower by far
    # where the threads share a core.
    encoder = Encoder(
        str(converted(home.folder() / "models")),
        device="cpu",
        compute_type="int8_float32",
        inter_threads=threads,
        intra_threads=1,
    )
    return PackagedEmbedder(encoder, Tokenizer.from_file(str(packaged_folder() / TOKENIZER)), threads)


def _normalised(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.float32(np.linalg.norm(vector))
