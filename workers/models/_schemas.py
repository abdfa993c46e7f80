"""JSON Schemas in the form that a vendor can enforce."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

# Keywords that say nothing to the model or that strict mode does not take; parsing the reply checks them.
_DROPPED = ("default", "title", "discriminator", "minLength", "maxLength", "uniqueItems")


def strict(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """The form of a JSON Schema that OpenAI's strict mode takes.

    Each object names all its properties as required and allows no other; a default is dropped, since the
    model has to write each value. See "Supported schemas" in OpenAI's guide to structured outputs.

    Returns:
        The schema, or None where it holds an open object or a tuple, which strict mode cannot express.
    """
    closed: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            closed[key] = {name: strict(member) for name, member in value.items()}
            parts = list(closed[key].values())
        elif key in ("anyOf", "oneOf"):
            closed["anyOf"] = parts = [strict(part) for part in value]
        elif key == "items":
            closed[key] = strict(value)
            parts = [closed[key]]
        else:
            closed |= {} if key in _DROPPED else {key: value}
            parts = []
        if None in parts:
            return None
    if "$ref" in closed:  # nothing that describes may stand beside a reference
        return {key: closed[key] for key in ("$ref", "$defs") if key in closed}
    if schema.get("type") == "object":
        if schema.get("additionalProperties", "properties" not in schema):
            return None
        closed["additionalProperties"] = False
        closed["required"] = list(schema.get("properties", {}))
    return None if "prefixItems" in schema else closed


def schema_of(model: type[BaseModel]) -> tuple[dict[str, Any], bool]:
    """A model's JSON Schema, and whether strict mode can enforce it."""
    schema = model.model_json_schema()
    if "$ref" in schema:  # a model that holds itself; the root has to be an object
        schema = {"$defs": schema["$defs"], **schema["$defs"][model.__name__]}
    closed = strict(schema)
    return (schema, False) if closed is None else (closed, True)
