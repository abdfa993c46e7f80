"""Slack: its ingress is Bolt, its egress slack_sdk; the two share nothing but settings and addresses."""

PLATFORM = "slack"
