"""An app's own address for interactions, as its author would write it: it checks signatures, and answers."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]


class Endpoint:
    """Answers pings, and everything else as it is told to. `careless` ones check no signature."""

    def __init__(self, public_key: str, answer: Callable[[Json], Json], *, careless: bool = False) -> None:
        self.received: list[Json] = []
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        self.careless = careless
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                stamp = self.headers["X-Signature-Timestamp"].encode()
                try:
                    key.verify(bytes.fromhex(self.headers["X-Signature-Ed25519"]), stamp + raw)
                except InvalidSignature:
                    if not endpoint.careless:
                        self.send_response(401)
                        self.end_headers()
                        return
                body = json.loads(raw)
                endpoint.received.append(body)
                said = json.dumps({"type": 1} if body["type"] == 1 else answer(body)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/interactions"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
