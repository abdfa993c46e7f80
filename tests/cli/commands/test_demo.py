"""`candor demo slack`: a question asked on its page, without a browser."""

import signal
import socket
from pathlib import Path

import pytest

from tests.bot.simulators.visitor import Visitor
from tests.cli.candor import Candor, eventually, read_until, stop
from tests.servers.redis_server import free_port


def test_the_demo_answers_on_its_page_and_leaves_nothing_behind(fresh: Candor, tmp_path: Path) -> None:
    # What belongs to the real thing stays out of it: a demo speaks in nobody's workspace.
    real = fresh.set(slack_bot_token="xoxb-1", slack_app_token="xapp-1", broker_url="redis://127.0.0.1:1/0")
    port = free_port()
    with real.running("demo", "slack", "--port", str(port)) as demo:
        url = read_until(demo.stdout, " in a browser.").split()[-4]
        assert url == f"http://127.0.0.1:{port}/"
        with Visitor(url) as visitor:
            visitor.open("/")
            assert visitor.write("@candor can a question be lost?").status_code == 303
            visitor.open(visitor.place)
            eventually(lambda: "1 reply" in visitor.reads("channel"))
            visitor.follow("1 reply")
            eventually(lambda: any("Good answer" in each for each in visitor.labels("thread")))
            assert "cannot be lost" in visitor.reads("thread")
            assert "[1] Architecture" in visitor.reads("thread")
        assert stop(demo) == 0
        assert demo.stderr
        assert demo.stderr.read() == ""
    assert [path.name for path in fresh.home.iterdir()] == ["models"]


def test_a_port_that_is_taken_is_named(fresh: Candor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"--port: cannot listen on {port}" in fresh.refused("demo", "slack", "--port", str(port))


@pytest.mark.parametrize("until", ["first.\n", " in a browser."])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_ends_the_demo_ends_all_that_it_started(
    fresh: Candor, until: str, number: signal.Signals
) -> None:
    with fresh.running("demo", "slack") as demo:
        read_until(demo.stdout, until)
        demo.send_signal(number)
        # What it started writes to the same pipe: the end is reached when the last of them has gone.
        demo.communicate(timeout=60)
