"""Runs the simulator as a process: `python -m bot.simulators.discord`. What is typed is said in #general."""

import argparse
import sys
import threading

from bot.simulators.discord.person import Person
from bot.simulators.discord.remote import Remote
from bot.simulators.discord.simulator import DiscordSimulator
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.messages import Message


def main() -> None:
    """Simulate until the input ends."""
    parser = argparse.ArgumentParser(description="A stand-in for Discord on loopback.")
    parser.add_argument("--port", type=int, default=0, help="where to listen; a free port if none is given")
    parser.add_argument("--gateway-port", type=int, default=0, help="the same for the gateway")
    parser.add_argument("--people-port", type=int, default=0, help="the same for what people do over HTTP")
    parser.add_argument("--listen", default="", help="the app's own address for interactions, if it has one")
    given = parser.parse_args()
    with (
        DiscordSimulator(port=given.port, gateway_port=given.gateway_port) as discord,
        Remote(discord, port=given.people_port) as remote,
    ):
        ana = discord.person("Ana", admin=True)
        general = discord.channel("general")
        _print(f"CANDOR_DISCORD_API_URL={discord.api_url}")
        _print(f"CANDOR_DISCORD_GATEWAY_URL={discord.gateway_url}")
        _print(f"CANDOR_DISCORD_TOKEN={discord.app.token}")
        _print(f"CANDOR_DISCORD_PUBLIC_KEY={discord.app.public_key}")
        _print(f"people: {remote.url}/simulator/overview")
        if given.listen:
            discord.listen(given.listen)
        threading.Thread(target=_show, args=(discord, ana, general), daemon=True).start()
        for line in sys.stdin:
            if text := line.strip():
                ana.say(general, text)


def _show(discord: DiscordSimulator, person: Person, channel: Channel) -> None:
    """Print what others say, whenever it has changed."""
    shown: dict[str, str] = {}

    def news() -> list[Message]:
        places = [
            channel,
            *(one for one in discord.guild.channels.values() if one.parent == channel.id),
        ]
        everything = [message for place in places for message in person.sees(place)]
        return [
            message
            for message in everything
            if message.author != person.id and message.shown and shown.get(message.id) != message.shown
        ]

    while True:
        for message in discord.wait_for(news, seconds=60) or ():
            shown[message.id] = message.shown
            _print(f"{discord.world.user(message.author).name}: {message.shown}")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
