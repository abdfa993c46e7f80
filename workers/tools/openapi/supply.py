"""The tools of one OpenAPI service."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

from core.deadline import Deadline
from core.errors import Misconfigured
from core.tools import Tool, ToolResult
from workers.failures import Down, Refused
from workers.site import Reply, Site
from workers.tools._described import Described, spec_of
from workers.tools._servers import OpenApiService, revealed
from workers.tools.openapi.document import BODY, Broken, Operation, operations

_OPEN_SECONDS = 10.0
_REACH_SECONDS = 3.0
_GOOD = range(200, 300)
_OURS = range(400, 500)


class OpenApiSupply:
    """Offers the operations that the settings choose."""

    def __init__(self, name: str, service: OpenApiService) -> None:
        self.name = name
        self._service = service
        self._title = f"The service {name}"
        self._site = Site(service.url, self._title, revealed(service.headers))

    @property
    def readers(self) -> tuple[str, ...]:
        """Groups that may use the service."""
        return self._service.readers

    def open(self) -> Sequence[Tool]:
        """The tools.

        Raises:
            Down: the document cannot be had just now.
            Misconfigured: it is none, or has no such operation.
        """
        try:
            found = operations(_read(self._document()))
        except (Broken, yaml.YAMLError, RecursionError) as error:
            reason = error if isinstance(error, Broken) else "it cannot be read"
            raise Misconfigured(
                f"CANDOR_TOOLS_FILE: the document of the service {self.name}: {reason}"
            ) from None
        missing = [each for each in self._service.operations if each not in found]
        if missing:
            raise Misconfigured(f"CANDOR_TOOLS_FILE: the service {self.name} has no operation {missing[0]}")
        return [self._tool(found[each]) for each in self._service.operations]

    def reach(self) -> None:
        """See that the service answers, whatever it says: its document may be a file.

        Raises:
            Down: it does not.
        """
        self._site.ask("HEAD", "", Deadline(_REACH_SECONDS))

    def close(self) -> None:
        """Close its connections."""
        self._site.close()

    def _document(self) -> str:
        named = self._service.document
        if named and not named.startswith(("http://", "https://")):
            try:
                return Path(named).read_text()
            except (OSError, UnicodeDecodeError):
                raise Misconfigured(f"CANDOR_TOOLS_FILE: cannot read {named}") from None
        deadline = Deadline(_OPEN_SECONDS)
        if named:
            parts = urlsplit(named)
            other = Site(f"{parts.scheme}://{parts.netloc}", self._title)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            reply = other.ask("GET", path, deadline)
            other.close()
        else:
            reply = self._site.ask("GET", "/openapi.json", deadline)
        if reply.status not in _GOOD:
            raise Down(f"{self._title} does not give its document ({reply.status}).")
        return reply.text

    def _tool(self, operation: Operation) -> Described:
        def call(arguments: Mapping[str, Any], deadline: Deadline) -> ToolResult:
            query = {
                each.name: arguments[each.name]
                for each in operation.parameters
                if each.place == "query" and arguments.get(each.name) is not None
            }
            reply = self._site.ask(
                operation.method,
                _path(operation, arguments),
                deadline,
                params=query or None,
                json=arguments.get(BODY),
            )
            return self._result(reply)

        spec = spec_of(self.name, operation.id, operation.description, operation.schema)
        return Described(spec, operation.writes, call)

    def _result(self, reply: Reply) -> ToolResult:
        plain = reply.media_type.startswith("text/") or "json" in reply.media_type
        text = reply.text if plain else f"[{reply.media_type or 'no content'}]"
        if reply.status in _GOOD:
            return ToolResult(text or "It returned nothing.")
        if reply.status in _OURS and plain:
            return ToolResult(f"{self._title} refused the call ({reply.status}): {text}", failed=True)
        raise Down(f"{self._title} answered with an error ({reply.status}).")


def _read(text: str) -> Any:
    """A document of JSON or YAML; the latter's reader does for both, but takes seconds for a large one."""
    try:
        return json.loads(text)
    except ValueError:
        return yaml.safe_load(text)


def _path(operation: Operation, arguments: Mapping[str, Any]) -> str:
    """The path with its arguments in it, each of them one segment and no more."""
    path = operation.path
    for each in operation.parameters:
        if each.place == "path":
            value = str(arguments[each.name])
            if value in ("", ".", ".."):
                raise Refused(f"{each.name} may not be {value!r}.")
            path = path.replace("{" + each.name + "}", quote(value, safe=""))
    return path
