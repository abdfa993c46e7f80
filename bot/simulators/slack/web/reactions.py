"""`reactions.*`."""

import re

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.web.call import Call, Json, Method

_NAME = re.compile(r"[\w+'-]+(?:::skin-tone-[2-6])?")


def check_name(name: str) -> str:
    """An emoji's name without colons.

    Raises:
        SlackError: `invalid_name`.
    """
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def _message(call: Call) -> Message:
    return call.workspace.timeline.find(
        call.channel().id, call.need("timestamp", otherwise="no_item_specified")
    )


def add(call: Call) -> Json:
    """`reactions.add`."""
    name = check_name(call.need("name", otherwise="invalid_name"))
    if call.channel().archived:
        raise SlackError("is_archived")
    call.workspace.react(_message(call), call.token.user, name)
    return {}


def remove(call: Call) -> Json:
    """`reactions.remove`."""
    call.workspace.unreact(_message(call), call.token.user, call.need("name", otherwise="invalid_name"))
    return {}


def get(call: Call) -> Json:
    """`reactions.get`."""
    message = _message(call)
    return {"type": "message", "channel": message.channel, "message": message.to_json()}


METHODS = (
    Method("reactions.add", add, ("reactions:write",), tier(50)),
    Method("reactions.remove", remove, ("reactions:write",), tier(20)),
    Method("reactions.get", get, ("reactions:read",), tier(50)),
)
