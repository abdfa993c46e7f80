"""What runs in the parser's process: reads one file after the other from standard input."""

import json
import resource
import signal
import struct
import sys
from dataclasses import asdict
from typing import IO

from core import plugins
from retrieval import loaders
from retrieval.loaders import Content, Loader, Skipped, UnreadableError

READY = b"+"
"""What comes first, as soon as requests can be taken."""

REQUEST = "!BI"
"""Header of a request, as `struct` has it: lengths of the member's name and of the file, which follow."""

ANSWER = "!I"
"""Header of an answer: the length of the JSON that follows, `items` or a `reason`."""


def serve(requests: IO[bytes], answers: IO[bytes], seconds: int) -> None:
    """Answer requests until there are no more. Dies of a file that takes longer than `seconds`."""
    answers.write(READY)
    answers.flush()
    while header := requests.read(struct.calcsize(REQUEST)):
        name_length, length = struct.unpack(REQUEST, header)
        member = requests.read(name_length).decode()
        data = requests.read(length)
        signal.alarm(seconds)  # the parent's clock is quicker; this one is for when the parent is gone
        body = json.dumps(_load(member, data)).encode()
        signal.alarm(0)
        answers.write(struct.pack(ANSWER, len(body)) + body)
        answers.flush()


def _load(member: str, data: bytes) -> dict[str, object]:
    loader: Loader = plugins.load(loaders.__name__, member, setting=member)
    try:
        return {"items": [_plain(item) for item in loader.load(data)]}
    except UnreadableError as error:
        return {"reason": str(error), "keep": error.keep}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a file does to a library, the next one is read
        return {"reason": f"it is broken ({type(error).__name__})", "keep": False}


def _plain(item: Content | Skipped) -> dict[str, object]:
    plain = asdict(item)
    return plain | {"kind": type(item).__name__}


def main() -> None:
    """Set the limits given as arguments, bytes of memory and seconds for one file, and serve."""
    memory, seconds = (int(argument) for argument in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer, seconds)


if __name__ == "__main__":
    main()
