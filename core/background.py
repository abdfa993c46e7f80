"""Work in a thread of its own, so that nothing that blocks it keeps another waiting."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def in_background(name: str, action: Callable[[], T]) -> Future[T]:
    """Begin something in the context that holds here, and hand back where its result will be.

    Args:
        name: of the thread, which ends with the process.
        action: what to do.
    """
    result: Future[T] = Future()

    def work() -> None:
        try:
            result.set_result(action())
        except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
            result.set_exception(error)

    threading.Thread(target=copy_context().run, args=(work,), name=name, daemon=True).start()
    return result
