"""The vendors whose models search: their clients, and what it means when their servers fail."""

from core.errors import CandorError, IndexUnavailable, Misconfigured
from core.vendors import Endpoint

_UNKNOWN_KEY = frozenset({401, 403})
_OVERLOADED = frozenset({408, 409, 425, 429})
_SERVER_ERROR = 500


def unavailable(endpoint: Endpoint, cause: object) -> IndexUnavailable:
    """The error for a server that is down, too slow, overloaded or talking nonsense."""
    return IndexUnavailable(f"{endpoint.setting('BASE_URL')}: {endpoint.host} {endpoint.plain(cause)}")


def failed(endpoint: Endpoint, chosen_by: str, status: int, cause: object) -> CandorError:
    """The error for an HTTP status that is no success.

    Args:
        endpoint: the server.
        chosen_by: the setting that names the model, at fault when the request itself is refused.
        status: the code.
        cause: what the server said.
    """
    if status in _OVERLOADED or status >= _SERVER_ERROR:
        return unavailable(endpoint, f"answered {status} ({endpoint.plain(cause)})")
    setting = endpoint.setting("API_KEY") if status in _UNKNOWN_KEY else chosen_by
    return Misconfigured(f"{setting}: {endpoint.host} refused it with {status} ({endpoint.plain(cause)})")
