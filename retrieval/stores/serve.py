"""Serves an embedded store on loopback: the part of Qdrant's REST API that the server store uses."""

import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import qdrant_edge as edge
import uvicorn

from core.errors import CandorError, IndexMissing
from retrieval.stores import rest
from retrieval.stores.embedded import NAME, EmbeddedStore
from retrieval.stores.rest import Body
from retrieval.stores.shard import Shard

HOST = "127.0.0.1"

_DONE = {"operation_id": 0, "status": "completed"}

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]
"""An ASGI application. No framework stands between: a search is answered in less time than routing takes."""


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


def application(store: EmbeddedStore, key: str) -> Application:
    """The REST API over a store. Every request needs the key."""
    wanted = key.encode()

    # Answered in the server's own thread: the engine keeps Python's global lock while it works, so that a
    # second thread could do nothing meanwhile.
    async def answer(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        given = next((value for name, value in scope["headers"] if name == b"api-key"), b"")
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if hmac.compare_digest(given, wanted):
            status, content = reply(store, scope["method"], scope["path"], body)
        else:
            status, content = _failure(401, "a valid api-key is required")
        payload = json.dumps(content).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(payload))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    return answer


def reply(store: EmbeddedStore, method: str, path: str, body: bytes) -> tuple[int, Body]:
    """The status and the body that answer one request."""
    started = time.perf_counter()
    root, name, rest_of_path = [*path.strip("/").split("/", 2), "", ""][:3]
    try:
        content = json.loads(body or b"{}")
        if (method, root, name) in _ON_ALIASES:
            result = _ON_ALIASES[method, root, name](store, content)
        elif root == "collections" and (method, rest_of_path) in _ON_COLLECTION and _is_ours(name):
            shard = store.shard(store.current or name if name == NAME else name)
            result = _ON_COLLECTION[method, rest_of_path](shard, content)
        else:
            return _failure(404, "Not found: there is nothing of this name")
    except IndexMissing:
        return _failure(404, f"Not found: Collection `{name}` doesn't exist!")
    except CandorError as error:
        return _failure(500, str(error))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return _failure(400, f"{type(error).__name__}: {error}")
    return 200, {"result": result, "status": "ok", "time": time.perf_counter() - started}


def _is_ours(name: str) -> bool:
    suffix = name.removeprefix(NAME).removeprefix("-")
    return name == NAME or (name == f"{NAME}-{suffix}" and suffix.isalnum())


def _failure(status: int, message: str) -> tuple[int, Body]:
    return status, {"status": {"error": message}, "time": 0.0}


def _aliases(store: EmbeddedStore, _body: Body) -> Body:
    current = store.current
    held = [{"alias_name": NAME, "collection_name": current}] if current else []
    return {"aliases": held}


def _change_aliases(store: EmbeddedStore, body: Body) -> bool:
    for action in body["actions"]:
        match action:
            case {"create_alias": {"alias_name": str(alias), "collection_name": str(name)}} if alias == NAME:
                if not _is_ours(name) or store.shard(name).collection() is None:
                    raise IndexMissing(f"there is no collection {name}")
                store.point_to(name)
            case {"delete_alias": {"alias_name": str(alias)}} if alias == NAME:
                store.point_to("")
            case _:
                raise ValueError("only the alias of the index can be changed")
    return True


def _describe(shard: Shard, _body: Body) -> Body:
    info = shard.run(lambda engine: engine.info())
    collection = shard.collection()
    if collection is None:
        raise IndexMissing("the collection was dropped")
    return rest.collection_json(collection, info)


def _create(shard: Shard, body: Body) -> bool:
    shard.create(rest.collection_of(body))
    return True


def _drop(shard: Shard, _body: Body) -> bool:
    shard.drop()
    return True


def _create_index(shard: Shard, body: Body) -> Body:
    schema = getattr(edge.PayloadSchemaType, str(body["field_schema"]).capitalize())
    shard.write(edge.UpdateOperation.create_field_index(body["field_name"], schema), 0)
    return _DONE


def _upsert(shard: Shard, body: Body) -> Body:
    points = [rest.point(point) for point in body["points"]]
    shard.write(edge.UpdateOperation.upsert_points(points), len(points))
    return _DONE


def _delete(shard: Shard, body: Body) -> Body:
    shard.write(rest.selection(body), 1)
    return _DONE


def _query(shard: Shard, body: Body) -> Body:
    request = rest.query_request(body)
    return {"points": [rest.scored_json(point) for point in shard.run(lambda engine: engine.query(request))]}


def _query_batch(shard: Shard, body: Body) -> list[Body]:
    batch = edge.QueryBatchRequest([rest.query_request(search) for search in body["searches"]])
    found = shard.run(lambda engine: engine.query_batch(batch))
    return [{"points": [rest.scored_json(point) for point in points]} for points in found]


def _scroll(shard: Shard, body: Body) -> Body:
    request = rest.scroll_request(body)
    records, offset = shard.run(lambda engine: engine.scroll(request))
    return {
        "points": [rest.record_json(record) for record in records],
        "next_page_offset": None if offset is None else str(offset),
    }


def _count(shard: Shard, body: Body) -> Body:
    request = rest.count_request(body)
    return {"count": shard.run(lambda engine: engine.count(request))}


_ON_ALIASES: dict[tuple[str, str, str], Callable[[EmbeddedStore, Body], Any]] = {
    ("GET", "aliases", ""): _aliases,
    ("POST", "collections", "aliases"): _change_aliases,
}

_ON_COLLECTION: dict[tuple[str, str], Callable[[Shard, Body], Any]] = {
    ("GET", ""): _describe,
    ("PUT", ""): _create,
    ("DELETE", ""): _drop,
    ("PUT", "index"): _create_index,
    ("PUT", "points"): _upsert,
    ("POST", "points/delete"): _delete,
    ("POST", "points/query"): _query,
    ("POST", "points/query/batch"): _query_batch,
    ("POST", "points/scroll"): _scroll,
    ("POST", "points/count"): _count,
}
