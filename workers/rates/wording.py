"""Live values as the model reads them."""

from core.tools import Fact


def line(fact: Fact) -> str:
    """A live value with all that a reply has to say of it."""
    stale = f" STALE: {fact.stale}." if fact.stale else ""
    caution = f" {fact.caution}" if fact.caution else ""
    return (
        f"{fact.label}: {fact.value} {fact.unit}, as of {fact.as_of}. Source: {fact.source}.{stale}{caution}"
    )
