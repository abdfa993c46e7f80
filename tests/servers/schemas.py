"""JSON Schema as a vendor sees it: whether strict mode takes it, and something that keeps to it."""

from typing import Any

_TAKEN = frozenset({
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum", "format", "items",
    "maximum", "maxItems", "minimum", "minItems", "multipleOf", "pattern", "properties", "required", "type",
    "exclusiveMinimum", "exclusiveMaximum",
})  # fmt: skip


def strict_problem(schema: Any, place: str = "schema") -> str:
    """Why strict mode refuses a schema, or an empty text."""
    if problem := _own_problem(schema, place):
        return f"{place}: {problem}"
    parts = [(name, part) for key in ("properties", "$defs") for name, part in schema.get(key, {}).items()]
    parts += [("anyOf", part) for part in schema.get("anyOf", ())]
    parts += [("items", schema["items"])] if "items" in schema else []
    return next(filter(None, (strict_problem(part, f"{place}.{name}") for name, part in parts)), "")


def _own_problem(schema: Any, place: str) -> str:
    """The problem of a schema apart from its parts."""
    if not isinstance(schema, dict):
        return "is no object"
    is_object = schema.get("type") == "object"
    rules = {
        "the root should be an object": place != "schema" or is_object,
        "nothing may stand beside $ref": "$ref" not in schema or len(schema) == 1,
        "additionalProperties should be false": not is_object or schema.get("additionalProperties") is False,
        "required should name each property": not is_object
        or set(schema.get("required", ())) == set(schema.get("properties", ())),
        f"not permitted: {', '.join(set(schema) - _TAKEN)}": set(schema) <= _TAKEN,
    }
    return next((problem for problem, kept in rules.items() if not kept), "")


def sample(schema: dict[str, Any], text: str, root: dict[str, Any] | None = None) -> Any:
    """The least value that keeps to a schema; each free string in it is the text."""
    root = schema if root is None else root
    if "$ref" in schema:
        return sample(root["$defs"][schema["$ref"].rpartition("/")[2]], text, root)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], text, root)
    if choices := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return choices[0]
    least = schema.get("minimum", 0)
    values = {"string": text, "integer": least, "number": least, "boolean": False}
    if schema.get("type") == "object":
        return {name: sample(part, text, root) for name, part in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [sample(schema["items"], text, root)] * schema.get("minItems", 0)
    return values.get(str(schema.get("type")))
