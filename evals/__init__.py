"""Measures: how good retrieval and answers are, on anybody's questions."""
