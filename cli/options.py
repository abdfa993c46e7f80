"""Options that more than one command has."""

from collections.abc import Sequence
from typing import Annotated

import typer

from core.messages import EVERYONE, Audience

GroupOption = Annotated[
    list[str] | None,
    typer.Option("--group", help="A reader group that you belong to; may be given several times."),
]


def audience(groups: Sequence[str] | None) -> Audience:
    """Who reads the reply here: the one person at this terminal."""
    return Audience(groups=tuple(sorted({EVERYONE, *(groups or ())})))
