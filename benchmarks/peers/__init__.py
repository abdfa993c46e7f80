"""Ingest beside Haystack and LlamaIndex: the same chunks, the same weights, the same machine."""
