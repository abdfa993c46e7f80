"""Microservices: each its own process and store, knowing nothing of the rest of Candor."""
