"""Guardrails: one file for each rule, found by being there. They end at the answer's text."""
