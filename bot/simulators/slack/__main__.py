"""Runs the simulator as a process: `python -m bot.simulators.slack`. What is typed is said in #general."""

import argparse
import sys
import threading

from bot.simulators.slack.person import Person
from bot.simulators.slack.simulator import SlackSimulator
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message


def main() -> None:
    """Simulate until the input ends."""
    parser = argparse.ArgumentParser(description="A stand-in for Slack on loopback.")
    parser.add_argument("--port", type=int, default=0, help="where to listen; a free port if none is given")
    parser.add_argument("--listen", default="", help="the app's request URL; Socket Mode if none is given")
    given = parser.parse_args()
    with SlackSimulator(port=given.port) as slack:
        ana = slack.person("Ana", admin=True)
        general = slack.workspace.channel("general", ana.user)
        _print(f"CANDOR_SLACK_API_URL={slack.api_url}")
        _print(f"CANDOR_SLACK_BOT_TOKEN={slack.bot_token}")
        _print(f"CANDOR_SLACK_APP_TOKEN={slack.app.app_token}")
        _print(f"CANDOR_SLACK_SIGNING_SECRET={slack.app.signing_secret}")
        if given.listen:
            slack.listen(given.listen)
        threading.Thread(target=_show, args=(ana, general), daemon=True).start()
        for line in sys.stdin:
            if text := line.strip():
                ana.say(general, text)


def _show(person: Person, channel: Channel) -> None:
    """Print what others say, whenever it has changed."""
    shown: dict[str, str] = {}

    def news() -> list[Message]:
        roots = person.sees(channel)
        everything = [*roots, *(reply for root in roots for reply in person.sees(channel, root)[1:])]
        return [
            message
            for message in everything
            if message.user != person.id and shown.get(message.ts) != message.shown
        ]

    while True:
        for message in person.workspace.wait_for(news, seconds=60) or ():
            shown[message.ts] = message.shown
            _print(f"{person.workspace.directory.user(message.user).real_name}: {message.shown}")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
