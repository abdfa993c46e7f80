"""How Candor reaches Discord."""

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
