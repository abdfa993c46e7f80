"""Downloads: conditional GET over HTTP, and files by `file://`."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from services.template.errors import Unfit, Unreachable

MAX_BYTES = 64 * 1024 * 1024
SECONDS = 120.0
"""For one whole download."""

SILENCE_SECONDS = 20.0
"""Without a byte."""

_AGENT = "Candor-service/1 (self-hosted; one conditional request a day)"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with its last good file, to ask whether that has changed."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """The headers of a conditional GET."""
        names = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in names.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came."""

    body: bytes
    validators: Validators


Fetch = Callable[[str, Validators], Fetched | None]


def fetch(url: str, known: Validators) -> Fetched | None:
    """A file, or None when the server says that the known one is still current.

    Raises:
        Unreachable: no answer, or one with an error status.
        Unfit: the answer broke off.
    """
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return _from_disk(url)
    if scheme not in ("http", "https"):
        raise Unreachable(f"the address {without_query(url)!r} is none; use https://, http:// or file://")
    body = bytearray()
    try:
        with (
            httpx.Client(verify=_certificates(), timeout=SILENCE_SECONDS, follow_redirects=True) as client,
            client.stream("GET", url, headers={"User-Agent": _AGENT} | known.headers()) as response,
        ):
            if response.status_code == httpx.codes.NOT_MODIFIED and known.headers():
                return None
            if response.status_code != httpx.codes.OK:
                raise Unreachable(f"the server answered with status {response.status_code}")
            _download(response, body)
            validators = Validators(
                response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
            )
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
        if body:
            raise Unfit("cut_off", "the connection broke off within the file", bytes(body)) from error
        raise Unreachable(f"the server broke off the connection ({type(error).__name__})") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(f"the server cannot be reached ({type(error).__name__})") from error
    return Fetched(bytes(body), validators)


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust. Reading the list takes longer than a whole request on loopback."""
    return httpx.create_ssl_context()


def _download(response: httpx.Response, body: bytearray) -> None:
    deadline = time.monotonic() + SECONDS
    for part in response.iter_bytes():
        body += part
        if len(body) > MAX_BYTES:
            raise Unreachable(f"the file is larger than {MAX_BYTES} bytes")
        if time.monotonic() > deadline:
            raise Unreachable(f"the download took longer than {SECONDS:.0f} seconds")


def without_query(url: str) -> str:
    """A URL that may be shown: without user, password, query and fragment, where keys can stand."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _from_disk(url: str) -> Fetched:
    path = Path(url2pathname(urlsplit(url).path))
    try:
        return Fetched(path.read_bytes(), Validators())
    except OSError as error:
        raise Unreachable(f"the file {path} cannot be read ({error.strerror})") from error
