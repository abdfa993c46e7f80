"""Discord: its ingress is discord.py, its egress plain HTTP; the two share settings, calls and addresses."""

PLATFORM = "discord"
