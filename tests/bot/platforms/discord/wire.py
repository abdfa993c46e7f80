"""Requests as Discord's own types have them, where the schemas made from those lie beside the checkout."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

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
        validator = _validator(schemas, name)
        found += [
            f"{request.route}: {error.json_path}: {error.message[:1000]}"
            for body in _flag_by_flag(request.body)
            for error in validator.iter_errors(body)
            if not (
                error.json_path in _BROKEN
                and isinstance(error.schema, Mapping)
                and error.schema.get("type") == "object"
            )
        ]
    return found


def _flag_by_flag(body: Any) -> Iterator[Any]:
    """A body once for each flag of its message: the schemas list flags, and Discord takes their sum."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict) or not data.get("flags"):
        yield body
        return
    bits = [1 << n for n in range(data["flags"].bit_length()) if data["flags"] & 1 << n]
    yield from ({**body, "data": {**data, "flags": bit}} for bit in bits)


@cache
def _validator(schemas: Path, name: str) -> Validator:
    return Draft7Validator(json.loads((schemas / f"discord-{name}JSONBody.schema.json").read_text()))
