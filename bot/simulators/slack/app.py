"""The app under test, as Slack's side knows it: its secrets, scopes, events and commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

BOT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
"""What an assistant may ask for; `chat:write.public` and `chat:write.customize` are left out on purpose."""

BOT_EVENTS = frozenset(
    {
        "agent_session_stopped",
        "agent_session_title_changed",
        "app_context_changed",
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "link_shared",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "reaction_removed",
        "tokens_revoked",
    }
)


@dataclass(frozen=True, slots=True)
class App:
    """One app. Shortcuts are `callback_id` to `message` or `global`."""

    id: str = "A0SIMULATED"
    name: str = "Candor"
    client_id: str = "111.222"
    client_secret: str = "simulated-client-secret"  # noqa: S105 - opens nothing but a simulator
    signing_secret: str = "simulated-signing-secret"  # noqa: S105 - opens nothing but a simulator
    verification_token: str = "simulated-verification-token"  # noqa: S105 - opens nothing but a simulator
    app_token: str = "xapp-1-A0SIMULATED-1-simulated"  # noqa: S105 - opens nothing but a simulator
    scopes: frozenset[str] = BOT_SCOPES
    bot_events: frozenset[str] = BOT_EVENTS
    commands: frozenset[str] = frozenset({"/ask"})
    shortcuts: Mapping[str, str] | None = None
    unfurl_domains: frozenset[str] = frozenset()
    home_tab: bool = True

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Self:
        """The app that a manifest describes: only its scopes, events, commands and shortcuts will work.

        Args:
            manifest: the parsed manifest, in the shape that Slack's documentation gives it.
        """
        features = manifest.get("features", {})
        # Slack adds this scope itself to an app with the agent's view: no manifest may ask for it.
        added = {"assistant:write"} if "agent_view" in features else set()
        settings = manifest.get("settings", {})
        return cls(
            name=features.get("bot_user", {}).get("display_name", manifest["display_information"]["name"]),
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])) | added,
            bot_events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            commands=frozenset(command["command"] for command in features.get("slash_commands", [])),
            shortcuts={
                shortcut["callback_id"]: shortcut["type"] for shortcut in features.get("shortcuts", [])
            },
            unfurl_domains=frozenset(features.get("unfurl_domains", [])),
            home_tab=features.get("app_home", {}).get("home_tab_enabled", False),
        )
