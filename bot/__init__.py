"""Hears questions on the platforms and says the answers there."""
