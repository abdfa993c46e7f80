"""How Candor reaches Slack, and how Slack reaches Candor."""

from pydantic import Field, SecretStr

from core.errors import Misconfigured
from core.settings import Settings


class SlackSettings(Settings):
    """One Slack app: in one workspace by its token, or in several by OAuth."""

    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="The bot token, `xoxb-…`. Empty switches Slack off."
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="The app-level token, `xapp-…`, for Socket Mode."
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="The signing secret, without which no HTTP request is believed."
    )
    slack_client_id: str = Field(
        default="",
        description="The client ID, by which several workspaces install the app. Set no bot token then.",
    )
    slack_client_secret: SecretStr = Field(
        default=SecretStr(""), description="The client secret, which belongs to the client ID."
    )
    slack_redirect_url: str = Field(
        default="",
        description="Where Slack sends back whoever installs the app: `https://HOST/slack/oauth_redirect`. "
        "Empty: as the app's own settings say.",
    )
    slack_api_url: str = Field(default="https://slack.com/api/", description="Root of Slack's Web API.")
    slack_source_days: int = Field(
        default=365, ge=1, description="How many days back a channel is read that is a source."
    )
    slack_http_port: int = Field(
        default=3000, ge=0, le=65535, description="Where `candor bot slack --http` listens."
    )

    @property
    def configured(self) -> bool:
        """Whether Slack is switched on."""
        return bool(self.slack_bot_token.get_secret_value()) or self.several

    @property
    def several(self) -> bool:
        """Whether workspaces install the app by OAuth, and their tokens stand in the ledger."""
        return bool(self.slack_client_id)

    def check(self) -> None:
        """Refuse a token beside a client ID: of two ways to speak, nobody could tell which one counts.

        Raises:
            Misconfigured: both are set, or neither.
        """
        if not self.several:
            self.bot_token()
        elif self.slack_bot_token.get_secret_value():
            raise Misconfigured(
                "CANDOR_SLACK_BOT_TOKEN: a token is for one workspace, CANDOR_SLACK_CLIENT_ID for several; "
                "set one of them"
            )

    def bot_token(self) -> str:
        """The bot token.

        Raises:
            Misconfigured: it is not set.
        """
        return _set(self.slack_bot_token, "CANDOR_SLACK_BOT_TOKEN", "the bot token (xoxb-…)")

    def client_secret(self) -> str:
        """The client secret.

        Raises:
            Misconfigured: it is not set.
        """
        return _set(
            self.slack_client_secret, "CANDOR_SLACK_CLIENT_SECRET", "the secret of CANDOR_SLACK_CLIENT_ID"
        )

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
