"""Options that more than one command has."""

from collections.abc import Sequence
from typing import Annotated

import typer

from core import log
from core.messages import EVERYONE, Audience

GroupOption = Annotated[
    list[str] | None,
    typer.Option("--group", help="A reader group that you belong to; may be given several times."),
]


def audience(groups: Sequence[str] | None) -> Audience:
    """Who reads the reply here: the one person at this terminal."""
    return Audience(groups=tuple(sorted({EVERYONE, *(groups or ())})))


def log_quietly() -> None:
    """Log errors alone, unless a level is set: what goes wrong in a conversation is told there."""
    settings = log.LogSettings()
    told = "log_level" in settings.model_fields_set
    log.configure(settings if told else settings.model_copy(update={"log_level": "error"}))
