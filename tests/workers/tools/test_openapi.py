"""Tools of services that an OpenAPI document describes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import BadArguments, Misconfigured
from core.tools import Tool
from tests.servers.scripted_http import Out, Route, ScriptedServer
from tests.servers.scripts import Say
from tests.services.conftest import sources as sources  # noqa: PLC0414 - a fixture
from tests.services.rates.kit import put_steady
from tests.services.upstream import Upstream
from tests.workers.rates.serving import service
from tests.workers.tools.calls import call
from workers.failures import Down
from workers.tools._servers import OpenApiService
from workers.tools.openapi.document import Broken, operations
from workers.tools.openapi.supply import OpenApiSupply

DOCUMENT = """
openapi: 3.1.0
info: {title: Desk, version: "1"}
servers: [{url: "http://169.254.169.254/"}]
paths:
  /rooms/{room}/bookings:
    parameters:
      - {name: room, in: path, required: true, schema: {type: string}}
      - {name: X-Token, in: header, schema: {type: string}}
    get:
      operationId: list_bookings
      summary: Bookings of a room.
      parameters:
        - {name: day, in: query, description: "Which day.", schema: {type: string, format: date}}
        - {name: past, in: query, schema: {type: boolean}}
    post:
      operationId: book
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Booking"}}}
  /secrets:
    get: {operationId: secrets}
components:
  schemas:
    Booking:
      type: object
      required: [who]
      properties:
        who: {type: string}
        guests: {type: array, items: {$ref: "#/components/schemas/Booking"}}
"""


class Desk(ScriptedServer):
    """A service that books rooms."""

    def routes(self) -> dict[str, Route]:
        return {"/api/rooms/blue/bookings": self._bookings, "/api/rooms/a%2Fb/bookings": self._bookings}

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"error": message}

    def _bookings(self, body: dict[str, Any], _step: Say | None) -> Out:
        return Out({"booked": body})


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk(key="sesame") as server:
        yield server


def supply_of(desk: Desk, folder: Path, *chosen: str, document: str = DOCUMENT) -> OpenApiSupply:
    (folder / "desk.yaml").write_text(document)
    return OpenApiSupply(
        "desk",
        OpenApiService.model_validate(
            {
                "url": f"{desk.url}/api",
                "document": str(folder / "desk.yaml"),
                "operations": chosen or ("list_bookings", "book"),
                "headers": {"Authorization": "Bearer sesame"},
            }
        ),
    )


@pytest.fixture
def tools(desk: Desk, tmp_path: Path) -> Iterator[dict[str, Tool]]:
    supply = supply_of(desk, tmp_path)
    yield {tool.spec.name: tool for tool in supply.open()}
    supply.close()


def test_only_the_chosen_operations_are_tools_and_those_that_are_no_get_write(tools: dict[str, Tool]) -> None:
    assert {name: tool.writes for name, tool in tools.items()} == {
        "desk__list_bookings": False,
        "desk__book": True,
    }


def test_arguments_go_in_the_path_and_the_query_below_the_fixed_url(
    desk: Desk, tools: dict[str, Tool]
) -> None:
    result = call(tools["desk__list_bookings"], '{"room": "blue", "past": true}')
    assert not result.failed, result.text
    assert json.loads(result.text) == {"booked": {}}
    assert desk.requests[-1].headers["authorization"] == "Bearer sesame"


def test_a_body_is_checked_and_sent(tools: dict[str, Tool]) -> None:
    result = call(tools["desk__book"], '{"room": "blue", "body": {"who": "Ada"}}')
    assert json.loads(result.text) == {"booked": {"who": "Ada"}}
    for wrong in ('{"room": "blue"}', '{"room": "blue", "body": {}}', '{"body": {"who": "Ada"}}'):
        with pytest.raises(BadArguments):
            tools["desk__book"].parse(wrong)


def test_headers_are_not_the_models_to_choose(tools: dict[str, Tool]) -> None:
    with pytest.raises(BadArguments):
        tools["desk__list_bookings"].parse('{"room": "blue", "X-Token": "mine"}')


def test_a_path_cannot_be_left(desk: Desk, tools: dict[str, Tool]) -> None:
    assert not call(tools["desk__list_bookings"], '{"room": "a/b"}').failed
    assert desk.requests[-1].path == "/api/rooms/a%2Fb/bookings"
    asked = len(desk.requests)
    for room in ("..", ".", ""):
        assert call(tools["desk__list_bookings"], json.dumps({"room": room})).failed
    assert len(desk.requests) == asked


def test_what_the_service_refuses_is_a_failed_result_with_its_words(tools: dict[str, Tool]) -> None:
    result = call(tools["desk__list_bookings"], '{"room": "red"}')
    assert result.failed
    assert "there is nothing at" in result.text


def test_a_service_that_is_down_is_told(tmp_path: Path) -> None:
    with Desk() as desk:
        supply = supply_of(desk, tmp_path)
        (_, book) = supply.open()
    result = call(book, '{"room": "blue", "body": {"who": "Ada"}}')
    supply.close()
    assert result.failed
    assert result.text == "The service desk cannot be reached."


def test_an_operation_that_is_not_there_is_named(desk: Desk, tmp_path: Path) -> None:
    supply = supply_of(desk, tmp_path, "fly")
    with pytest.raises(Misconfigured, match="desk has no operation fly"):
        supply.open()
    supply.close()


@pytest.mark.parametrize(
    "document",
    [
        "swagger: '2.0'",
        "- 1",
        "openapi: 3.0.0\npaths: 7",
        DOCUMENT.replace("#/components/schemas/Booking", "http://169.254.169.254/x"),
        DOCUMENT.replace("#/components/schemas/Booking", "#/components/schemas/Nobody"),
    ],
)
def test_a_broken_document_is_named_and_nothing_else_is_fetched(
    desk: Desk, tmp_path: Path, document: str
) -> None:
    supply = supply_of(desk, tmp_path, document=document)
    with pytest.raises(Misconfigured, match="CANDOR_TOOLS_FILE: the document of the service desk"):
        supply.open()
    supply.close()
    assert desk.requests == []


def test_a_schema_that_holds_itself_ends() -> None:
    booking = operations(yaml.safe_load(DOCUMENT))["book"].schema["properties"]["body"]
    assert booking["properties"]["guests"] == {"type": "array", "items": {}}


def test_references_that_multiply_are_refused() -> None:
    doubled = {
        str(number): {"anyOf": [{"$ref": f"#/s/{number + 1}"}, {"$ref": f"#/s/{number + 1}"}]}
        for number in range(30)
    }
    parameter = {"name": "x", "in": "query", "schema": {"$ref": "#/s/0"}}
    paths = {"/": {"get": {"operationId": "x", "parameters": [parameter]}}}
    with pytest.raises(Broken, match="too many"):
        operations({"openapi": "3.0.0", "paths": paths, "s": {**doubled, "30": {"type": "string"}}})


def test_a_circle_of_references_is_broken() -> None:
    circle = {
        "openapi": "3.0.0",
        "paths": {"/": {"get": {"operationId": "x", "requestBody": {"$ref": "#/a"}}}},
    }
    with pytest.raises(Broken, match="circle"):
        operations(circle | {"a": {"$ref": "#/a"}})


def test_the_rates_service_is_one(sources: Upstream, tmp_path: Path) -> None:
    put_steady(sources)
    with service(sources, tmp_path) as url:
        made = OpenApiService.model_validate(
            {"url": url, "operations": ["latest_latest_get", "as_of_as_of__day__get"]}
        )
        supply = OpenApiSupply("rates", made)
        latest, as_of = supply.open()
        assert not latest.writes
        found = json.loads(call(latest, '{"series": ["mortgage_30y", "eur_usd"]}').text)
        assert [value["series"] for value in found["values"]] == ["mortgage_30y", "eur_usd"]
        assert call(as_of, '{"day": "2024-03-01"}').text
        assert call(as_of, '{"day": "yesterday"}').failed
        supply.close()


def test_a_document_that_cannot_be_had_is_down_and_not_wrong() -> None:
    made = OpenApiService.model_validate({"url": "http://127.0.0.1:1", "operations": ["x"]})
    supply = OpenApiSupply("gone", made)
    with pytest.raises(Down, match="gone cannot be reached"):
        supply.open()
    supply.close()
