"""The simulator: Slack on loopback, with workspaces in it and one app under test."""

from types import TracebackType
from typing import Any, Self

from bot.simulators.clock import Clock
from bot.simulators.server import HOST, Server
from bot.simulators.slack.app import App
from bot.simulators.slack.delivery.courier import Courier
from bot.simulators.slack.delivery.envelopes import Interactions, event_callback
from bot.simulators.slack.delivery.http import HttpTransport
from bot.simulators.slack.delivery.sockets import Sockets
from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.person import Person
from bot.simulators.slack.record import Receipt, Request
from bot.simulators.slack.rules.limits import Limits
from bot.simulators.slack.state.directory import new_id
from bot.simulators.slack.state.events import Event
from bot.simulators.slack.state.people import Guest
from bot.simulators.slack.state.tokens import State, Token, Tokens
from bot.simulators.slack.state.triggers import Triggers
from bot.simulators.slack.state.workspace import Workspace
from bot.simulators.slack.web.api import WebApi
from bot.simulators.slack.web.call import Platform
from bot.simulators.slack.web.server import addresses


class SlackSimulator:
    """A stand-in for Slack, for the length of a `with` block.

    Events go over Socket Mode to whoever opens a socket, until `listen` names a request URL.

    Attributes:
        app: the app under test.
        workspace: the first workspace, where the app is installed.
        bot_token: what the app acts with there.
        clock: the simulator's time; `advance` makes retries, limits and expiries happen.
        limits: how often methods may be called.
        api: every call that came in, and failures on request.
        courier: every delivery, and how long an acknowledgement may take.
        sockets: Socket Mode.
        platform: what all workspaces have in common.
    """

    def __init__(self, app: App | None = None, *, port: int = 0, ack_seconds: float = 3.0) -> None:
        self.app = app or App()
        self.clock = Clock()
        self.limits = Limits(self.clock)
        self.sockets = Sockets(self.app.id, HOST)
        self.courier = Courier(self.clock, self.sockets, ack_seconds)
        self._server = Server(port, "slack-server")
        self._http: list[HttpTransport] = []
        tokens = Tokens()
        tokens.add(Token(self.app.app_token, "app", frozenset({"connections:write"})))
        self.platform = Platform(
            self.app, self.clock, tokens, Triggers(self.clock.now), {}, self.uninstall, self.sockets.ticket
        )
        self.api = WebApi(self.platform, self.limits)
        self.workspace = self.add_workspace("Candor Test")
        self.bot_token = self.install(self.workspace)

    def __enter__(self) -> Self:
        self._server.start(addresses(self.platform, self.api))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clock.close()
        self.sockets.close()
        self.courier.close()
        self._server.close()
        for transport in self._http:
            transport.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    @property
    def api_url(self) -> str:
        """What a client of the Web API takes as its base."""
        return f"{self.url}/api/"

    @property
    def requests(self) -> list[Request]:
        """Every call of the Web API, oldest first."""
        return self.api.requests

    def calls(self, method: str) -> list[Request]:
        """The calls of one method, oldest first."""
        return [request for request in list(self.api.requests) if request.method == method]

    @property
    def receipts(self) -> list[Receipt]:
        """Every attempt to deliver, oldest first."""
        return self.courier.receipts

    def add_workspace(self, name: str) -> Workspace:
        """One more workspace, without the app until it is installed."""
        workspace = Workspace(name, self.app, self.clock, self._emit)
        self.platform.workspaces[workspace.id] = workspace
        return workspace

    def install(self, workspace: Workspace) -> str:
        """Install the app without a browser.

        Returns:
            The bot token.
        """
        return self.platform.tokens.issue("bot", self.app.scopes, workspace.id, workspace.bot.id).value

    def code(self, workspace: Workspace, installer: Person) -> str:
        """What the install page hands over when somebody agrees: `oauth.v2.access` takes it once."""
        code = new_id("")
        self.platform.codes[code] = (workspace.id, installer.id)
        return code

    def person(
        self,
        name: str,
        workspace: Workspace | None = None,
        *,
        admin: bool = False,
        guest: Guest = "",
        team: str = "",
        is_bot: bool = False,
    ) -> Person:
        """A new person in a workspace.

        Args:
            name: their name; in lower case and with dots for blanks it is what an `@` finds.
            workspace: where; the first workspace if none is given.
            admin: whether they administer it.
            guest: whether they are a guest there.
            team: their own workspace, for somebody of another one in a shared channel.
            is_bot: another bot, not the app under test.
        """
        home = workspace or self.workspace
        bot_id = new_id("B") if is_bot else ""
        with home.changed:
            user = home.directory.add_user(name, admin=admin, guest=guest, team=team, bot_id=bot_id)
        interactions = Interactions(self.app, home, self.platform.triggers, self.url)
        return Person(user, home, self.platform, self.courier, interactions)

    def listen(self, url: str, *, secret: str | None = None) -> None:
        """Deliver over signed HTTP from now on, once the app has answered `url_verification`.

        Args:
            url: the app's request URL, for events, interactions and commands.
            secret: what to sign with, for somebody who forges requests.

        Raises:
            SlackError: `url_verification_failed`.
        """
        transport = HttpTransport(self.app.signing_secret if secret is None else secret, url)
        self._http.append(transport)
        if secret is None and not transport.verify(self.app.verification_token, self.courier.seconds):
            raise SlackError("url_verification_failed")
        self.courier.transport = transport

    def replay(self, receipt: Receipt) -> None:
        """Deliver an event that was delivered before, under its old event id."""
        self.courier.event(receipt.payload)

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is on its way to the app."""
        return self.courier.settle(seconds)

    def uninstall(self, workspace: Workspace) -> None:
        """Take the app out of a workspace: its tokens die, and it hears of that."""
        bots = self._kill_tokens(workspace, "account_inactive")
        self._send(workspace, Event("tokens_revoked", _revoked(bots)))
        self._send(workspace, Event("app_uninstalled", {"type": "app_uninstalled"}))

    def revoke(self, workspace: Workspace) -> None:
        """Revoke the app's tokens in a workspace; it stays installed in name."""
        bots = self._kill_tokens(workspace, "token_revoked")
        self._send(workspace, Event("tokens_revoked", _revoked(bots)))

    def _kill_tokens(self, workspace: Workspace, state: State) -> list[str]:
        tokens = self.platform.tokens.of(workspace.id)
        for token in tokens:
            token.state = state
        return sorted({token.user for token in tokens})

    def _emit(self, team: str, event: Event) -> None:
        workspace = self.platform.workspaces[team]
        if event.channel and workspace.bot.id not in event.channel.members:
            return
        tokens = self.platform.tokens.of(team)
        if any(not event.scope or event.scope in token.scopes for token in tokens):
            self._send(workspace, event)

    def _send(self, workspace: Workspace, event: Event) -> None:
        if event.name in self.app.bot_events:
            self.courier.event(event_callback(self.app, workspace, event))


def _revoked(bots: list[str]) -> dict[str, Any]:
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bots}}
