"""The app under test, as Discord's side knows it: its id, token, keys and granted intents."""

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.simulators.discord.rules import intents, permissions


@dataclass(frozen=True, slots=True)
class App:
    """One app. Its bot user has the same id.

    Attributes:
        intents: the privileged intents that it was granted; to identify with another is closed by 4014.
        permissions: what the invite gave its role in each guild.
        key: signs interactions that go over HTTP.
    """

    id: str = "1100000000000000001"
    name: str = "Candor"
    token: str = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.simulated.discord-bot-token"  # noqa: S105 - opens a simulator only
    intents: int = intents.MESSAGE_CONTENT | intents.GUILD_MEMBERS
    permissions: int = permissions.BOT
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public_key(self) -> str:
        """The key that verifies its interactions, in hexadecimal."""
        return self.key.public_key().public_bytes_raw().hex()

    @property
    def flags(self) -> int:
        """Its public flags: which privileged intents an app of less than 10,000 users was granted."""
        content, members = 1 << 19, 1 << 15
        return (content if self.intents & intents.MESSAGE_CONTENT else 0) | (
            members if self.intents & intents.GUILD_MEMBERS else 0
        )

    def to_json(self, owner: dict[str, Any]) -> dict[str, Any]:
        """The application object, as the app itself reads it."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": owner,
            "team": None,
            "verify_key": self.public_key,
            "flags": self.flags,
            "interactions_endpoint_url": None,
            "approximate_guild_count": 1,
        }
