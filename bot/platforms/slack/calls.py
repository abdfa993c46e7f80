"""Calls of Slack's Web API, and what its refusals mean to Candor."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Protocol, Self

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot import outgoing
from bot.outgoing import Payload
from bot.platforms.slack import files
from bot.platforms.slack.settings import SlackSettings
from core.errors import CandorError, MessageGone, Unavailable, Unwelcome
from core.messages import File
from core.pacing import Pacer
from core.transcripts import Attachment

_TIMEOUT_SECONDS = 10
_TOO_MANY, _SERVER = 429, 500

_PACED = "chat.postMessage"
"""The method that Slack counts by channel; it counts the others by workspace."""

# https://docs.slack.dev/reference/methods: the errors of chat.postMessage, chat.update and the streams.
_UNWELCOME = frozenset(
    {
        *("not_in_channel", "channel_not_found", "is_archived", "is_inactive", "restricted_action"),
        *("restricted_action_read_only_channel", "restricted_action_thread_only_channel", "no_permission"),
        *("restricted_action_thread_locked", "restricted_action_non_threadable_channel", "user_not_found"),
        *(
            "cannot_reply_to_message",
            "thread_not_found",
            "access_denied",
            "missing_scope",
            "ekm_access_denied",
        ),
    }
)
_REVOKED = frozenset(
    {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "org_login_required"}
)
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_DOWN = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)


class Refused(CandorError):
    """Slack did not take the call as it was made; `code` is its own name for the reason."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code


class Revoked(Unwelcome):
    """Slack does not take the token any more."""


class Tokens(Protocol):
    """The bot tokens of several workspaces."""

    def token(self, workspace: str) -> str:
        """The token of one workspace.

        Raises:
            Unwelcome: Candor is not installed there.
            LedgerUnavailable: the ledger does not answer.
        """
        ...

    def revoked(self, workspace: str, token: str) -> None:
        """Forget a token that Slack does not take any more."""
        ...


class SlackCalls:
    """The Web API. Every text leaves through `bot.outgoing`.

    Made without `tokens` it calls with the settings' own token, whichever workspace is named; else `at` gives
    the calls of one workspace.

    Every call raises Unavailable (down, or over its limit), Unwelcome (may not speak there), MessageGone, or
    Refused. Nothing is repeated here: a post that was cut off may have been made.
    """

    def __init__(
        self,
        settings: SlackSettings,
        tokens: Tokens | None = None,
        *,
        pacer: Pacer | None = None,
        workspace: str = "",
        seconds: int = _TIMEOUT_SECONDS,
    ) -> None:
        self._settings = settings
        self._pacer = pacer
        self._seconds = seconds
        self._tokens = tokens
        self._workspace = workspace
        self._token = tokens.token(workspace) if tokens and workspace else ""
        self._client = WebClient(
            self._token if tokens else settings.bot_token(),
            base_url=settings.slack_api_url,
            timeout=seconds,
            retry_handlers=[],
        )

    def at(self, workspace: str) -> Self:
        """The calls of one workspace.

        Raises:
            Unwelcome: Candor is not installed there.
            LedgerUnavailable: the ledger does not answer.
        """
        if self._workspace == workspace or not (self._tokens or self._pacer):
            return self
        return type(self)(
            self._settings, self._tokens, pacer=self._pacer, workspace=workspace, seconds=self._seconds
        )

    def write(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that shows something; a new message waits for its channel's turn."""
        if method != _PACED or self._pacer is None:
            return self._call(method, json=dict(outgoing.slack(arguments)))
        place = f"slack/{self._workspace}/{arguments['channel']}"
        if wait := self._pacer.take(place):
            raise Unavailable("the channel takes no more messages just now", after=wait)
        try:
            return self._call(method, json=dict(outgoing.slack(arguments)))
        except Unavailable as error:
            if error.after:
                self._pacer.hold(place, error.after)
            raise

    def read(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that looks something up."""
        return self._call(method, http_verb="GET", params=arguments)

    def fetch(self, file: File, *, most: int, seconds: float) -> Attachment:
        """Get what is in a file, as `files.download` does.

        Raises:
            NotFetched: with the reason.
        """
        token = self._client.token or ""
        return files.download(self._settings.slack_api_url, token, file, most=most, seconds=seconds)

    def respond(self, url: str, payload: Payload) -> None:
        """Say something to the one person whose command or shortcut came with this response URL."""
        try:
            answer = WebhookClient(url, timeout=_TIMEOUT_SECONDS, retry_handlers=[]).send_dict(
                dict(outgoing.slack({**payload, **outgoing.NO_PREVIEWS}))
            )
        except (OSError, HTTPException, SlackClientError) as error:
            raise Unavailable(f"Slack's response URL does not answer ({type(error).__name__})") from None
        if answer.status_code == _TOO_MANY:
            raise Unavailable("Slack asks to wait", after=_seconds(answer.headers))
        if answer.status_code >= _SERVER:
            raise Unavailable(f"Slack's response URL answers {answer.status_code}")
        if answer.status_code != 200 or answer.body.strip() not in ("ok", "", '{"ok":true}'):  # noqa: PLR2004
            raise Refused("the response URL", answer.body.strip()[:100])

    def _call(self, method: str, **how: Any) -> Mapping[str, Any]:
        try:
            data = self._client.api_call(method, **how).data
        except SlackApiError as error:
            meaning = _meaning(method, error)
            if self._tokens and isinstance(meaning, Revoked):
                self._tokens.revoked(self._workspace, self._token)
            raise meaning from None
        except (OSError, HTTPException, SlackClientError) as error:
            raise Unavailable(f"Slack does not answer {method} ({type(error).__name__}: {error})") from None
        return data if isinstance(data, dict) else {}


def _meaning(method: str, error: SlackApiError) -> CandorError:
    response = error.response
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error", ""))
    if response.status_code == _TOO_MANY or code in ("ratelimited", "rate_limited"):
        return Unavailable(f"Slack asks to wait before {method}", after=_seconds(response.headers))
    if code in _REVOKED:
        return Revoked(
            f"CANDOR_SLACK_BOT_TOKEN: Slack does not take this token ({code}); set a new one, or install the "
            "app again"
        )
    if code in _UNWELCOME:
        needed = f", needs {data['needed']}" if "needed" in data else ""
        return Unwelcome(f"Slack refused {method}: {code}{needed}")
    if code in _GONE:
        return MessageGone(f"Slack refused {method}: {code}")
    if code in _DOWN or response.status_code >= _SERVER or not code:
        return Unavailable(f"Slack failed at {method} ({code or response.status_code})")
    return Refused(method, code)


def _seconds(headers: Mapping[str, Any]) -> float:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    given = given[0] if isinstance(given, list) else given
    return float(given) if str(given).isdecimal() else 1.0
