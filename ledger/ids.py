"""Ids of turns: ULIDs (https://github.com/ulid/spec), which sort by the time of their making."""

import secrets
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26

_RANDOM_BITS = 80
_BITS_PER_CHARACTER = 5


def new_id() -> str:
    """A new id: 48 bits of milliseconds, then 80 random bits, in Crockford's base 32."""
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(ALPHABET[number >> _BITS_PER_CHARACTER * place & 31] for place in reversed(range(LENGTH)))
