"""Tests of workers.answering.grounding."""
