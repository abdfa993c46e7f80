"""Validators: by what a server is asked whether a page has changed (RFC 9110, sections 8.8 and 13.1)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

_ETAG = re.compile(r'(?:W/)?"[!#-~]{1,200}"')
_DATE = re.compile(r"[A-Za-z0-9,: ]{20,40}")

SURE_AFTER = timedelta(seconds=1)
"""How much older than the answer a page's last change must be: the dates of HTTP count whole seconds, and a
page can change twice within one (RFC 9110, section 8.8.2.2)."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told of one version of a page.

    Attributes:
        url: the page's own, after redirects.
        etag, modified: as the server wrote them; empty where it told nothing that can be relied on.
    """

    url: str = ""
    etag: str = ""
    modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified)

    def of(self, url: str) -> "Validators":
        """These, for a request of their own page; none for any other."""
        return self if self.url == url else Validators()

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a request for any version but this."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}

    def contradicted(self, headers: httpx.Headers) -> bool:
        """Whether an answer that says "not modified" names another version than this."""
        etag = headers.get("ETag", self.etag)
        return bool(self.etag and etag.removeprefix("W/") != self.etag.removeprefix("W/"))


def told(url: str, headers: httpx.Headers) -> Validators:
    """What an answer tells of the version that it brings."""
    etag = headers.get("ETag", "")
    modified = headers.get("Last-Modified", "")
    changed, answered = _moment(modified), _moment(headers.get("Date", ""))
    sure = changed is not None and answered is not None and answered - changed >= SURE_AFTER
    return Validators(url, etag if _ETAG.fullmatch(etag) else "", modified if sure else "")


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date) if _DATE.fullmatch(date) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
