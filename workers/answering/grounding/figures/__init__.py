"""Figures of an answer, held against what they rest on."""
