"""A small web view of a simulated workspace: what its people see, and what they can do."""

from bot.simulators.slack.page.scene import SlackScene

__all__ = ["SlackScene"]
