"""Keeping an answer to its sources: markers, statements, the evidence for them, and citations."""
