"""The simulator: Discord on loopback, with guilds in it and one app under test."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from bot.simulators.clock import Clock
from bot.simulators.discord.app import App
from bot.simulators.discord.delivery.courier import Courier
from bot.simulators.discord.gateway.gateway import Gateway
from bot.simulators.discord.person import Person
from bot.simulators.discord.record import Finding, Record, Request
from bot.simulators.discord.rest.addresses import addresses
from bot.simulators.discord.rest.api import Api
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.rules.limits import Limits
from bot.simulators.discord.state.channels import TEXT, Channel, Overwrite
from bot.simulators.discord.state.guilds import Guild
from bot.simulators.discord.state.people import Role
from bot.simulators.discord.state.world import World
from bot.simulators.server import HOST, Server


class DiscordSimulator:
    """A stand-in for Discord, for the length of a `with` block.

    Interactions are told over the gateway, until `listen` names an address of the app's own.

    Attributes:
        app: the app under test.
        world: all that there is.
        guild: the first guild, which the bot is in.
        clock: the simulator's time; `advance` makes clocks run out, limits refill and nonces be forgotten.
        record: every request, every delivery, every rule that was broken.
        limits: how often routes may be called.
        gateway: who is connected, and failures of connections on order.
        api: the REST API, and failures of requests on order.
        courier: interactions on their way to the app.
    """

    def __init__(self, app: App | None = None, *, port: int = 0, gateway_port: int = 0) -> None:
        self.app = app or App()
        self.clock = Clock()
        self.record = Record(self.clock.now)
        self.limits = Limits(self.clock)
        self._server = Server(port, "discord-server")
        self.world = World(self.app, self.clock, self.record, self._server.url)
        self.guild = self.world.add_guild("Candor Test")
        self.gateway = Gateway(self.world, HOST, gateway_port)
        self.api = Api(self.world, self.limits, self.gateway)
        self.courier = Courier(self.world)

    def __enter__(self) -> Self:
        self._server.start(addresses(self.world, self.api))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clock.close()
        self.gateway.close()
        self.courier.close()
        self._server.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    @property
    def api_url(self) -> str:
        """What a client of the REST API takes as its base."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What a client of the gateway connects to."""
        return self.gateway.url

    @property
    def requests(self) -> list[Request]:
        """Every request of the REST API, oldest first."""
        return list(self.record.requests)

    @property
    def findings(self) -> list[Finding]:
        """Every rule that was broken, oldest first."""
        return list(self.record.findings)

    def calls(self, route: str) -> list[Request]:
        """The requests of one route, oldest first, such as `POST /channels/{channel_id}/messages`."""
        return [request for request in self.requests if request.route == route]

    def person(
        self,
        name: str,
        *roles: Role,
        guild: Guild | None = None,
        admin: bool = False,
        is_bot: bool = False,
        stranger: bool = False,
    ) -> Person:
        """Somebody new.

        Args:
            name: their name; in lower case and with dots for blanks it is what an `@` finds.
            roles: what they are in the guild.
            guild: where; the first guild if none is given.
            admin: whether they administer it.
            is_bot: another bot, not the app under test.
            stranger: they are in no guild.
        """
        home = guild or self.guild
        user = self.world.add_user(name, bot=is_bot)
        if not stranger:
            more = (self._administrators(home),) if admin else ()
            self.world.join(home, user, *roles, *more)
        return Person(user, self.world, self.courier)

    def role(self, name: str, guild: Guild | None = None, *, bits: int = 0) -> Role:
        """A new role, with these permissions beyond everybody's."""
        return self.world.add_role(guild or self.guild, name, bits)

    def channel(
        self,
        name: str,
        kind: int = TEXT,
        *,
        guild: Guild | None = None,
        only: tuple[Role | Person, ...] = (),
        with_bot: bool = True,
    ) -> Channel:
        """A new channel.

        Args:
            name: its name.
            kind: text unless another is given, such as `channels.FORUM`.
            guild: where; the first guild if none is given.
            only: who sees it, if not everybody.
            with_bot: whether the bot sees it too.
        """
        home = guild or self.guild
        seen = permissions.VIEW_CHANNEL
        overwrites = []
        if only:
            overwrites = [Overwrite(home.id, 0, deny=seen)]
            overwrites += [Overwrite(one.id, int(isinstance(one, Person)), allow=seen) for one in only]
        if only or not with_bot:
            bits = {"allow": seen} if with_bot else {"deny": seen}
            overwrites.append(Overwrite(self.app.id, 1, **bits))
        return self.world.add_channel(home, name, kind, *overwrites)

    def listen(self, url: str) -> None:
        """Post interactions to the app's own address from now on, once it has shown that it checks them.

        Raises:
            DiscordError: 50035 where it does not.
        """
        self.courier.listen(url)

    def wait_for(self, condition: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until something holds of the world.

        Returns:
            What the condition returned; false in the end when the time is up.
        """
        with self.world.changed:
            return self.world.changed.wait_for(condition, seconds)

    def _administrators(self, guild: Guild) -> Role:
        for role in guild.roles.values():
            if role.permissions & permissions.ADMINISTRATOR and not role.managed:
                return role
        return self.world.add_role(guild, "admin", permissions.ADMINISTRATOR)
