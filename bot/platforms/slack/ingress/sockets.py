"""Socket Mode: Candor calls Slack, so that nothing has to be reachable from outside."""

from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError

from core.errors import Misconfigured, Unavailable

_THREADS = 20


@contextmanager
def connected(app: App, app_token: str) -> Iterator[None]:
    """Hear over a WebSocket as long as the block runs; it is opened anew whenever it is lost.

    Raises:
        Misconfigured: Slack does not take the app-level token.
        Unavailable: Slack does not answer.
    """
    handler = SocketModeHandler(app, app_token, concurrency=_THREADS)
    try:
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no types there
    except SlackApiError as error:
        raise Misconfigured(
            f"CANDOR_SLACK_APP_TOKEN: Slack does not take this token ({error.response.get('error')})"
        ) from None
    except (SlackClientError, OSError) as error:
        raise Unavailable(f"CANDOR_SLACK_API_URL: Slack does not answer ({type(error).__name__})") from None
    try:
        yield
    finally:
        handler.close()  # type: ignore[no-untyped-call]
