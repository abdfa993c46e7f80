"""What follows the first answer to an interaction: its token acts for fifteen minutes, without the bot's."""

from typing import Any

from bot.simulators.discord.errors import unknown
from bot.simulators.discord.rest.call import Call, Route
from bot.simulators.discord.rest.composing import rewrite
from bot.simulators.discord.rest.routes.callbacks import find, reply
from bot.simulators.discord.rules.limits import Limit
from bot.simulators.discord.rules.mentions import BY_WEBHOOK
from bot.simulators.discord.state import deeds
from bot.simulators.discord.state.interactions import DEFERRED, Interaction
from bot.simulators.discord.state.messages import EPHEMERAL, Message

Json = dict[str, Any]


def follow(call: Call) -> Json:
    """Send one more message; the first one after a deferral becomes the message that was promised."""
    interaction = _interaction(call)
    body = call.form()
    promised = interaction.original
    if interaction.answer == DEFERRED and promised and promised.loading and _stands(call, promised):
        # Whether one person alone sees it was decided when it was promised.
        given = {**body, "flags": int(body.get("flags") or 0) & ~EPHEMERAL}
        return call.render(rewrite(call, promised, given, default=BY_WEBHOOK, answers=True))
    message = deeds.post(call.world, reply(call, interaction, body))
    interaction.followups.append(message)
    return call.render(message)


def read(call: Call) -> Json:
    """One of the messages that came of it."""
    return call.render(_message(call))


def edit(call: Call) -> Json:
    """Edit one of them."""
    return call.render(rewrite(call, _message(call), call.form(), default=BY_WEBHOOK, answers=True))


def delete(call: Call) -> None:
    """Delete one of them."""
    deeds.remove(call.world, _message(call))


def _interaction(call: Call) -> Interaction:
    interaction = find(call.world, call.params["token"])
    if interaction is None or not interaction.answer or call.params["application_id"] != call.world.app.id:
        raise unknown("webhook")
    return interaction


def _message(call: Call) -> Message:
    interaction = _interaction(call)
    name = call.params["message_id"]
    made = [interaction.original, *interaction.followups]
    for message in made:
        if message and (message.id == name or (name == "@original" and message is interaction.original)):
            if _stands(call, message):
                return message
            break
    raise unknown("message")


def _stands(call: Call, message: Message) -> bool:
    if message.visible_to:
        return message in call.world.ephemeral
    return message.id in call.world.messages.get(message.channel, {})


_BASE = "/webhooks/{application_id}/{token}"
_ONE = f"{_BASE}/messages/{{message_id}}"
_FEW = Limit(5, 2.0)

ROUTES = (
    Route("POST", _BASE, follow, _FEW, open=True),
    Route("GET", _ONE, read, _FEW, open=True),
    Route("PATCH", _ONE, edit, _FEW, open=True),
    Route("DELETE", _ONE, delete, _FEW, open=True),
)
