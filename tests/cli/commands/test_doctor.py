import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import yaml

from cli.checks import LOCAL_SERVERS
from tests.cli.candor import Candor, read_until
from tests.servers.openai_server import OpenAIServer


@contextmanager
def known_port() -> Iterator[tuple[str, OpenAIServer]]:
    """A scripted model on the port of a known kind of server that is free here."""
    for name, port in LOCAL_SERVERS.items():
        with contextlib.suppress(OSError), OpenAIServer(port=port) as server:
            yield name, server
            return
    pytest.fail("every port of a known local server is taken")


def test_with_no_settings_everything_is_embedded_and_on(candor: Candor) -> None:
    found = candor.object("doctor")
    state = {each["part"]: each["state"] for each in found}
    on = {part for part, how in state.items() if how == "on"} - {"local models"}
    assert on == {"home", "ledger", "queue", "embedder", "index", "strong model", "rates"}
    assert "fault" not in state.values()
    text = {each["part"]: each["text"] for each in found}
    assert text["home"] == f"data in {candor.home} (CANDOR_HOME)"
    assert "4 documents" in text["index"]
    assert "CANDOR_BROKER_URL" in text["queue"]


def test_the_collector_of_traces_is_looked_at(candor: Candor) -> None:
    with OpenAIServer() as collector:
        shown = candor.set(otlp_endpoint=collector.base_url, telemetry_port="9464").object("doctor")
        found = {each["part"]: each["state"] for each in shown}
    assert found["telemetry"] == found["traces"] == "on"
    told = candor.set(otlp_endpoint=collector.base_url).run("doctor")
    assert told.code == 1
    assert "FAULT  traces: CANDOR_OTLP_ENDPOINT: the collector at 127.0.0.1 does not answer" in told.out


def test_a_local_model_server_is_found(candor: Candor) -> None:
    with known_port() as (name, server):
        shown = candor.done("doctor")
    assert f"on     local models: {name}'s port answers with scripted" in shown
    assert f"CANDOR_OPENAI_BASE_URL={server.base_url} CANDOR_MODEL_STRONG=openai:scripted" in shown


def test_nothing_ingested_is_no_fault(fresh: Candor) -> None:
    assert "off    index: " in fresh.done("doctor")


def test_each_fault_is_named_with_its_setting_and_hides_no_other(candor: Candor) -> None:
    wrong = candor.set(
        database_url="postgresql://candor@127.0.0.1:9/candor",
        broker_url="redis://127.0.0.1:9/0",
        qdrant_url="http://127.0.0.1:9",
        model_strong="nobody:nothing",
    )
    ended = wrong.run("doctor", "--json")
    assert ended.code == 1
    faults = {each["part"]: each["text"] for each in ended.json if each["state"] == "fault"}
    assert list(faults) == ["ledger", "queue", "index", "models"]
    for text, setting in zip(
        faults.values(), ("DATABASE_URL", "BROKER_URL", "QDRANT_URL", "MODEL_STRONG"), strict=True
    ):
        assert f"CANDOR_{setting}" in text


def test_a_rates_service_that_runs_is_looked_at(candor: Candor) -> None:
    dead = {f"rates_{name}_url": "http://127.0.0.1:1/file" for name in ("pmms", "fred", "ecb")}
    with candor.set(**dead, rates_timer="off").running("rates", "--port", "0") as process:
        url = read_until(process.stdout, ".\n").split()[-1].removesuffix(".")
        shown = candor.set(rates_url=url).done("doctor")
    assert "on     rates: the service at 127.0.0.1 answers (starting); it serves the bundled history" in shown


def test_a_rates_service_that_does_not_answer_is_a_fault(candor: Candor) -> None:
    ended = candor.set(rates_url="http://127.0.0.1:1").run("doctor")
    assert ended.code == 1
    assert "FAULT  rates: CANDOR_RATES_URL: The rates service cannot be reached." in ended.out


KEY = "sk-proj-" + "a1B2" * 8
STDIO_SERVER = Path(__file__).parents[2] / "workers" / "tools" / "stdio_server.py"
DOCUMENT = """
openapi: 3.0.3
info: {title: Rooms, version: "1"}
paths:
  /rooms:
    get: {operationId: list_rooms, responses: {}}
"""


def tools_of(candor: Candor, servers: object, **settings: str) -> tuple[str, dict[str, str]]:
    """All that the doctor says, and what it says of tools, by part."""
    (candor.folder / "rooms.yaml").write_text(DOCUMENT)
    (candor.folder / "tools.yaml").write_text(yaml.safe_dump(servers))
    told = candor.set(tools_file="tools.yaml", **settings).run("doctor", "--json")
    found = {each["part"]: f"{each['state']}: {each['text']}" for each in told.json}
    return told.out + told.err, {part: text for part, text in found.items() if part.startswith("tools")}


def rooms(url: str) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {KEY}"}
    return {"url": url, "document": "rooms.yaml", "operations": ["list_rooms"], "headers": headers}


def test_servers_services_and_the_database_of_tools_are_looked_at(fresh: Candor) -> None:
    with closing(sqlite3.connect(fresh.folder / "team.db")) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
    with OpenAIServer() as server:
        told, found = tools_of(
            fresh,
            {
                "mcp": {"small": {"command": [sys.executable, str(STDIO_SERVER)], "env": {"TOKEN": KEY}}},
                "openapi": {"rooms": rooms(server.base_url)},
            },
            query_database_url="sqlite:///team.db",
            query_database_views="orders",
        )
    assert found == {
        "tools of small": "on: reachable (7 tools)",
        "tools of rooms": "on: reachable (1 tool)",
        "tools of query_database": "on: reachable (1 tool)",
    }
    assert KEY not in told


def test_each_source_of_tools_that_does_not_answer_is_a_fault_without_its_secrets(fresh: Candor) -> None:
    told, found = tools_of(
        fresh,
        {
            "mcp": {"crm": {"url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": f"Bearer {KEY}"}}},
            "openapi": {"rooms": rooms("http://127.0.0.1:9")},
        },
        query_database_url="postgresql://reader:hush-hush@127.0.0.1:9/team",
        query_database_views="orders",
    )
    assert found == {
        "tools of crm": "fault: The MCP server crm cannot be reached.",
        "tools of rooms": "fault: The service rooms cannot be reached.",
        "tools of query_database": "fault: The database does not answer.",
    }
    assert KEY not in told
    assert "hush-hush" not in told


def test_a_file_of_servers_that_cannot_be_read_is_one_fault(fresh: Candor) -> None:
    told = fresh.set(tools_file="nowhere.yaml").run("doctor")
    assert told.code == 1
    assert told.out.count("CANDOR_TOOLS_FILE: cannot read nowhere.yaml") == 1
