"""Where a citation says that its quote stands."""

import pytest

from tests.workers.answering.parts import Library, ScriptedModel, ask, chunk

TEXT = """# Doors

Every visitor rings the doorbell.

## At night

The guard opens the gate at night.

```sh
# a comment
open gate
```

The visitor waits beside the gate.

!!! note

    Dogs wait outside.
"""
DOORS = chunk(TEXT, title="Doors", heading=("Doors",))


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("Every visitor rings the doorbell [1].", ""),
        ("The guard opens the gate at night [1].", "At night"),
        ("The visitor waits beside the gate [1].", "At night"),
        ("Dogs wait outside [1].", "At night"),
    ],
)
def test_the_nearest_heading_above_the_quote_is_named_and_the_title_not_twice(
    said: str, heading: str
) -> None:
    (citation,) = ask("Where do visitors wait at the gate?", Library(DOORS), ScriptedModel(said)).citations
    assert (citation.title, citation.heading) == ("Doors", heading)
    assert citation.quote in DOORS.text
