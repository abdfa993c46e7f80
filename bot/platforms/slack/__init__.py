"""Slack: its ingress is Bolt, its egress slack_sdk; the two share nothing but settings and addresses."""

from pathlib import Path

PLATFORM = "slack"

MANIFEST = Path(__file__).with_name("manifest.yaml")
"""What a Slack app is made from."""
