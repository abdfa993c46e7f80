"""Tests of workers.answering."""
