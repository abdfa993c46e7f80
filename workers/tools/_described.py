"""A tool that somebody else's server describes: a name, a JSON Schema, and a call."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from referencing import Registry
from referencing.exceptions import Unresolvable

from bot.outgoing import visible
from core.completions import ToolSpec
from core.deadline import Deadline
from core.errors import BadArguments, Misconfigured
from core.tools import ToolContext, ToolResult

_LONGEST_DESCRIPTION = 1000
_LONGEST_NAME = 64
"""What the vendors of models allow."""


@dataclass(frozen=True, slots=True)
class Described:
    """One function of a server.

    Attributes:
        spec: what the model is told of it.
        writes: whether it may change anything.
        call: what calls it.
    """

    spec: ToolSpec
    writes: bool
    call: Callable[[Mapping[str, Any], Deadline], ToolResult]

    def parse(self, arguments: str) -> Mapping[str, Any]:
        """The arguments, checked against the schema.

        Raises:
            BadArguments: with the fault that says most.
        """
        try:
            given = json.loads(arguments.strip() or "{}")
        except ValueError:
            raise BadArguments("the arguments are no JSON") from None
        if not isinstance(given, dict):
            raise BadArguments("the arguments are no JSON object")
        # An empty registry: a schema of somebody else's must not make us fetch what it refers to.
        validator = Draft202012Validator(self.spec.parameters, registry=Registry())
        try:
            fault = best_match(validator.iter_errors(given))  # type: ignore[no-untyped-call]
        except (Unresolvable, re.error, RecursionError):
            raise BadArguments("the arguments cannot be checked: the tool's own schema is broken") from None
        if fault is not None:
            place = ".".join(str(part) for part in fault.absolute_path)
            raise BadArguments(f"{place}: {fault.message}" if place else fault.message)
        return given

    def describe(self, arguments: Mapping[str, Any]) -> str:
        """The call as a person is told."""
        return f"call {self.spec.name} with {json.dumps(arguments, ensure_ascii=False)}"

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Call it."""
        return self.call(arguments, context.deadline)


def spec_of(server: str, name: str, description: str, schema: Mapping[str, Any]) -> ToolSpec:
    """What a model is told of a server's function; the server's words are cut and made visible.

    Raises:
        Misconfigured: its schema is none.
    """
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise Misconfigured(f"{server}: the schema of {name} is broken ({error.message})") from None
    own = re.sub(r"[^A-Za-z0-9_-]", "_", f"{server}__{name}")[:_LONGEST_NAME]
    return ToolSpec(own, visible(description)[:_LONGEST_DESCRIPTION] or name, dict(schema))
