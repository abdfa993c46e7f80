"""Measurements. Each module prints a Markdown table; docs/benchmarks.md keeps the last figures."""
