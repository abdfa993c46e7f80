"""Serves an embedded store on loopback: the part of Qdrant's REST API that the server store uses."""

import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import qdrant_edge as edge
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.errors import CandorError, IndexMissing
from retrieval.stores import rest
from retrieval.stores.embedded import EmbeddedStore
from retrieval.stores.rest import Body

COLLECTION = "candor"
"""The one collection that is served."""

HOST = "127.0.0.1"

_DONE = {"operation_id": 0, "status": "completed"}

Handler = Callable[[EmbeddedStore, Body], Any]


class LoopbackServer:
    """An HTTP server in a thread of this process, atop a store that this process owns.

    Attributes:
        url: where it listens, on a port that the system chose.
        key: what each request must carry as `api-key`.
    """

    def __init__(self, store: EmbeddedStore) -> None:
        # Named as TCP, or asyncio would leave Nagle's algorithm on, which costs 40 ms an answer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind((HOST, 0))
        # Listening already: a client that comes before the thread has started waits its turn.
        self._socket.listen(128)
        self.key = secrets.token_urlsafe(32)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            application(store, self.key),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="index-server", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening; requests that are being answered get a second to end."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def application(store: EmbeddedStore, key: str) -> Starlette:
    """The REST API over a store. Every request needs the key."""

    def endpoint(handler: Handler) -> Callable[[Request], Awaitable[JSONResponse]]:
        # Answered in the server's own thread: the engine keeps Python's global lock while it works, so that a
        # second thread could do nothing meanwhile.
        async def answer(request: Request) -> JSONResponse:
            started = time.perf_counter()
            if not hmac.compare_digest(request.headers.get("api-key", "").encode(), key.encode()):
                return _failure(401, "a valid api-key is required")
            if request.path_params.get("collection", COLLECTION) != COLLECTION:
                return _failure(404, "Not found: this collection doesn't exist")
            try:
                body = json.loads(await request.body() or b"{}")
                result = handler(store, body)
            except IndexMissing:
                return _failure(404, f"Not found: Collection `{COLLECTION}` doesn't exist!")
            except CandorError as error:
                return _failure(500, str(error))
            except (KeyError, TypeError, ValueError) as error:
                return _failure(400, f"{type(error).__name__}: {error}")
            return JSONResponse({"result": result, "status": "ok", "time": time.perf_counter() - started})

        return answer

    return Starlette(
        routes=[Route(path, endpoint(handler), methods=[method]) for method, path, handler in _ROUTES]
    )


def _failure(status: int, message: str) -> JSONResponse:
    return JSONResponse({"status": {"error": message}, "time": 0.0}, status_code=status)


def _describe(store: EmbeddedStore, _body: Body) -> Body:
    info = store.run(lambda shard: shard.info())
    collection = store.collection()
    if collection is None:
        raise IndexMissing("the collection was dropped")
    return rest.collection_json(collection, info)


def _create(store: EmbeddedStore, body: Body) -> bool:
    store.create(rest.collection_of(body))
    return True


def _drop(store: EmbeddedStore, _body: Body) -> bool:
    store.drop()
    return True


def _create_index(store: EmbeddedStore, body: Body) -> Body:
    schema = getattr(edge.PayloadSchemaType, str(body["field_schema"]).capitalize())
    store.write(edge.UpdateOperation.create_field_index(body["field_name"], schema), 0)
    return _DONE


def _upsert(store: EmbeddedStore, body: Body) -> Body:
    points = [rest.point(point) for point in body["points"]]
    store.write(edge.UpdateOperation.upsert_points(points), len(points))
    return _DONE


def _delete(store: EmbeddedStore, body: Body) -> Body:
    store.write(rest.selection(body), 1)
    return _DONE


def _query(store: EmbeddedStore, body: Body) -> Body:
    request = rest.query_request(body)
    return {"points": [rest.scored_json(point) for point in store.run(lambda shard: shard.query(request))]}


def _query_batch(store: EmbeddedStore, body: Body) -> list[Body]:
    batch = edge.QueryBatchRequest([rest.query_request(search) for search in body["searches"]])
    found = store.run(lambda shard: shard.query_batch(batch))
    return [{"points": [rest.scored_json(point) for point in points]} for points in found]


def _scroll(store: EmbeddedStore, body: Body) -> Body:
    request = rest.scroll_request(body)
    records, offset = store.run(lambda shard: shard.scroll(request))
    return {
        "points": [rest.record_json(record) for record in records],
        "next_page_offset": None if offset is None else str(offset),
    }


def _count(store: EmbeddedStore, body: Body) -> Body:
    request = rest.count_request(body)
    return {"count": store.run(lambda shard: shard.count(request))}


_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/collections/{collection}", _describe),
    ("PUT", "/collections/{collection}", _create),
    ("DELETE", "/collections/{collection}", _drop),
    ("PUT", "/collections/{collection}/index", _create_index),
    ("PUT", "/collections/{collection}/points", _upsert),
    ("POST", "/collections/{collection}/points/delete", _delete),
    ("POST", "/collections/{collection}/points/query", _query),
    ("POST", "/collections/{collection}/points/query/batch", _query_batch),
    ("POST", "/collections/{collection}/points/scroll", _scroll),
    ("POST", "/collections/{collection}/points/count", _count),
)
