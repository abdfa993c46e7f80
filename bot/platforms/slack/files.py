"""Files that stand in Slack: where they may be fetched from, and how."""

from collections.abc import Mapping
from typing import Any

import httpx

from bot import downloads
from core.messages import File
from core.transcripts import Attachment, NotFetched

_HTML = "text/html"

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
    if not downloads.is_at(file.url, api_url):
        raise NotFetched("it does not lie in Slack")
    headers = {"Authorization": f"Bearer {token}"}
    return downloads.download(
        file, "Slack", headers=headers, check=lambda answer: _check(answer, file), most=most, seconds=seconds
    )


def _check(answer: httpx.Response, file: File) -> None:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().casefold()
    login = answer.is_redirect or (media_type == _HTML and file.media_type.casefold() != _HTML)
    if login or answer.status_code in (401, 403):
        raise NotFetched("I may not read files here: the app lacks the scope files:read")
