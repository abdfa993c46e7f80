"""The live-rate service, seen from those who ask it."""
