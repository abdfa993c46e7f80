"""An OpenAPI 3 document: the operations in it, each with one JSON Schema for all of its arguments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "put", "post", "delete", "patch")
_READING = frozenset({"get"})
_DEEPEST = 30
"""References to references that are followed."""

_MOST_REFERENCES = 2000
"""References in the schemas of one operation: more would make its schema larger than any prompt."""

BODY = "body"


class Broken(Exception):
    """The document is not what OpenAPI 3 says; the text is the plain reason."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that goes in the path or the query."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        id: its operationId.
        method: in capitals.
        path: with `{names}` in it.
        description: what it does.
        parameters: in the path and the query; those in headers and cookies are not the model's to choose.
        schema: of all arguments, a JSON body under `body`.
    """

    id: str
    method: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]
    schema: Mapping[str, Any]

    @property
    def writes(self) -> bool:
        """Whether HTTP says that it may change something."""
        return self.method.lower() not in _READING


def operations(document: Any) -> dict[str, Operation]:
    """The operations of a document that have an operationId.

    Raises:
        Broken: with the reason.
    """
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise Broken("it is no OpenAPI 3 document")
    try:
        return {each.id: each for each in _operations(document)}
    except (KeyError, TypeError, AttributeError) as error:
        raise Broken(f"it is not as OpenAPI 3 has it ({error!r})") from None


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document.get("paths", {}).items():
        shared = item.get("parameters", [])
        for method in _METHODS:
            found = item.get(method)
            if found and found.get("operationId"):
                yield _operation(document, path, method, found, shared)


def _operation(
    document: Mapping[str, Any], path: str, method: str, found: Mapping[str, Any], shared: Sequence[Any]
) -> Operation:
    properties: dict[str, Any] = {}
    required = []
    parameters = []
    named = {}
    inlined = _Inliner(document)
    for each in (*shared, *found.get("parameters", [])):
        parameter = _resolved(document, each)
        named[parameter["in"], parameter["name"]] = parameter
    for (place, name), parameter in named.items():
        if place not in ("path", "query"):
            continue
        schema = inlined(parameter.get("schema", {}))
        if parameter.get("description"):
            schema = {**schema, "description": parameter["description"]}
        properties[name] = schema
        parameters.append(Parameter(name, place))
        if place == "path" or parameter.get("required"):
            required.append(name)
    body = _resolved(document, found.get("requestBody", {}))
    media = body.get("content", {}).get("application/json")
    if media is not None:
        properties[BODY] = inlined(media.get("schema", {}))
        if body.get("required"):
            required.append(BODY)
    described = found.get("description") or found.get("summary") or ""
    schema = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return Operation(found["operationId"], method.upper(), path, str(described), tuple(parameters), schema)


def _resolved(document: Mapping[str, Any], value: Any) -> Any:
    """What a reference leads to, in the document itself and nowhere else."""
    for _ in range(_DEEPEST):
        if not (isinstance(value, dict) and "$ref" in value):
            return value
        value = _found(document, value["$ref"])
    raise Broken("its references lead in a circle")


def _found(document: Mapping[str, Any], reference: str) -> Any:
    if not reference.startswith("#/"):
        raise Broken(f"it refers to something outside itself, {reference[:100]}")
    place: Any = document
    for part in reference[2:].split("/"):
        place = place[part.replace("~1", "/").replace("~0", "~")]
    return place


class _Inliner:
    """Replaces references in schemas by what they lead to; in one that holds itself, the inner is open."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._followed = 0

    def __call__(self, schema: Any, above: tuple[str, ...] = ()) -> Any:
        if isinstance(schema, list):
            return [self(each, above) for each in schema]
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return {key: self(value, above) for key, value in schema.items()}
        if reference in above:
            return {}
        self._followed += 1
        if self._followed > _MOST_REFERENCES:
            raise Broken("it has too many references")
        return self(_found(self._document, reference), (*above, reference))
