"""OAuth: the pages by which a workspace installs the app, and whom an event belongs to."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import yaml
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.oauth_flow import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient

from bot.platforms.slack.installations import STATE_SECONDS, Installations
from bot.platforms.slack.settings import SlackSettings

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

MANIFEST: Final = Path(__file__).parents[1] / "manifest.yaml"

_TIMEOUT_SECONDS = 10


def scopes() -> list[str]:
    """What the app asks for: the manifest says it once."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return list(manifest["oauth_config"]["scopes"]["bot"])


def flow(settings: SlackSettings, installations: Installations) -> OAuthFlow:
    """Bolt's own flow: a page with a button, and the way back with a code, guarded by a state.

    Raises:
        Misconfigured: there is no client secret.
    """
    return OAuthFlow(
        client=WebClient(base_url=settings.slack_api_url, timeout=_TIMEOUT_SECONDS, retry_handlers=[]),
        logger=logging.getLogger("slack_bolt"),
        settings=OAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.client_secret(),
            scopes=scopes(),
            redirect_uri=settings.slack_redirect_url or None,
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            # https://docs.slack.dev/authentication/installing-with-oauth: beside the API, on its host.
            authorization_url=urljoin(settings.slack_api_url, "/oauth/v2/authorize"),
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=installations.states(),
            state_expiration_seconds=STATE_SECONDS,
        ),
    )


def authorize(installations: Installations) -> Callable[..., AuthorizeResult]:
    """Whom an event belongs to, without asking Slack: the ledger knows since the installation."""

    def found(enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
        installed = installations.installed(str(team_id or ""))
        if installed is None:
            # None is what Bolt understands, though its types do not say so.
            return None  # type: ignore[return-value]
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=installed.bot_id,
            bot_user_id=installed.bot_user_id,
            bot_token=installed.token,
        )

    return found
