"""A small workspace to look at: three people, four channels, and what was said there this morning."""

from dataclasses import dataclass

from bot.simulators.slack.person import Person
from bot.simulators.slack.simulator import SlackSimulator
from bot.simulators.slack.state.channels import Channel


@dataclass(frozen=True, slots=True)
class Example:
    """The people, whose first is an admin, and the channel of those who know more."""

    people: tuple[Person, ...]
    general: Channel
    experts: Channel


def furnish(slack: SlackSimulator) -> Example:
    """Put people, channels and a few messages in the simulator's workspace."""
    slack.workspace.name = "Fernhill"
    ana = slack.person("Ana", admin=True)
    ben, cleo = slack.person("Ben"), slack.person("Cleo")
    everybody = (ana.user, ben.user, cleo.user)
    general = slack.workspace.channel("general", *everybody)
    operations = slack.workspace.channel("operations", *everybody)
    slack.workspace.channel("board", ana.user, ben.user, private=True)
    experts = slack.workspace.channel("experts", cleo.user, ana.user)
    ana.say(
        general, "Good morning! *Candor* is with us from today. Mention it, and it answers from our pages."
    )
    ben.say(general, "What does it do when it does not know?")
    morning = ben.say(operations, "The worker moves to the new machine at ten.")
    cleo.say(operations, "Thanks, I will watch the queue.", thread=morning)
    return Example((ana, ben, cleo), general, experts)
