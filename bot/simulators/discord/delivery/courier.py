"""Begins interactions and brings them to the app."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from bot.simulators.discord.delivery.endpoints import AT_ONCE, Endpoint
from bot.simulators.discord.delivery.payloads import payload
from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.record import Delivery
from bot.simulators.discord.rest.call import Call
from bot.simulators.discord.rest.routes.callbacks import respond
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.events import plain
from bot.simulators.discord.state.interactions import ANSWER_SECONDS, Interaction
from bot.simulators.discord.state.messages import Message
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

FAILED = "The application did not respond"


class Courier:
    """Brings interactions over the gateway, until `listen` names an address of the app's own.

    Attributes:
        endpoint: that address; None while the gateway tells of interactions.
    """

    def __init__(self, world: World) -> None:
        self.endpoint: Endpoint | None = None
        self._world = world
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="discord-courier")

    def begin(
        self,
        kind: int,
        user: str,
        channel: Channel,
        data: Json,
        *,
        name: str,
        message: Message | None = None,
    ) -> Interaction:
        """Have somebody do something that the app has three seconds to answer."""
        world = self._world
        with world.changed:
            token = secrets.token_urlsafe(48)
            interaction = Interaction(
                world.ids.new(),
                token,
                kind,
                user,
                channel.id,
                channel.guild,
                data,
                name,
                world.clock.now(),
                message,
                over_http=self.endpoint is not None,
            )
            world.interactions[token] = interaction
            body = payload(world, interaction)
            # A moment longer than the app has, so that an answer in time is never taken for a late one.
            world.clock.call_later(ANSWER_SECONDS + 0.001, lambda: self._expire(interaction))
            if self.endpoint:
                self._pool.submit(self._post, self.endpoint, interaction, body)
            else:
                world.tell(plain("INTERACTION_CREATE", body, 0, channel.guild))
        return interaction

    def listen(self, url: str) -> None:
        """Post interactions from now on, once the app has shown that it checks signatures.

        Raises:
            DiscordError: 50035 where it does not.
        """
        endpoint = Endpoint(self._world, url)
        try:
            endpoint.verify()
        except DiscordError:
            endpoint.close()
            raise
        self._forget()
        self.endpoint = endpoint

    def forge(self) -> Delivery:
        """Post a ping with a bad signature, as Discord does now and then.

        Answered by anything but 401, it takes the app's address away.

        Raises:
            DiscordError: where the app has no address.
        """
        if self.endpoint is None:
            raise DiscordError(400, 0, "The app has no address of its own: see `listen`.")
        delivery = self.endpoint.ping(forged=True)
        if delivery.status != httpx.codes.UNAUTHORIZED:
            self._world.record.finding("signature", f"a bad signature was answered by {delivery.status}")
            self._forget()
        return delivery

    def close(self) -> None:
        """Bring nothing more."""
        self._pool.shutdown(cancel_futures=True)
        self._forget()

    def _forget(self) -> None:
        if self.endpoint:
            self.endpoint.close()
        self.endpoint = None

    def _post(self, endpoint: Endpoint, interaction: Interaction, body: Json) -> None:
        delivery = endpoint.send(body)
        # By 202 the app says that it answers at the callback's own address.
        if delivery.status != httpx.codes.OK:
            return
        try:
            with self._world.changed:
                respond(Call(self._world, {}, {}, delivery.body), interaction)
        except DiscordError as error:
            self._world.record.finding("interaction answer", f"{interaction.name}: {error} {error.errors}")

    def _expire(self, interaction: Interaction) -> None:
        with self._world.changed:
            if interaction.answer:
                return
            interaction.failed = FAILED
            self._world.changed.notify_all()
        self._world.record.finding("interaction unanswered", interaction.name)
