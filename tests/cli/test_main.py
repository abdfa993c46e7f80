import pytest

from cli.main import COMMANDS
from tests.cli.candor import Candor


def test_help_names_every_command_with_what_it_does(candor: Candor) -> None:
    shown = candor.done("--help")
    for name, does in COMMANDS.items():
        assert f"{name} " in shown
        assert does in shown


def test_the_version_is_a_number(candor: Candor) -> None:
    assert candor.done("--version").strip().replace(".", "").isdecimal()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["dance"], "dance"),
        (["ask", "   "], "empty"),
        (["search", ""], "empty"),
        (["ingest", "no/such/folder"], "no/such/folder"),
        (["worker", "--queue", "dreams"], "dreams"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    candor: Candor, arguments: list[str], word: str
) -> None:
    ended = candor.run(*arguments)
    assert ended.code == 2
    assert word in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("setting", "value", "command"),
    [
        ("turn_seconds", "soon", "worker"),
        ("log_level", "loud", "search refunds"),
        ("database_url", "mysql://localhost/candor", "turns list"),
        ("broker_url", "carrier-pigeon://localhost", "ask refunds"),
        ("model_strong", "nobody:nothing", "ask refunds"),
        ("embedder", "nobody", "search refunds"),
        ("home", "/proc/candor", "turns list"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(candor: Candor, setting: str, value: str, command: str) -> None:
    line = candor.set(**{setting: value}).refused(*command.split())
    assert f"CANDOR_{setting.upper()}" in line


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_a_process_of_its_own_needs_a_shared_queue(candor: Candor, command: str) -> None:
    assert "CANDOR_BROKER_URL" in candor.refused(command)
