"""What runs the packaged embedder best: speed, and nearness to the weights in full precision.

    python -m benchmarks.embedders

Compares the engine that Candor uses, CTranslate2, with onnxruntime, on the same weights. For the latter the
packages `onnx` and `onnxruntime` have to be there, which Candor itself does not need.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from ctranslate2 import Encoder, StorageView  # type: ignore[attr-defined] # of an extension without stubs
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core import plugins
from core.errors import Misconfigured
from retrieval.embedders.packaged.weights import TOKENIZER, WEIGHTS, converted, packaged_folder

TOKENS = 128
TEXTS = 256
QUERIES = 200
THREADS = 2
"""Runs at once, each in one thread, as Candor has it."""

BATCH = 32
ROUNDS = 4
"""The best of so many counts, since other processes only ever slow one down."""

LAYERS, HEADS, WIDTH = 6, 12, 384

Vectors = NDArray[np.float32]
Run = Callable[[NDArray[np.int64]], Vectors]
"""Normalised means of the token vectors of a batch of texts of equal length."""


def pooled(hidden: Any) -> Vectors:
    mean = np.asarray(hidden).mean(axis=1)
    vectors: Vectors = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
    return vectors


def with_ctranslate2(folder: Path, compute_type: str) -> Run:
    encoder = Encoder(
        str(converted(folder)), compute_type=compute_type, inter_threads=THREADS, intra_threads=1
    )
    view = StorageView.from_array

    def run(ids: NDArray[np.int64]) -> Vectors:
        lengths = np.full(len(ids), ids.shape[1], dtype=np.int32)
        output = encoder.forward_batch(view(ids.astype(np.int32)), view(lengths))
        return pooled(output.last_hidden_state)

    return run


def with_onnxruntime(folder: Path, *, int8: bool) -> Run:
    onnxruntime = plugins.optional("onnxruntime", setting="benchmarks.embedders")
    plain, small = folder / "model.onnx", folder / "int8.onnx"
    build(plain)
    if int8:
        quantization = plugins.optional("onnxruntime.quantization", setting="benchmarks.embedders")
        quantization.quantize_dynamic(
            plain,
            small,
            per_channel=True,
            weight_type=quantization.QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(small if int8 else plain), options, providers=["CPUExecutionProvider"]
    )
    return lambda ids: pooled(session.run(None, {"ids": ids})[0])


def build(path: Path) -> None:
    """Write BERT's graph with these weights (Devlin et al. 2018, as the model's own configuration has it)."""
    onnx = plugins.optional("onnx", setting="benchmarks.embedders")
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    tensors = safetensors.numpy.load_file(packaged_folder() / WEIGHTS)
    constants: dict[str, NDArray[Any]] = {}
    nodes: list[Any] = []

    def constant(name: str, value: NDArray[Any]) -> str:
        constants.setdefault(name, value)
        return name

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"n{len(nodes)}"
        nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def weight(name: str) -> str:
        return constant(name, tensors[name])

    def linear(x: str, name: str) -> str:
        matrix = constant(f"{name}.transposed", np.ascontiguousarray(tensors[f"{name}.weight"].T))
        return node("Add", node("MatMul", x, matrix), weight(f"{name}.bias"))

    def norm(x: str, name: str) -> str:
        return node("LayerNormalization", x, weight(f"{name}.weight"), weight(f"{name}.bias"), epsilon=1e-12)

    def heads(x: str) -> str:
        split = node("Reshape", x, constant("split", np.array([0, 0, HEADS, WIDTH // HEADS])))
        return node("Transpose", split, perm=[0, 2, 1, 3])

    length = node("Shape", "ids", start=1, end=2)
    places = node(
        "Slice", weight("embeddings.position_embeddings.weight"), constant("zero", np.array([0])), length
    )
    x = node("Gather", weight("embeddings.word_embeddings.weight"), "ids")
    kind = constant("kind", tensors["embeddings.token_type_embeddings.weight"][0])
    x = norm(node("Add", node("Add", x, places), kind), "embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            heads(linear(x, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = node("MatMul", query, node("Transpose", key, perm=[0, 1, 3, 2]))
        scale = constant("scale", np.array((WIDTH / HEADS) ** -0.5, dtype=np.float32))
        mixed = node("MatMul", node("Softmax", node("Mul", scores, scale), axis=-1), value)
        joined = node(
            "Reshape",
            node("Transpose", mixed, perm=[0, 2, 1, 3]),
            constant("join", np.array([0, 0, WIDTH])),
        )
        attended = linear(joined, f"{name}.attention.output.dense")
        x = norm(node("Add", x, attended), f"{name}.attention.output.LayerNorm")
        inner = linear(x, f"{name}.intermediate.dense")
        error = node("Erf", node("Mul", inner, constant("root", np.array(0.5**0.5, dtype=np.float32))))
        one, half = (
            constant(word, np.array(number, dtype=np.float32)) for word, number in (("one", 1), ("half", 0.5))
        )
        gelu = node("Mul", node("Mul", inner, node("Add", error, one)), half)
        x = norm(node("Add", x, linear(gelu, f"{name}.output.dense")), f"{name}.output.LayerNorm")
    graph = helper.make_graph(
        nodes,
        "minilm",
        [helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info(x, onnx.TensorProto.FLOAT, ["texts", "tokens", WIDTH])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())


def sample(texts: int, tokens: int) -> NDArray[np.int64]:
    """Real words in random order, with the two marks at their ends."""
    tokenizer = Tokenizer.from_file(str(packaged_folder() / TOKENIZER))
    start, end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    ids = np.random.default_rng(3).integers(1996, 20000, size=(texts, tokens))
    ids[:, 0], ids[:, -1] = start or 0, end or 0
    return ids


def measure(name: str, run: Run, reference: Vectors | None) -> Vectors:
    ids, short = sample(TEXTS, TOKENS), sample(QUERIES, 12)
    run(ids[:1])
    one_by_one = batched = 0.0
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(THREADS) as pool:
            started = time.perf_counter()
            alone = np.concatenate(list(pool.map(run, np.split(ids, TEXTS))))
            one_by_one = max(one_by_one, TEXTS / (time.perf_counter() - started))
            started = time.perf_counter()
            together = np.concatenate(list(pool.map(run, np.split(ids, TEXTS // BATCH))))
            batched = max(batched, TEXTS / (time.perf_counter() - started))
    times = []
    for at in range(QUERIES):
        started = time.perf_counter()
        run(short[at : at + 1])
        times.append((time.perf_counter() - started) * 1000)
    near = (alone * (alone if reference is None else reference)).sum(axis=1)
    drift = (alone * together).sum(axis=1)
    print(
        f"| {name} | {one_by_one:.0f} | {batched:.0f} | {np.percentile(times, 50):.2f} "
        f"| {near.min():.4f} / {near.mean():.4f} | {drift.min():.4f} |",
        flush=True,
    )
    return alone


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(
        f"| engine | texts/s of {TOKENS} tokens, one by one | in batches of {BATCH} | query p50 ms "
        "| cosine to the first row, least / mean | alone to in a batch, least |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        makes: dict[str, Callable[[], Run]] = {
            "onnxruntime float32": lambda: with_onnxruntime(folder, int8=False),
            "onnxruntime int8": lambda: with_onnxruntime(folder, int8=True),
            "CTranslate2, 8-bit weights, float32 arithmetic": lambda: with_ctranslate2(folder, "float32"),
            "CTranslate2 int8": lambda: with_ctranslate2(folder, "int8_float32"),
        }
        reference = None
        for engine, make in makes.items():
            try:
                vectors = measure(engine, make(), reference)
            except Misconfigured as missing:
                print(f"| {engine} | {missing} |")
                continue
            reference = vectors if reference is None else reference


if __name__ == "__main__":
    main()
