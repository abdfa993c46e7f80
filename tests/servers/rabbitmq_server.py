"""A real RabbitMQ on loopback, where the machine has one."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.redis_server import free_port

# Debian's wrapper in the path would change to a user of its own; the script behind it does not.
_SCRIPTS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", shutil.which("rabbitmq-server") or "")
BINARY = next((path for path in _SCRIPTS if path and Path(path).exists()), "")
"""Empty where there is none."""

_START_SECONDS = 60


class RabbitServer:
    """Starts on entry, ends on exit."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="candor-rabbit-"))

    @property
    def url(self) -> str:
        """What `CANDOR_BROKER_URL` takes."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def __enter__(self) -> Self:
        (self._folder / "plugins").write_text("[].")
        self._process = subprocess.Popen(
            [BINARY],
            env={
                "PATH": os.defpath + ":/usr/sbin:/usr/lib/rabbitmq/bin",
                "HOME": str(self._folder),
                "RABBITMQ_NODENAME": f"candor{self.port}@localhost",
                "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                "RABBITMQ_NODE_PORT": str(self.port),
                "RABBITMQ_DIST_PORT": str(free_port()),
                "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
                "RABBITMQ_LOG_BASE": str(self._folder / "log"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-setcookie candor",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    probe.sendall(b"AMQP\x00\x00\x09\x01")
                    if probe.recv(7):
                        return self
            except OSError:
                time.sleep(0.1)
        self._end()
        raise RuntimeError("rabbitmq-server did not start")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
