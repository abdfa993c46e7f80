"""The file in which servers are listed whose functions become tools: MCP servers and OpenAPI services."""

from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, SecretStr, StringConstraints, ValidationError, model_validator

from core.errors import Misconfigured
from core.messages import EVERYONE, Frozen
from core.settings import Settings

_SETTING = "CANDOR_TOOLS_FILE"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+")]


class ServersSettings(Settings):
    """Where the servers are listed."""

    tools_file: str = Field(
        default="", description="A YAML file of MCP servers and OpenAPI services to take tools from."
    )


class McpServer(Frozen):
    """One MCP server: a command that is run here, or a URL.

    Attributes:
        command: the program and its arguments, which speak MCP over standard input and output.
        env: what its environment has besides PATH, HOME and their like; it gets nothing of ours.
        url: of a server that speaks streamable HTTP.
        headers: sent to that URL.
        tools: names of those that are taken; empty takes all.
        reads: names of those that change nothing, where the server does not say so itself.
        readers: groups of which an audience needs one.
    """

    command: tuple[str, ...] = ()
    env: dict[str, SecretStr] = Field(default_factory=dict)
    url: Url | None = None
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    tools: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    readers: tuple[str, ...] = (EVERYONE,)

    @model_validator(mode="after")
    def _either(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("give either a command or a url")
        return self


class OpenApiService(Frozen):
    """One HTTP service that an OpenAPI 3 document describes.

    Attributes:
        url: below which all operations are, whatever the document says.
        document: where the document is: a URL, or a file's path; None: `/openapi.json` below the URL.
        operations: the operationIds that become tools.
        headers: sent with each request, such as Authorization.
        readers: groups of which an audience needs one.
    """

    url: Url
    document: str | None = None
    operations: tuple[str, ...] = Field(min_length=1)
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    readers: tuple[str, ...] = (EVERYONE,)


class Servers(Frozen):
    """The whole file; each server's name is the beginning of its tools' names."""

    mcp: dict[Name, McpServer] = Field(default_factory=dict)
    openapi: dict[Name, OpenApiService] = Field(default_factory=dict)


def read_servers() -> Servers:
    """The servers that the settings list; none without the setting.

    Raises:
        Misconfigured: naming what is wrong with the file.
    """
    name = ServersSettings().tools_file
    if not name:
        return Servers()
    path = Path(name)
    try:
        return Servers.model_validate(yaml.safe_load(path.read_text()) or {})
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{_SETTING}: cannot read {path} ({type(error).__name__})") from None
    except yaml.YAMLError as error:
        raise Misconfigured(f"{_SETTING}: {path} is no YAML ({' '.join(str(error).split())})") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{_SETTING}: {path}, {place}: {first['msg']}") from None


def revealed(secrets: dict[str, SecretStr]) -> dict[str, str]:
    """The values themselves, where they are handed on."""
    return {name: value.get_secret_value() for name, value in secrets.items()}
