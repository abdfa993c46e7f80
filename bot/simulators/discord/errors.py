"""The refusals that Discord answers with."""

from typing import Any


class DiscordError(Exception):
    """Discord says no, as it says it: an HTTP status, and a JSON code with a sentence.

    Attributes:
        status: the HTTP status.
        code: Discord's own number for the refusal, such as 50013.
        errors: the faults of a form body, nested as Discord nests them; empty for other refusals.
    """

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors or {}

    def to_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body | ({"errors": self.errors} if self.errors else {})


class RateLimited(DiscordError):
    """Too many requests: HTTP 429. `scope` is `user` for a bucket and `global` for the whole bot."""

    def __init__(self, retry_after: float, scope: str = "user") -> None:
        super().__init__(429, 0, "You are being rate limited.")
        self.retry_after = retry_after
        self.scope = scope

    def to_json(self) -> dict[str, Any]:
        """The body of the answer, with the seconds to wait."""
        return {
            "message": self.message,
            "retry_after": round(self.retry_after, 3),
            "global": self.scope == "global",
        }


class Banned(DiscordError):
    """Too many invalid requests from one address: what stands before Discord lets nothing through."""

    def __init__(self) -> None:
        super().__init__(429, 1015, "error code: 1015")


_UNKNOWN = {
    "channel": 10003,
    "guild": 10004,
    "member": 10007,
    "message": 10008,
    "overwrite": 10009,
    "role": 10011,
    "user": 10013,
    "webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
}


def unknown(what: str) -> DiscordError:
    """404 for something that is not there, or not for this caller: `channel`, `message`, `user`..."""
    return DiscordError(404, _UNKNOWN[what], f"Unknown {what.title() if ' ' not in what else what}")


def unauthorized() -> DiscordError:
    """401: no token, or a wrong one."""
    return DiscordError(401, 0, "401: Unauthorized")


def missing_access() -> DiscordError:
    """403: the caller cannot see it."""
    return DiscordError(403, 50001, "Missing Access")


def missing_permissions() -> DiscordError:
    """403: the caller sees it, and may not do this."""
    return DiscordError(403, 50013, "Missing Permissions")
