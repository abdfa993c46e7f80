"""A Slack simulator: strict, stateful, over real HTTP and WebSocket on loopback.

    with SlackSimulator() as slack:
        ana = slack.person("Ana")
        general = slack.workspace.channel("general", ana.user)
        question = ana.say(general, "@candor how many days off do I have?")

Point a client at `slack.api_url` with `slack.bot_token`; open sockets with `slack.app.app_token`, or give
the app's request URL to `slack.listen`. What no documentation says of the live service is an assumption, and
is named as one where it stands.
"""

from bot.simulators.slack.app import App
from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.person import Person
from bot.simulators.slack.rules.limits import Limit
from bot.simulators.slack.simulator import SlackSimulator

__all__ = ["App", "Limit", "Person", "SlackError", "SlackSimulator"]
