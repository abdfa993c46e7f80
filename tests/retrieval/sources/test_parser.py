"""The parser: whatever a file does to the process that reads it, the next one is read."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from retrieval.loaders import Content, Skipped, UnreadableError
from retrieval.sources.parser import Parser, ParserSettings
from tests.retrieval import papers


@pytest.fixture
def parser() -> Iterator[Parser]:
    with Parser(ParserSettings()) as parser:
        yield parser


def child() -> psutil.Process:
    (found,) = psutil.Process().children()
    return found


def test_plain_text_is_read_here_and_everything_else_in_one_process(parser: Parser) -> None:
    assert parser.parse("markdown", b"# Keys\n\nUnder the mat.")
    assert psutil.Process().children() == []
    (content,) = parser.parse("pdf", papers.pdf("Under the mat."))
    assert isinstance(content, Content)
    assert content.text == "## Page 1\n\nUnder the mat."
    first = child()
    assert parser.parse("docx", papers.word())
    assert child() == first


def test_it_says_the_same_as_its_loader_and_ends_with_the_block() -> None:
    lines = b'{"id": "a", "text": "\\ud83d\\ude00 \\ud800", "readers": ["x"]}\n{"id": 1}\n'
    with Parser(ParserSettings()) as parser:
        content, skipped = parser.parse("jsonl", lines)
        process = child()
    assert content == Content("\U0001f600 \ud800", name="a", readers=("x",))
    assert skipped == Skipped("line 2", "it has no `text`")
    assert not process.is_running()


def test_a_reason_comes_through_and_the_next_file_is_read(parser: Parser) -> None:
    with pytest.raises(UnreadableError, match="it has no text layer"):
        parser.parse("pdf", papers.pdf(""))
    assert parser.parse("pdf", papers.pdf("Under the mat."))


def test_a_file_that_takes_too_long_is_given_up_and_kept_as_it_was() -> None:
    rows = "".join(f"{number},{number}\n" for number in range(1_000_000))
    with Parser(ParserSettings(parse_seconds=1)) as parser:
        assert parser.parse("csv", b"flat,rent\nAttic,800\n")
        with pytest.raises(UnreadableError, match=r"longer than 1 s") as caught:
            parser.parse("csv", f"a,b\n{rows}".encode())
        assert caught.value.keep
        assert parser.parse("csv", b"flat,rent\nAttic,800\n")


def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    with Parser(ParserSettings(parse_memory_mb=256)) as parser:
        with pytest.raises(UnreadableError, match="more than 256 MB of memory") as caught:
            parser.parse("jsonl", json.dumps({"text": "x" * 40_000_000}).encode())
        assert not caught.value.keep
        assert parser.parse("jsonl", b'{"text": "x"}')


def test_a_process_that_dies_meanwhile_is_started_again(parser: Parser) -> None:
    parser.parse("pdf", papers.pdf("Under the mat."))
    os.kill(child().pid, signal.SIGKILL)
    assert parser.parse("pdf", papers.pdf("Under the mat."))


DYING = """
import os, signal, sys
import psutil
from retrieval.sources.parser import Parser, ParserSettings

parser = Parser(ParserSettings())
parser.parse("csv", b"flat,rent\\nAttic,800\\n")
print(psutil.Process().children()[0].pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_process_ends_with_the_one_that_started_it() -> None:
    died = subprocess.run([sys.executable, "-c", DYING], capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(died.stdout)).wait(timeout=10)


def test_the_process_sees_nothing_of_the_environment(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_OPENAI_API_KEY", "swordfish")
    parser.parse("pdf", papers.pdf("Under the mat."))
    assert "swordfish" not in child().environ().values()
