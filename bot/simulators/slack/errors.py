"""The refusals that Slack answers with."""

from typing import Any


class SlackError(Exception):
    """Slack says no, as it says it: `{"ok": false, "error": ...}`.

    Attributes:
        code: Slack's own name for the refusal, such as `not_in_channel`.
        extra: further fields of the answer, such as `needed` beside `missing_scope`.
    """

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class RateLimited(SlackError):
    """Too many calls: HTTP 429 with `Retry-After`."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


def invalid_arguments(*messages: str) -> SlackError:
    """The refusal of a call whose arguments make no sense, with a line for each of them."""
    return SlackError("invalid_arguments", response_metadata={"messages": list(messages)})
