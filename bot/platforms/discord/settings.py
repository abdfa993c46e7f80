"""How Candor reaches Discord."""

import re

from pydantic import Field, SecretStr

from core.errors import Misconfigured
from core.settings import Settings


class DiscordSettings(Settings):
    """One Discord app."""

    discord_token: SecretStr = Field(
        default=SecretStr(""), description="The bot's token. Empty switches Discord off."
    )
    discord_public_key: str = Field(
        default="", description="The app's public key, without which no HTTP request is believed."
    )
    discord_api_url: str = Field(default="https://discord.com/api/v10", description="Root of Discord's API.")
    discord_gateway_url: str = Field(
        default="", description="Where the gateway is. Empty means where Discord's API says."
    )
    discord_http_port: int = Field(
        default=3001, ge=0, le=65535, description="Where `candor bot discord --http` listens."
    )

    discord_guild: str = Field(
        default="",
        pattern=r"^\d*$",
        description="The one server to register the commands in, at once, for development. Empty registers "
        "them for all.",
    )

    discord_source_days: int = Field(
        default=365, ge=1, description="How many days back a Discord channel is read as a source."
    )

    @property
    def configured(self) -> bool:
        """Whether Discord is switched on."""
        return bool(self.discord_token.get_secret_value())

    def token(self) -> str:
        """The bot's token.

        Raises:
            Misconfigured: it is not set.
        """
        if not self.configured:
            raise Misconfigured("CANDOR_DISCORD_TOKEN: set the bot's token")
        return self.discord_token.get_secret_value().strip()

    def public_key(self) -> bytes:
        """The key that every request of Discord's has to be signed by.

        Raises:
            Misconfigured: it is not set, or is none.
        """
        key = self.discord_public_key.strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", key):
            raise Misconfigured(
                "CANDOR_DISCORD_PUBLIC_KEY: set the app's public key, 64 hexadecimal digits, from its page "
                "under General Information"
            )
        return bytes.fromhex(key)
