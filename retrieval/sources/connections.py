"""Connections that go to the very address that was checked, and end when the time is up."""

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

from httpcore import (
    ConnectError,
    ConnectTimeout,
    NetworkBackend,
    NetworkStream,
    ReadTimeout,
    SyncBackend,
    WriteTimeout,
)

from core.background import in_background
from retrieval.sources.addresses import IsPublic, Resolve


class Refused(Exception):
    """An address that may not be connected to; the text names it."""


class Pinned(NetworkBackend):
    """Resolves a name once for each connection, checks what comes of it, and connects to that.

    Attributes:
        until: when all reading and writing has to be over, by `time.monotonic`.
    """

    def __init__(self, resolve: Resolve, is_public: IsPublic) -> None:
        self.until = float("inf")
        self._resolve = resolve
        self._is_public = is_public
        self._network = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            Refused: one of the host's addresses is not public.
            ConnectError: the host has no address, or none that answers.
            ConnectTimeout: the name is not looked up in time, or no address answers in time.
        """
        addresses = self._addresses(host, port, timeout)
        refused = [address for address in addresses if not self._is_public(address)]
        if refused:
            raise Refused(f"{host} is {refused[0]}, which is no public address")
        failure: ConnectError | ConnectTimeout = ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                stream = self._network.connect_tcp(
                    address, port, self._within(timeout), local_address, socket_options
                )
            except (ConnectError, ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self)
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """Look a name up, in a thread: the system's resolver takes as long as it likes."""
        found = in_background("resolver", lambda: self._resolve(host, port))
        try:
            return found.result(self._within(timeout))
        except TimeoutError:
            raise ConnectTimeout(f"the name {host} is not looked up in time") from None
        except (OSError, UnicodeError):
            raise ConnectError(f"the name {host} is not known") from None

    def _within(self, timeout: float | None) -> float:
        """A limit of time, or what is left for the whole where that is less."""
        left = max(0.001, self.until - time.monotonic())
        return left if timeout is None else min(timeout, left)


class _Timed(NetworkStream):
    """A connection whose single reads and writes together end in time, however many there are."""

    def __init__(self, stream: NetworkStream, backend: Pinned) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._backend.until - time.monotonic()
        if left <= 0:
            raise ReadTimeout
        return self._stream.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._backend.until - time.monotonic()
        if left <= 0:
            raise WriteTimeout
        self._stream.write(buffer, left if timeout is None else min(timeout, left))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, timeout), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
