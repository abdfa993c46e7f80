"""What the loopback server refuses."""

from collections.abc import Iterator

import httpx
import pytest

from core.errors import Misconfigured
from retrieval.stores import Collection
from retrieval.stores.embedded import NAME, EmbeddedStore
from retrieval.stores.serve import LoopbackServer
from retrieval.stores.server import connect


@pytest.fixture
def server(embedded: EmbeddedStore) -> Iterator[LoopbackServer]:
    embedded.create(Collection("none", 0))
    server = LoopbackServer(embedded)
    yield server
    server.close()


@pytest.fixture
def http(server: LoopbackServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"api-key": server.key}, trust_env=False) as client:
        yield client


def test_a_request_without_the_key_is_refused(server: LoopbackServer) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        assert client.get(f"/collections/{NAME}").status_code == 401
        headers = {"api-key": server.key[:-1]}
        assert client.get(f"/collections/{NAME}", headers=headers).status_code == 401


def test_a_store_with_a_wrong_key_names_the_setting(server: LoopbackServer) -> None:
    store = connect(server.url, "wrong", 5, name=NAME, setting="CANDOR_QDRANT_URL")
    with pytest.raises(Misconfigured, match=r"CANDOR_QDRANT_URL: .* API key"):
        store.collection()
    store.close()


def test_another_collection_does_not_exist(http: httpx.Client) -> None:
    assert http.get("/collections/other").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"query": {"order_by": "date"}}',
        b'{"query": {"fusion": "rrf"}}',
        b'{"filter": {"must": [{"is_null": {"key": "date"}}]}}',
    ],
)
def test_what_is_not_supported_is_a_bad_request(http: httpx.Client, body: bytes) -> None:
    answer = http.post(f"/collections/{NAME}/points/query", content=body)
    assert answer.status_code == 400
    assert answer.json()["status"]["error"]


def test_a_vector_of_another_length_is_an_error_and_the_server_goes_on(http: httpx.Client) -> None:
    query = {"query": [1.0, 2.0], "using": "dense", "limit": 1}
    assert http.post(f"/collections/{NAME}/points/query", json=query).status_code == 500
    assert http.post(f"/collections/{NAME}/points/count", json={}).json()["result"] == {"count": 0}
