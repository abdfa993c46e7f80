import time

from ledger import ids


def test_ids_sort_by_the_time_of_their_making() -> None:
    made = []
    for _ in range(5):
        made.append(ids.new_id())
        start = time.time_ns() // 1_000_000
        while time.time_ns() // 1_000_000 == start:
            pass
    assert made == sorted(made)


def test_ids_differ_within_one_moment() -> None:
    assert len({ids.new_id() for _ in range(10_000)}) == 10_000


def test_an_id_is_26_characters_of_crockfords_base_32() -> None:
    one = ids.new_id()
    assert len(one) == ids.LENGTH
    assert set(one) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
