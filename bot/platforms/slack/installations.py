"""The workspaces that installed the app: the SDK's own store in the ledger's database, with sealed tokens."""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from core import log
from core.errors import Unwelcome
from ledger.engine import Ledger, writer
from ledger.transactions import reaching
from ledger.vault import Vault

_log = log.get(__name__)

STATE_SECONDS = 600
"""How long an installation may take, from its page to the way back."""

_SECRETS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")

_Stored = TypeVar("_Stored", Bot, Installation)


@dataclass(frozen=True, slots=True)
class Installed:
    """Candor in one workspace, as Slack knows it. `at` is when it was installed, in seconds since 1970."""

    token: str
    bot_id: str
    bot_user_id: str
    at: float


class Installations(InstallationStore):
    """Which workspaces Candor may act in, and by which tokens.

    Each method raises LedgerUnavailable when the database is down or locked, and Misconfigured when a token
    was sealed with a key that is not here.
    """

    def __init__(self, client_id: str, ledger: Ledger, vault: Vault) -> None:
        self._ledger = ledger
        self._vault = vault
        self._reads = SQLAlchemyInstallationStore(client_id, ledger)
        self._writes = SQLAlchemyInstallationStore(client_id, writer(ledger))

    def states(self) -> OAuthStateStore:
        """The store of installations that are under way."""
        return SQLAlchemyOAuthStateStore(STATE_SECONDS, writer(self._ledger))

    def save(self, installation: Installation) -> None:
        """Keep an installation, in place of the workspace's earlier ones."""
        sealed = copy(installation)
        for name in _SECRETS:
            if secret := getattr(sealed, name):
                setattr(sealed, name, self._vault.seal(secret))
        with reaching(self._ledger):
            self._writes.save(sealed)
        _log.info("installed", workspace=installation.team_id or installation.enterprise_id)

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The newest bot of a workspace, its token opened."""
        with reaching(self._ledger):
            bot = self._reads.find_bot(
                enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
            )
        return self._opened(bot) if bot else None

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The newest installation of a workspace, its tokens opened."""
        with reaching(self._ledger):
            found = self._reads.find_installation(
                enterprise_id=enterprise_id,
                team_id=team_id,
                user_id=user_id,
                is_enterprise_install=is_enterprise_install,
            )
        return self._opened(found) if found else None

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace's bot."""
        with reaching(self._ledger):
            self._writes.delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget who installed the app in a workspace."""
        with reaching(self._ledger):
            self._writes.delete_installation(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)

    def reseal(self) -> None:
        """Seal every token with the newest key, so that an older one can be thrown away."""
        with reaching(self._ledger), self._writes.engine.begin() as connection:
            for table in (self._writes.bots, self._writes.installations):
                for row in connection.execute(table.select()).mappings().all():
                    anew = {name: self._vault.reseal(row[name]) for name in _SECRETS if row.get(name)}
                    connection.execute(table.update().where(table.c.id == row["id"]).values(**anew))

    def installed(self, workspace: str) -> Installed | None:
        """Candor in a workspace; None where it is not installed."""
        bot = self.find_bot(enterprise_id=None, team_id=workspace)
        if bot is None:
            return None
        # The SDK writes a day and time in UTC and reads it as local; this turns it back.
        at = datetime.fromtimestamp(bot.installed_at).replace(tzinfo=UTC).timestamp()  # noqa: DTZ006
        return Installed(str(bot.bot_token), str(bot.bot_id or ""), str(bot.bot_user_id or ""), at)

    def token(self, workspace: str) -> str:
        """The bot token of a workspace.

        Raises:
            Unwelcome: Candor is not installed there.
        """
        found = self.installed(workspace)
        if found is None:
            raise Unwelcome(f"the Slack workspace {workspace} has not installed the app, or has removed it")
        return found.token

    def revoked(self, workspace: str, token: str) -> None:
        """Forget a workspace whose token Slack does not take any more, unless it has a newer one by now."""
        found = self.installed(workspace)
        if found and found.token == token:
            self.remove(workspace)

    def remove(self, workspace: str, *, before: float | None = None) -> bool:
        """Forget a workspace.

        Args:
            workspace: which one.
            before: when it was left, in seconds since 1970: what was installed after that stays.

        Returns:
            False when it stays.
        """
        found = self.installed(workspace)
        if found and before is not None and found.at > before + 1:
            return False
        self.delete_all(enterprise_id=None, team_id=workspace)
        _log.info("no longer installed", workspace=workspace)
        return True

    def _opened(self, stored: _Stored) -> _Stored:
        for name in _SECRETS:
            if sealed := getattr(stored, name, None):
                setattr(stored, name, self._vault.open(sealed))
        return stored
