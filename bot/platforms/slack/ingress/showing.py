"""What the ingress itself shows: modals, App Home, words for one person. Nothing is lost where that fails."""

from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import outgoing
from bot.outgoing import Payload
from core import log
from core.errors import CandorError

_log = log.get(__name__)

# Opening a modal must not cost the acknowledgement, for which Slack waits three seconds.
TIMEOUT_SECONDS = 2


def workspace_of(context: BoltContext) -> str:
    """The workspace that something happened in."""
    return str(context.team_id or context.enterprise_id or "")


def quietly(client: WebClient, method: str, **arguments: Any) -> None:
    """Call Slack with the token of Bolt's client for something that may fail."""
    # A client of our own: Bolt's adds the workspace to every call, which few methods know.
    plain = WebClient(client.token, base_url=client.base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    try:
        plain.api_call(method, json=arguments)
    except (SlackApiError, SlackClientError, CandorError, OSError) as error:
        _log.warning("not shown", method=method, error=str(error))


def opened(client: WebClient, body: dict[str, Any], view: Payload | str) -> str:
    """Open a modal, or give the sentence that says why there is none."""
    if isinstance(view, str):
        return view
    quietly(client, "views.open", trigger_id=body["trigger_id"], view=dict(outgoing.slack(view)))
    return ""


def publish(client: WebClient, person: str, view: Payload) -> None:
    """Set somebody's App Home."""
    quietly(client, "views.publish", user_id=person, view=dict(outgoing.slack(view)))
