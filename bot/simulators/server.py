"""A web server on loopback, in a thread of this process."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"


class Server:
    """Listens from the moment it is made, and answers once it is started.

    Attributes:
        url: where it listens.
    """

    def __init__(self, port: int, name: str) -> None:
        # Named as TCP, or asyncio would leave Nagle's algorithm on, which costs 40 ms an answer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((HOST, port))
        # Listening already: a client that comes before the thread has started waits its turn.
        self._socket.listen(1024)
        self._name = name
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"

    def start(self, app: ASGIApp) -> None:
        """Answer from now on."""
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name=self._name, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
