"""MiniLM as ONNX, by sentence-transformers' own exporter. `MODEL`: the folder, in which it is put too."""

import sys

from sentence_transformers import SentenceTransformer, export_dynamic_quantized_onnx_model


def main() -> None:
    model = SentenceTransformer(sys.argv[1], backend="onnx", device="cpu", local_files_only=True)
    model.save_pretrained(sys.argv[1])
    export_dynamic_quantized_onnx_model(model, "avx512_vnni", sys.argv[1])


if __name__ == "__main__":
    main()
