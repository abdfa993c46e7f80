"""Slack's limits: how often a method may be called, and what a message or a view may hold."""
