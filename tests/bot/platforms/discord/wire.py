"""Requests as Discord's own types have them, where the schemas made from those lie beside the checkout."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

from bot.simulators.discord.record import Request

SCHEMAS: Final = Path(__file__).parents[5] / "shared" / "schemas"

_BODIES: Final = {
    "POST /channels/{channel_id}/messages": "RESTPostAPIChannelMessage",
    "PATCH /channels/{channel_id}/messages/{message_id}": "RESTPatchAPIChannelMessage",
    "PATCH /webhooks/{application_id}/{token}/messages/{message_id}": (
        "RESTPatchAPIInteractionOriginalResponse"
    ),
    "POST /webhooks/{application_id}/{token}": "RESTPostAPIInteractionFollowup",
    "POST /interactions/{interaction_id}/{token}/callback": "RESTPostAPIInteractionCallback",
}

_BROKEN: Final = frozenset(
    {"$.content", "$.flags", "$.components", "$.allowed_mentions.parse", "$.message_reference.message_id"}
)
"""What the schemas call an object, since its type is an alias that they do not resolve."""


def problems(requests: Sequence[Request], schemas: Path = SCHEMAS) -> list[str]:
    """What is wrong with the requests that were made; nothing where there are no schemas to tell."""
    if not schemas.is_dir():
        return []
    found = []
    for request in requests:
        name = _BODIES.get(request.route)
        if name is None:
            continue
        errors = _validator(schemas, name).iter_errors(request.body)
        found += [
            f"{request.route}: {error.json_path}: {error.message[:1000]}"
            for error in errors
            if not (error.json_path in _BROKEN and error.schema.get("type") == "object")
        ]
    return found


@cache
def _validator(schemas: Path, name: str) -> Validator:
    return Draft7Validator(json.loads((schemas / f"discord-{name}JSONBody.schema.json").read_text()))
