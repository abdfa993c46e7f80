"""A Discord simulator: strict, stateful, over real HTTP and WebSocket on loopback.

    with DiscordSimulator() as discord:
        ana = discord.person("Ana")
        general = discord.channel("general")
        question = ana.mention(general, "how many days off do I have?")

Point a client's REST base at `discord.api_url`, its gateway at `discord.gateway_url`, and log in with
`discord.app.token`; or give the app's own address for interactions to `discord.listen`. What no documentation
says of the live service is an assumption, and is named as one where it stands.
"""

from bot.simulators.discord.app import App
from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.person import Person
from bot.simulators.discord.remote import Remote
from bot.simulators.discord.rest.api import Fault
from bot.simulators.discord.rules.limits import Limit
from bot.simulators.discord.simulator import DiscordSimulator

__all__ = ["App", "DiscordError", "DiscordSimulator", "Fault", "Limit", "Person", "Remote"]
