"""Finds passages: loads documents, splits, embeds and stores them, and searches what an audience may read."""
