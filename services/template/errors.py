"""What can go wrong in a service."""

from typing import Literal

Fault = Literal["cut_off", "error_page", "unreadable", "dates_backwards", "future_date"]
"""Why a whole file is quarantined."""


class ServiceError(Exception):
    """A failure that the service foresaw; its text is one plain line for the person who runs it."""


class Misconfigured(ServiceError):
    """A setting or a file is wrong; the text names it."""


class Unreachable(ServiceError):
    """A source does not answer, or not with a file."""


class SyncRuns(ServiceError):
    """A sync is under way already."""


class NoSuchValue(ServiceError):
    """There is no such series, or it has no value for that date."""


class Unfit(ServiceError):
    """A source answered with a file from which nothing may be taken.

    Attributes:
        fault: what is wrong with it.
        body: what came, as far as it came; empty when whoever raises this does not hold the file.
    """

    def __init__(self, fault: Fault, detail: str, body: bytes = b"") -> None:
        super().__init__(detail)
        self.fault: Fault = fault
        self.body = body
