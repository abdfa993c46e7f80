"""Calls as Slack's own types have them, where the schemas made from those lie beside the checkout."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

from bot.simulators.slack.record import Request

SCHEMAS: Final = Path(__file__).parents[5] / "shared" / "schemas" / "requests.schema.json"

_ADDED_BY_BOLT: Final = "team_id"
"""What Bolt's client adds to its calls beside the published types."""

_DELIBERATE: Final = frozenset({"invalid_blocks", "invalid_arguments"})
"""Refusals that a test brings about with a form that Slack does not take."""


def problems(requests: Sequence[Request]) -> list[str]:
    """What is wrong with the calls that were made; nothing where there are no schemas to tell."""
    if not SCHEMAS.is_file():
        return []
    found = []
    for request in requests:
        if request.answer.get("error") in _DELIBERATE:
            continue
        validator = _validator(request.method)
        if validator is None:
            found.append(f"{request.method}: no such method")
            continue
        body = {key: value for key, value in request.body.items() if key != _ADDED_BY_BOLT}
        errors = (f"{error.json_path}: {error.message[:1000]}" for error in validator.iter_errors(body))
        found += [f"{request.method}: {error}" for error in errors]
    return found


@cache
def _definitions() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCHEMAS.read_text())["definitions"]
    return loaded


@cache
def _validator(method: str) -> Validator | None:
    wanted = f"{method.replace('.', '')}arguments".lower()
    name = next((each for each in _definitions() if each.lower() == wanted), None)
    if name is None:
        return None
    return Draft7Validator({"definitions": _definitions(), "$ref": f"#/definitions/{name}"})
