from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from ledger.turnstile import Turnstile


def pass_through(turnstile: Turnstile, order: list[int], number: int) -> None:
    with turnstile.passing():
        order.append(number)


def test_threads_pass_in_the_order_of_their_coming() -> None:
    turnstile = Turnstile(wait=10)
    order: list[int] = []
    with ThreadPoolExecutor(8) as threads:
        with turnstile.passing():
            for number in range(8):
                threads.submit(pass_through, turnstile, order, number)
                while turnstile.queue != number + 1:
                    pass
        threads.submit(pass_through, turnstile, order, 8)
    assert order == list(range(9))


def test_who_comes_back_does_not_cut_in() -> None:
    turnstile = Turnstile(wait=10)
    order: list[int] = []
    with ThreadPoolExecutor(1) as threads:
        with turnstile.passing():
            other = threads.submit(pass_through, turnstile, order, 1)
            while turnstile.queue != 1:
                pass
        pass_through(turnstile, order, 2)
        other.result()
    assert order == [1, 2]


def test_who_waits_too_long_is_told_and_blocks_nobody() -> None:
    turnstile, leave = Turnstile(wait=0.05), Event()

    def hold() -> None:
        with turnstile.passing():
            held.set()
            leave.wait()

    held = Event()
    with ThreadPoolExecutor(1) as threads:
        holder = threads.submit(hold)
        held.wait()
        with pytest.raises(TimeoutError):
            pass_through(turnstile, [], 1)
        leave.set()
        holder.result()
    order: list[int] = []
    pass_through(turnstile, order, 2)
    assert order == [2]


def test_an_error_inside_opens_it_again() -> None:
    turnstile = Turnstile(wait=0.05)
    order: list[int] = []
    with pytest.raises(ZeroDivisionError), turnstile.passing():
        raise ZeroDivisionError
    pass_through(turnstile, order, 1)
    assert order == [1]
