"""How Candor reaches Slack, and how Slack reaches Candor."""

from pydantic import Field, SecretStr

from core.errors import Misconfigured
from core.settings import Settings


class SlackSettings(Settings):
    """One Slack app in one workspace."""

    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="The bot token, `xoxb-…`. Empty switches Slack off."
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="The app-level token, `xapp-…`, for Socket Mode."
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="The signing secret, without which no HTTP request is believed."
    )
    slack_api_url: str = Field(default="https://slack.com/api/", description="Root of Slack's Web API.")
    slack_http_port: int = Field(
        default=3000, ge=0, le=65535, description="Where `candor bot slack --http` listens."
    )

    @property
    def configured(self) -> bool:
        """Whether Slack is switched on."""
        return bool(self.slack_bot_token.get_secret_value())

    def bot_token(self) -> str:
        """The bot token.

        Raises:
            Misconfigured: it is not set.
        """
        return _set(self.slack_bot_token, "CANDOR_SLACK_BOT_TOKEN", "the bot token (xoxb-…)")

    def app_token(self) -> str:
        """The app-level token.

        Raises:
            Misconfigured: it is not set.
        """
        return _set(
            self.slack_app_token,
            "CANDOR_SLACK_APP_TOKEN",
            "the app-level token (xapp-…) for Socket Mode, or listen with --http",
        )

    def signing_secret(self) -> str:
        """The signing secret.

        Raises:
            Misconfigured: it is not set.
        """
        return _set(
            self.slack_signing_secret,
            "CANDOR_SLACK_SIGNING_SECRET",
            "the app's signing secret: without it anybody could speak as Slack",
        )


def _set(value: SecretStr, setting: str, what: str) -> str:
    if not value.get_secret_value():
        raise Misconfigured(f"{setting}: set {what}")
    return value.get_secret_value()
