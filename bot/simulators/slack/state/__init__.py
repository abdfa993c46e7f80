"""What a Slack workspace consists of and remembers."""
