"""One WebSocket of the gateway: what is sent over it, compressed or not, in its order."""

import json
import threading
import zlib
from queue import SimpleQueue
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

Json = dict[str, Any]


class Link:
    """Sends from a thread of its own, so that nobody waits for a slow reader.

    Attributes:
        flowing: cleared while everything is held back.
    """

    def __init__(self, connection: ServerConnection, flowing: threading.Event, *, compressed: bool) -> None:
        self.connection = connection
        self.flowing = flowing
        self._deflate = zlib.compressobj() if compressed else None
        self._queue: SimpleQueue[str | tuple[int, str]] = SimpleQueue()
        self._thread = threading.Thread(target=self._send, name="discord-gateway-link", daemon=True)
        self._thread.start()

    def put(self, payload: Json) -> None:
        """Send something, after all that was put before."""
        self._queue.put(json.dumps(payload))

    def close(self, code: int, reason: str = "") -> None:
        """Close it, after all that was put before."""
        self._queue.put((code, reason))

    def cut(self) -> None:
        """Lose the connection without a word, as a network does."""
        self.connection.socket.close()
        self._queue.put((1006, ""))

    def join(self) -> None:
        """Wait until nothing more is sent."""
        self._queue.put((1000, ""))
        self.flowing.set()
        self._thread.join()

    def _send(self) -> None:
        while isinstance(item := self._queue.get(), str):
            self.flowing.wait()
            try:
                self.connection.send(self._encode(item))
            except (ConnectionClosed, OSError):
                return
        code, reason = item
        if code != 1006:  # noqa: PLR2004 - the code of a lost connection, which is never sent
            self.connection.close(code, reason)

    def _encode(self, text: str) -> str | bytes:
        if self._deflate is None:
            return text
        # One stream for the whole connection: each message ends at a flush.
        return self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
