"""The gateway itself: where clients connect, and every way in which connections are lost."""

import threading
from urllib.parse import parse_qs, urlsplit

from websockets.sync.server import ServerConnection, serve

from bot.simulators.discord.gateway.links import Link
from bot.simulators.discord.gateway.sessions import Sessions
from bot.simulators.discord.gateway.terms import REASONS, Closed, Terms
from bot.simulators.discord.gateway.visits import LARGEST, Visit, check_query
from bot.simulators.discord.state.world import World


class Gateway:
    """The gateway of one simulator.

    Attributes:
        url: where clients connect.
        terms: what it asks of them.
        sessions: who is connected.
    """

    def __init__(self, world: World, host: str, port: int = 0) -> None:
        self.terms = Terms()
        self.sessions = Sessions()
        self._world = world
        self._flowing = threading.Event()
        self._flowing.set()
        self._server = serve(self._serve, host, port, compression=None, max_size=LARGEST * 16)
        self.url = f"ws://{host}:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="discord-gateway", daemon=True
        )
        self._thread.start()
        world.connect(self.sessions.tell)

    def wait(self, count: int = 1, seconds: float = 10.0) -> bool:
        """Wait until exactly so many sessions are connected."""
        with self.sessions.changed:
            return self.sessions.changed.wait_for(lambda: len(self.sessions.open()) == count, seconds)

    def drop(self, code: int = 4000) -> None:
        """Close every connection with a code; sessions can be resumed unless the code says no."""
        for link in self._give_up():
            link.close(code, REASONS.get(code, ""))

    def cut(self) -> None:
        """Lose every connection without a word."""
        for link in self._give_up():
            link.cut()

    def reconnect(self) -> None:
        """Ask every client to connect anew and resume, as Discord does every few hours."""
        for session in self.sessions.open():
            if session.link:
                session.link.put({"op": 7, "d": None, "s": None, "t": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is over, or only to be resumed."""
        for session in self.sessions.open():
            if session.link:
                session.link.put({"op": 9, "d": resumable, "s": None, "t": None})
            if not resumable:
                self.sessions.end(session)

    def hold(self) -> None:
        """Hold back everything that is sent, until `release`."""
        self._flowing.clear()

    def release(self) -> None:
        """Let flow again."""
        self._flowing.set()

    def close(self) -> None:
        """Close everything."""
        self._flowing.set()
        self._server.shutdown()
        self._thread.join()

    def _give_up(self) -> list[Link]:
        with self.sessions.changed:
            links = []
            for session in self.sessions.open():
                if session.link:
                    links.append(session.link)
                    session.lose(self._world.clock.now())
            self.sessions.changed.notify_all()
            return links

    def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        query = parse_qs(urlsplit(request.path if request else "").query)
        compressed = query.get("compress") == ["zlib-stream"]
        link = Link(connection, self._flowing, compressed=compressed)
        visit = Visit(self.url, self.terms, self.sessions, self._world, link)
        try:
            check_query(query)
            visit.listen(connection)
        except Closed as closed:
            self._world.record.finding(f"gateway {closed.code}", str(closed))
            visit.link.close(closed.code, str(closed))
        finally:
            visit.leave(connection)
            visit.link.join()
