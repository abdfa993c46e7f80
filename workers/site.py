"""One HTTP service at a fixed address, asked within a time and a size."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.deadline import Deadline
from workers.failures import Down

LARGEST_ANSWER = 2 * 1024 * 1024
"""Bytes of the largest answer, unpacked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered."""

    status: int
    media_type: str
    data: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8; what is none is replaced."""
        return self.data.decode(errors="replace")


class Site:
    """A service that is asked over HTTP. Redirects are not followed. For any number of threads.

    Args:
        base: its URL; every path is below it.
        title: what it is called in a sentence, such as `The rates service`.
        headers: sent with each request.
    """

    def __init__(self, base: str, title: str, headers: Mapping[str, str] | None = None) -> None:
        self.title = title
        self._base = base.rstrip("/")
        # A proxy of the environment stands between us and others, never between us and this host.
        self._client = httpx.Client(headers=headers, trust_env=not _is_loopback(base))

    def ask(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        *,
        params: Any = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Reply:
        """Make one request.

        Raises:
            Down: there is no whole answer in time, or it is too large.
        """
        try:
            with self._client.stream(
                method,
                self._base + path,
                params=params,
                headers=headers,
                json=json,
                timeout=max(deadline.remaining(), 0.001),
            ) as answer:
                data = bytearray()
                for piece in answer.iter_bytes():
                    data += piece
                    if len(data) > LARGEST_ANSWER:
                        raise Down(f"{self.title} answered with more than may be read.")
                    if not deadline.remaining():
                        raise Down(f"{self.title} does not answer in time.")
                media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Reply(answer.status_code, media_type, bytes(data))
        except httpx.TimeoutException:
            raise Down(f"{self.title} does not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Down(f"{self.title} cannot be reached.") from None

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


def _is_loopback(base: str) -> bool:
    host = urlsplit(base).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
