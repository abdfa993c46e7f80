"""A model's server as its settings know it, and what its failures mean."""

import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import CandorError, ModelRejected, ModelUnavailable
from core.vendors import Endpoint
from workers.models._attempts import TryAgain

_OVERLOADED = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Server:
    """A model at a vendor's API.

    Attributes:
        endpoint: where the API is reached.
        model_id: the model that is asked there.
    """

    endpoint: Endpoint
    model_id: str

    @property
    def name(self) -> str:
        """`provider:model`, as the settings have it."""
        return f"{self.endpoint.vendor}:{self.model_id}"

    @property
    def price_list(self) -> str:
        """The vendor whose list prices count; empty for a server of one's own."""
        return "" if self.endpoint.own else self.endpoint.vendor

    def unavailable(self, cause: str) -> ModelUnavailable:
        """The error for a server that is down, too slow, overloaded or talking nonsense."""
        where = self.endpoint
        return ModelUnavailable(f"{where.setting('BASE_URL')}: {where.host} {where.plain(cause)}")

    def silent(self) -> ModelUnavailable:
        """The error for a reply that did not come in time."""
        return self.unavailable("gave no complete answer in time")

    def nonsense(self, cause: Exception) -> TryAgain:
        """What to raise for a reply that does not keep the protocol."""
        return TryAgain(self.unavailable(f"does not keep its protocol ({type(cause).__name__}: {cause})"))

    def failed(self, status: int, cause: str, headers: Mapping[str, str]) -> TryAgain | CandorError:
        """What to raise for an HTTP status that is no success.

        Args:
            status: the code.
            cause: what the server said.
            headers: of its response, names in lower case.
        """
        if status in _OVERLOADED or status >= 500:  # noqa: PLR2004 (HTTP's own border)
            error = self.unavailable(f"answered {status} ({cause})")
            # OpenAI's servers say so when another try cannot help, such as on an empty account.
            return error if headers.get("x-should-retry") == "false" else TryAgain(error, _wait(headers))
        where = self.endpoint
        at_fault = {401: where.setting("API_KEY"), 403: where.setting("API_KEY"), 404: "CANDOR_MODEL_*"}
        setting = at_fault.get(status, where.setting("BASE_URL"))
        return ModelRejected(
            f"{setting}: {where.host} refused a request for {self.name} with {status} ({where.plain(cause)})"
        )


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds by `Retry-After`, a number or a date (RFC 9110, 10.2.3); None where there is none."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        date = email.utils.parsedate_tz(value)
        return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None
