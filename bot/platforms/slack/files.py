"""Files that stand in Slack: where they may be fetched from, and how."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from core.errors import Unavailable
from core.messages import File
from core.transcripts import Attachment, NotFetched

_HTML = "text/html"
_LOST_SECONDS = 5.0
"""Seconds without a byte after which a download is given up."""

_ELSEWHERE = frozenset({"external", "gdoc", "hosted_external"})
_GONE = frozenset({"tombstone", "hidden_by_limit"})


def described(file: Mapping[str, Any]) -> File:
    """A file object of Slack's, as a question carries it. Of a shared channel's files only the id is told."""
    return File(
        id=str(file.get("id", "")),
        name=str(file.get("name") or file.get("title") or ""),
        media_type=str(file.get("mimetype") or ""),
        size=int(file.get("size") or 0),
        url=str(file.get("url_private_download") or file.get("url_private") or ""),
    )


def attached(event: Mapping[str, Any]) -> tuple[File, ...]:
    """The files of a message, without those that are gone."""
    files = [file for file in event.get("files") or [] if isinstance(file, Mapping) and file.get("id")]
    return tuple(described(file) for file in files if file.get("mode") not in _GONE)


def refuse_elsewhere(file: Mapping[str, Any]) -> None:
    """Refuse a file that Slack only links to.

    Raises:
        NotFetched: it lies outside of Slack.
    """
    if file.get("is_external") or file.get("mode") in _ELSEWHERE:
        raise NotFetched("it does not lie in Slack")


def download(api_url: str, token: str, file: File, *, most: int, seconds: float) -> Attachment:
    """Get a file's bytes. The token goes to the API's own host and those below it, and is never sent on.

    Args:
        api_url: the root of the Web API.
        token: the bot token.
        file: with the URL that Slack gave.
        most: bytes of the largest file that is taken.
        seconds: how long it may take.

    Raises:
        NotFetched: the URL leads elsewhere, or the file is too large, or Slack does not hand it out.
        Unavailable: Slack does not answer.
    """
    if not _is_slacks(file.url, api_url):
        raise NotFetched("it does not lie in Slack")
    until = time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    limits = httpx.Timeout(min(_LOST_SECONDS, seconds))
    data = bytearray()
    try:
        with httpx.stream("GET", file.url, headers=headers, timeout=limits, trust_env=False) as answer:
            _check(answer, file)
            for piece in answer.iter_bytes(64 * 1024):
                data += piece
                if len(data) > most:
                    raise NotFetched(f"it is larger than {most // 2**20} MB")
                if time.monotonic() > until:
                    raise NotFetched(f"fetching it takes longer than {seconds:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"Slack does not hand out a file ({type(error).__name__})") from None
    return Attachment(file.name, file.media_type, bytes(data))


def _check(answer: httpx.Response, file: File) -> None:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().casefold()
    login = answer.is_redirect or (media_type == _HTML and file.media_type.casefold() != _HTML)
    if login or answer.status_code in (401, 403):
        raise NotFetched("I may not read files here: the app lacks the scope files:read")
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unavailable(f"Slack answers {answer.status_code} for a file")
    if answer.status_code != httpx.codes.OK:
        raise NotFetched(f"Slack answers {answer.status_code}")


def _is_slacks(url: str, api_url: str) -> bool:
    """Whether a URL leads to the host of the API, or to one below it, in the same way."""
    try:
        wanted, own = urlsplit(url), urlsplit(api_url)
        same_way = (wanted.scheme, _port(wanted)) == (own.scheme, _port(own))
    except ValueError:
        return False
    host, home = wanted.hostname or "", own.hostname or ""
    plain = wanted.username is None and wanted.password is None
    return bool(host) and plain and same_way and (host == home or host.endswith(f".{home}"))


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
