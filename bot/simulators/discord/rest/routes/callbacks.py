"""The first answer to an interaction: within three seconds, and once."""

from typing import Any

from bot.simulators.discord.errors import DiscordError, unknown
from bot.simulators.discord.rest.call import Call, Reply, Route
from bot.simulators.discord.rest.composing import FLAGS, compose, rewrite
from bot.simulators.discord.rules.commands import check_choices
from bot.simulators.discord.rules.components import check_modal
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.rules.mentions import BY_WEBHOOK
from bot.simulators.discord.state import deeds, interactions, messages
from bot.simulators.discord.state.interactions import ANSWER_SECONDS, TOKEN_SECONDS, Interaction
from bot.simulators.discord.state.messages import Message
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

_ANSWERS = {
    interactions.COMMAND: frozenset({interactions.MESSAGE, interactions.DEFERRED, interactions.SHOW_MODAL}),
    interactions.COMPONENT: frozenset(
        {
            interactions.MESSAGE,
            interactions.DEFERRED,
            interactions.DEFERRED_UPDATE,
            interactions.UPDATE,
            interactions.SHOW_MODAL,
        }
    ),
    interactions.AUTOCOMPLETE: frozenset({interactions.CHOICES}),
    interactions.MODAL: frozenset(
        {
            interactions.MESSAGE,
            interactions.DEFERRED,
            interactions.DEFERRED_UPDATE,
            interactions.UPDATE,
        }
    ),
}


def find(world: World, token: str) -> Interaction | None:
    """The interaction that a token stands for, while it lives."""
    found = world.interactions.get(token)
    if found and world.clock.now() - found.began > TOKEN_SECONDS:
        raise DiscordError(401, 50027, "Invalid Webhook Token")
    return found


def respond(call: Call, interaction: Interaction) -> None:
    """Take the first answer to an interaction.

    Raises:
        DiscordError: 10062 when it comes too late, 40060 when it is not the first, or what the body earns.
    """
    world = call.world
    now = world.clock.now()
    if interaction.answer:
        raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
    if now - interaction.began > ANSWER_SECONDS:
        raise unknown("interaction")
    body = call.form()
    kind = body.get("type")
    faults = Faults()
    on_message = interaction.message is not None and interaction.kind != interactions.COMMAND
    if kind not in _ANSWERS[interaction.kind] or (
        kind in (interactions.DEFERRED_UPDATE, interactions.UPDATE) and not on_message
    ):
        faults.add("BASE_TYPE_CHOICES", "Value must be one of the allowed choices.", "type")
    faults.check()
    data = body.get("data") or {}
    if kind == interactions.MESSAGE:
        interaction.original = deeds.post(world, reply(call, interaction, data))
    elif kind == interactions.DEFERRED:
        interaction.original = deeds.post(world, _promise(call, interaction, data))
    elif kind == interactions.UPDATE and interaction.message:
        interaction.original = rewrite(call, interaction.message, data, default=BY_WEBHOOK)
    elif kind == interactions.DEFERRED_UPDATE:
        interaction.original = interaction.message
    elif kind == interactions.CHOICES:
        check_choices(faults.items(data, "choices", 25), faults, "data", "choices")
        faults.check()
        interaction.choices = list(data.get("choices") or [])
    else:
        check_modal(data, faults)
        faults.check()
        interaction.modal = data
    interaction.answer, interaction.answered_at = int(kind or 0), now
    world.changed.notify_all()


def reply(call: Call, interaction: Interaction, data: Json) -> Message:
    """The message that an answer describes, not yet posted."""
    world = call.world
    ephemeral = bool(int(data.get("flags") or 0) & messages.EPHEMERAL)
    return compose(
        call,
        world.channel(interaction.channel),
        data,
        default=BY_WEBHOOK,
        flags=FLAGS | messages.EPHEMERAL,
        kind=_kind(interaction),
        visible_to=interaction.user if ephemeral else "",
        interaction=interaction.metadata(world.users[interaction.user].to_json()),
    )


def _promise(call: Call, interaction: Interaction, data: Json) -> Message:
    world = call.world
    ephemeral = int(data.get("flags") or 0) & messages.EPHEMERAL
    return Message(
        world.ids.new(),
        interaction.channel,
        interaction.guild,
        call.bot,
        kind=_kind(interaction),
        flags=messages.LOADING | ephemeral,
        visible_to=interaction.user if ephemeral else "",
        interaction=interaction.metadata(world.users[interaction.user].to_json()),
    )


def _kind(interaction: Interaction) -> int:
    if interaction.kind != interactions.COMMAND:
        return messages.DEFAULT
    return messages.CONTEXT_MENU if interaction.message else messages.COMMAND


def callback(call: Call) -> Reply:
    """`POST /interactions/{id}/{token}/callback`."""
    interaction = call.world.interactions.get(call.params["token"])
    if interaction is None or interaction.id != call.params["interaction_id"]:
        raise unknown("interaction")
    respond(call, interaction)
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return Reply()
    made = interaction.original
    about: Json = {"id": interaction.id, "type": interaction.kind}
    resource: Json = {"type": interaction.answer}
    if made and interaction.answer in (interactions.MESSAGE, interactions.DEFERRED, interactions.UPDATE):
        about |= {
            "response_message_id": made.id,
            "response_message_loading": made.loading,
            "response_message_ephemeral": bool(made.visible_to),
            "channel_id": made.channel,
        }
        resource["message"] = call.render(made)
    return Reply({"interaction": about, "resource": resource})


ROUTES = (Route("POST", "/interactions/{interaction_id}/{token}/callback", callback, open=True),)
