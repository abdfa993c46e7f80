"""Files that stand on a platform, fetched within limits of size and time."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, urlsplit

import httpx

from core.errors import Unavailable
from core.messages import File
from core.transcripts import Attachment, NotFetched

_LOST_SECONDS = 5.0
"""Seconds without a byte after which a download is given up."""


def download(
    file: File,
    platform: str,
    *,
    headers: Mapping[str, str],
    check: Callable[[httpx.Response], None],
    most: int,
    seconds: float,
) -> Attachment:
    """Get a file's bytes. Nothing is sent on to where the platform leads from there.

    Args:
        file: with the URL that the platform gave.
        platform: what people call it.
        headers: what goes with the request.
        check: raises NotFetched where an answer is not the file.
        most: bytes of the largest file that is taken.
        seconds: how long it may take.

    Raises:
        NotFetched: it is too large, or takes too long, or the platform does not hand it out.
        Unavailable: the platform does not answer.
    """
    until = time.monotonic() + seconds
    limits = httpx.Timeout(min(_LOST_SECONDS, seconds))
    data = bytearray()
    asked = {**headers, "Accept-Encoding": "identity"}
    try:
        with httpx.stream("GET", file.url, headers=asked, timeout=limits, trust_env=False) as answer:
            check(answer)
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Unavailable(f"{platform} answers {answer.status_code} for a file")
            if answer.status_code != httpx.codes.OK:
                raise NotFetched(f"{platform} answers {answer.status_code}")
            for piece in answer.iter_bytes(64 * 1024):
                data += piece
                if len(data) > most:
                    raise NotFetched(f"it is larger than {most // 2**20} MB")
                if time.monotonic() > until:
                    raise NotFetched(f"fetching it takes longer than {seconds:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{platform} does not hand out a file ({type(error).__name__})") from None
    return Attachment(file.name, file.media_type, bytes(data))


def is_at(url: str, root: str) -> bool:
    """Whether a URL leads to the host of another, or to one below it, in the same way."""
    try:
        wanted, own = urlsplit(url), urlsplit(root)
        same_way = (wanted.scheme, _port(wanted)) == (own.scheme, _port(own))
    except ValueError:
        return False
    host, home = wanted.hostname or "", own.hostname or ""
    plain = wanted.username is None and wanted.password is None
    return bool(host) and plain and same_way and (host == home or host.endswith(f".{home}"))


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
