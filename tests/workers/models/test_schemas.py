"""Schemas in the form that strict mode takes."""

from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from tests.servers.schemas import strict_problem
from workers.models import _schemas


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Wheel(BaseModel):
    kind: Literal["wheel"]
    size: int = Field(default=28, ge=1, title="Its size")


class Frame(BaseModel):
    kind: Literal["frame"]
    colour: Colour = Field(default=Colour.RED, description="Its colour.")


class Bicycle(BaseModel):
    parts: list[Wheel | Frame]
    main: Wheel | Frame = Field(discriminator="kind")
    name: str = Field(max_length=20)
    owner: str | None = None


class Tree(BaseModel):
    name: str
    children: list["Tree"] = []


class Open(BaseModel):
    anything: dict[str, Any]


class Pair(BaseModel):
    both: tuple[int, str]


def test_a_nested_model_becomes_what_strict_mode_takes() -> None:
    schema, strict = _schemas.schema_of(Bicycle)
    assert strict
    assert strict_problem(schema) == ""
    assert strict_problem(Bicycle.model_json_schema()) != ""
    assert set(schema["required"]) == {"parts", "main", "name", "owner"}


def test_a_model_that_holds_itself_keeps_its_definition() -> None:
    schema, strict = _schemas.schema_of(Tree)
    assert strict
    assert strict_problem(schema) == ""
    assert schema["properties"]["children"]["items"] == {"$ref": "#/$defs/Tree"}


@pytest.mark.parametrize("model", [Open, Pair])
def test_what_strict_mode_cannot_express_is_left_as_it_is(model: type[BaseModel]) -> None:
    schema, strict = _schemas.schema_of(model)
    assert not strict
    assert schema == model.model_json_schema()


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = _schemas.strict({"type": "object", "properties": {"title": {"type": "string"}}})
    assert schema == {
        "type": "object",
        "properties": {"title": {"type": "string"}},
        "additionalProperties": False,
        "required": ["title"],
    }
