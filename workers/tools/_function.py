"""A tool whose arguments are a pydantic model."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from core.completions import ToolSpec
from core.errors import BadArguments
from core.tools import ToolContext, ToolResult

Arguments = TypeVar("Arguments", bound=BaseModel)


class Function(ABC, Generic[Arguments]):
    """Base of the tools of this process.

    Attributes:
        name: what the model calls it.
        description: when to call it and what comes back, for the model.
        arguments: what it takes.
        writes: whether it changes anything.
    """

    name: ClassVar[str]
    description: str
    arguments: type[Arguments]
    writes: bool = False

    @cached_property
    def spec(self) -> ToolSpec:
        """Name, description and JSON Schema."""
        return ToolSpec(self.name, self.description, self.arguments.model_json_schema())

    def parse(self, arguments: str) -> Arguments:
        """The arguments, checked.

        Raises:
            BadArguments: with every fault.
        """
        try:
            return self.arguments.model_validate_json(arguments.strip() or "{}")
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            raise BadArguments("; ".join(_fault(each["loc"], each["msg"]) for each in faults)) from None

    def describe(self, arguments: Arguments) -> str:
        """The call as a person is told."""
        return f"call {self.name} with {arguments.model_dump_json(by_alias=True, exclude_none=True)}"

    @abstractmethod
    def run(self, arguments: Arguments, context: ToolContext) -> ToolResult:
        """Do the work."""


def _fault(place: tuple[str | int, ...], message: str) -> str:
    where = ".".join(str(part) for part in place)
    return f"{where}: {message}" if where else message
