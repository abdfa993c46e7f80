"""The fetcher: gets pages and files by URL, from public addresses alone."""

import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpcore
import httpx
from pydantic import Field

from core.settings import Settings
from retrieval.sources.addresses import IsPublic, Resolve, is_public, resolve
from retrieval.sources.connections import Pinned, Refused
from retrieval.sources.validators import Validators, told

MOST_REDIRECTS = 5
LARGEST_ANSWER = 20 * 1024 * 1024
"""Bytes of the largest answer, unpacked."""

_SETTING = "CANDOR_INGEST_ALLOW_PRIVATE_URLS"
_HEADERS = {"User-Agent": "Candor", "Accept-Encoding": "gzip, deflate"}
_GONE = frozenset({401, 403, 404, 410, 451})
"""Answers that say that we are not to have the page (any longer); others may be otherwise the next time."""


class FetcherSettings(Settings):
    """What may be fetched, and how long it may take."""

    ingest_allow_private_urls: bool = Field(
        default=False,
        description="Whether `candor ingest URL` may fetch from private addresses and from any port.",
    )


class Unfetched(Exception):
    """A URL was not fetched; the text is the plain reason.

    `keep` says whether it may come the next time; `refused` whether we would not even ask.
    """

    def __init__(self, reason: str, *, keep: bool = False, refused: bool = False) -> None:
        super().__init__(reason)
        self.keep = keep
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered.

    Attributes:
        url: after redirects.
        media_type: without parameters.
        charset: that the server names, or empty.
        data: the bytes.
        validators: by which it can be asked for whatever comes after this version.
    """

    url: str
    media_type: str
    charset: str
    data: bytes
    validators: Validators


class _Contradiction(Exception):
    """The server says that a page has not changed, and names another version of it."""


class Fetcher:
    """Gets URLs over HTTP and HTTPS with no cookies, no proxy and no password. For one thread at a time.

    Every connection goes to a public address that was checked first, for each redirect anew, on port 80 or
    443, unless the settings allow private addresses. `hosts` tells which hosts may be asked at all.
    """

    def __init__(
        self,
        settings: FetcherSettings,
        *,
        resolve: Resolve = resolve,
        is_public: IsPublic = is_public,
        ports: Collection[int] = (80, 443),
        hosts: Callable[[str], bool] = lambda _host: True,
        connect_seconds: float = 5.0,
        seconds: float = 20.0,
    ) -> None:
        self._allow_private = settings.ingest_allow_private_urls
        self._ports = ports
        self._hosts = hosts
        self._connect_seconds = connect_seconds
        self._seconds = seconds
        self._network = Pinned(resolve, (lambda _address: True) if self._allow_private else is_public)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=self._network
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def fetch(self, address: str, media_types: Collection[str]) -> Fetched:
        """Get a URL.

        Args:
            address: the URL.
            media_types: what the answer may be; anything else is not even read.

        Raises:
            Unfetched: with the reason.
        """
        fetched = self.fetch_changed(address, media_types, Validators())
        assert fetched is not None  # a server that was not asked has no say in it
        return fetched

    def fetch_changed(self, address: str, media_types: Collection[str], known: Validators) -> Fetched | None:
        """Get a URL, unless the version that is known is the newest.

        Args:
            address: the URL.
            media_types: what the answer may be; anything else is not even read.
            known: of that version.

        Returns:
            None when the server says that there is no newer one.

        Raises:
            Unfetched: with the reason.
        """
        self._network.until = time.monotonic() + self._seconds
        url = self._checked(address)
        for _ in range(MOST_REDIRECTS + 1):
            try:
                answer = self._get(url, media_types, known.of(str(url)))
            except _Contradiction:
                answer = self._get(url, media_types, Validators())
            if answer is None or isinstance(answer, Fetched):
                return answer
            url = self._checked(str(url.join(answer)))
        raise Unfetched(f"it redirects more than {MOST_REDIRECTS} times")

    def _checked(self, address: str) -> httpx.URL:
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            raise Unfetched("its address is no URL", refused=True) from None
        if url.scheme not in ("http", "https") or not url.host:
            raise Unfetched(f"{address}: only http and https addresses are fetched", refused=True)
        if url.userinfo:
            raise Unfetched("addresses with a password in them are not fetched", refused=True)
        if not self._hosts(url.host):
            raise Unfetched(f"{url.host} is not among the hosts that may be fetched from", refused=True)
        port = url.port or (443 if url.scheme == "https" else 80)
        if port not in self._ports and not self._allow_private:
            raise Unfetched(f"port {port} is not fetched from; {_SETTING}=true allows it", refused=True)
        return url

    def _get(self, url: httpx.URL, media_types: Collection[str], known: Validators) -> Fetched | str | None:
        """One request: the answer, or where it redirects to, or None for what is known."""
        headers = {"Host": url.netloc.decode("ascii"), **_HEADERS, **known.conditions}
        try:
            with self._pool.stream(
                "GET",
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=[(name.encode(), value.encode()) for name, value in headers.items()],
                extensions={"timeout": {"connect": self._connect_seconds}},
            ) as answer:
                return self._read(url, answer, media_types, known)
        except Refused as error:
            raise Unfetched(f"{error}; {_SETTING}=true allows it", refused=True) from None
        except httpcore.ConnectTimeout as error:
            raise Unfetched(f"the server cannot be reached in time ({error})", keep=True) from None
        except httpcore.TimeoutException:
            raise Unfetched(f"the server takes longer than {self._seconds:g} s", keep=True) from None
        except httpcore.ConnectError as error:
            raise Unfetched(f"the server cannot be reached ({error})", keep=True) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.DecodingError):
            raise Unfetched("the server's answer breaks off or is broken", keep=True) from None

    def _read(
        self, url: httpx.URL, answer: httpcore.Response, media_types: Collection[str], known: Validators
    ) -> Fetched | str | None:
        body = httpx.Response(answer.status, headers=answer.headers, content=answer.iter_stream())
        if body.has_redirect_location:
            return body.headers["Location"]
        if answer.status == httpx.codes.NOT_MODIFIED and known:
            if known.contradicted(body.headers):
                raise _Contradiction
            return None
        if answer.status != httpx.codes.OK:
            raise Unfetched(f"the server says {answer.status}", keep=answer.status not in _GONE)
        media_type = body.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
        if media_type not in media_types:
            raise Unfetched(f"what is there is of the type {media_type or 'unknown'}, which is not read")
        data = bytearray()
        for piece in body.iter_bytes(64 * 1024):
            data += piece
            if len(data) > LARGEST_ANSWER:
                raise Unfetched(f"it is larger than {LARGEST_ANSWER // 2**20} MB")
        validators = told(str(url), body.headers)
        return Fetched(str(url), media_type, body.charset_encoding or "", bytes(data), validators)
