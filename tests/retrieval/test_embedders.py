"""The packaged embedder against the same weights run by plain numpy."""

import json
import math
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.errors import Misconfigured
from core.settings import HomeSettings
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder
from retrieval.embedders.packaged import WINDOW, weights

TEXTS = [
    "How many days of holiday may I carry over?",
    "Staff may carry over five days of holiday into the next year, if they ask before December.",
    "def main() -> None:\n    print('hello')",
    "Grüße aus Zürich, 東京 and 🙂",
    "a",
]


@pytest.fixture(scope="module")
def reference() -> Callable[[str], NDArray[np.float64]]:
    """BERT as its paper has it, in double precision: the mean of the last layer, normalised."""
    folder = weights.packaged_folder()
    tensors = {
        name: tensor.astype(np.float64)
        for name, tensor in safetensors.numpy.load_file(folder / weights.WEIGHTS).items()
    }
    tokenizer = Tokenizer.from_file(str(folder / weights.TOKENIZER))
    tokenizer.no_padding()
    erf = np.vectorize(math.erf)

    def linear(x: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def norm(x: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def heads(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return x.reshape(len(x), 12, 32).transpose(1, 0, 2)

    def embed(text: str) -> NDArray[np.float64]:
        ids = tokenizer.encode(text).ids
        x = tensors["embeddings.word_embeddings.weight"][ids]
        x = x + tensors["embeddings.position_embeddings.weight"][: len(ids)]
        x = norm(x + tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(6):
            name = f"encoder.layer.{layer}"
            query, key, value = (
                heads(linear(x, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")
            )
            scores = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(32))
            mixed = (scores / scores.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(x), 384)
            x = norm(
                x + linear(mixed, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm"
            )
            inner = linear(x, f"{name}.intermediate.dense")
            inner = inner * (1 + erf(inner / math.sqrt(2))) / 2
            x = norm(x + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        mean: NDArray[np.float64] = x.mean(0)
        return mean / float(np.linalg.norm(mean))

    return embed


def test_vectors_are_those_of_the_reference(
    packaged: Embedder, reference: Callable[[str], NDArray[np.float64]]
) -> None:
    vectors = packaged.embed_documents(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), packaged.dimensions)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert float(vector @ reference(text)) > 0.99, text


def test_vectors_have_length_one_and_queries_are_embedded_alike(packaged: Embedder) -> None:
    vectors = packaged.embed_documents([*TEXTS, "", "word " * 2000])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)
    assert np.array_equal(packaged.embed_queries(TEXTS), vectors[: len(TEXTS)])


def test_a_vector_does_not_depend_on_its_company(packaged: Embedder) -> None:
    together = packaged.embed_documents([*TEXTS, "word " * 500])
    alone = np.concatenate([packaged.embed_documents([text]) for text in TEXTS])
    assert np.array_equal(together[: len(TEXTS)], alone)


def test_no_texts_have_no_vectors(packaged: Embedder) -> None:
    assert packaged.embed_documents([]).shape == (0, packaged.dimensions)


def test_the_end_of_a_long_text_counts(packaged: Embedder) -> None:
    filler = "Minutes of a meeting about nothing in particular. " * 60
    end = "The password of the printer is changed each spring. " * 20
    with_end, without = packaged.embed_documents([filler + end, filler])
    query = packaged.embed_queries(["When does the printer's password change?"])[0]
    assert query @ with_end > query @ without + 0.1


def test_a_long_text_is_the_mean_of_its_windows(packaged: Embedder) -> None:
    first, second = "apple " * WINDOW, "printer " * WINDOW
    windows = packaged.embed_documents([first.strip(), second.strip()])
    mean = windows.mean(axis=0)
    whole = packaged.embed_documents([first + second])[0]
    assert float(whole @ mean / np.linalg.norm(mean)) == pytest.approx(1, abs=1e-4)


def test_eight_threads_get_the_same_vectors(packaged: Embedder) -> None:
    expected = packaged.embed_documents(TEXTS)
    equal: list[bool] = []

    def work() -> None:
        equal.extend(np.array_equal(packaged.embed_documents(TEXTS), expected) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert equal == [True] * 40


def test_the_weights_package_is_data_and_never_imported(packaged: Embedder) -> None:
    assert packaged.name == "packaged:all-MiniLM-L6-v2"
    assert weights.PACKAGE not in sys.modules
    assert "torch" not in sys.modules


def test_the_converted_model_is_made_once(packaged: Embedder, models_home: HomeSettings) -> None:
    (model,) = (models_home.home / "models").iterdir()
    before = (model / "model.bin").stat()
    open_embedder(EmbedderSettings(embedder="packaged"), models_home)
    assert (model / "model.bin").stat() == before


def test_weights_with_another_hash_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site" / weights.PACKAGE
    shutil.copytree(
        weights.packaged_folder(), folder / "model", ignore=shutil.ignore_patterns(weights.WEIGHTS)
    )
    (folder / "__init__.py").write_text("raise AssertionError('imported')")
    (folder / "model" / weights.WEIGHTS).write_bytes(json.dumps({"not": "weights"}).encode())
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(Misconfigured, match="not the weights of all-MiniLM-L6-v2"):
        weights.converted(tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_none_is_no_embedder_and_others_are_named(tmp_path: Path) -> None:
    home = HomeSettings(home=tmp_path)
    assert open_embedder(EmbedderSettings(embedder="none"), home) is None
    with pytest.raises(Misconfigured, match="CANDOR_EMBEDDER: there is no 'nonesuch'"):
        open_embedder(EmbedderSettings(embedder="nonesuch"), home)
    with pytest.raises(
        Misconfigured, match="CANDOR_EMBEDDER: the packaged embedder has all-MiniLM-L6-v2 alone"
    ):
        open_embedder(EmbedderSettings(embedder="packaged:large"), home)
