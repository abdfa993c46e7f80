"""Support is found in the passage, and quotes stand in it to the letter."""

from hypothesis import given
from hypothesis import strategies as st

from tests.workers.answering.parts import passage
from workers.answering.grounding.evidence import Evidence, content_words

TEXT = (
    "# Parking passes\n\nThe front desk hands out passes. Visitors park in the north yard.\n\n"
    "- Deliveries use the south gate.\n- Bicycles stand\n  behind the hall.\n"
)


def test_the_sentence_that_says_it_is_quoted() -> None:
    support = Evidence([passage(TEXT)]).support("Deliveries come through the south gate [1].", 1)
    assert support.quote == "Deliveries use the south gate."
    assert 0.5 < support.share <= 1


def test_two_sentences_are_quoted_when_both_are_needed() -> None:
    support = Evidence([passage(TEXT)]).support("The desk has passes; visitors park in the north yard.", 1)
    assert support.quote == "The front desk hands out passes. Visitors park in the north yard."


def test_a_heading_is_not_quoted_where_sentences_are() -> None:
    assert Evidence([passage(TEXT)]).support("Parking passes", 1).quote.startswith("The front desk")
    assert Evidence([passage("# Parking passes")]).support("Parking passes", 1).quote == "Parking passes"


def test_the_strongest_passage_is_found() -> None:
    evidence = Evidence([passage("Nothing about it."), passage(TEXT)])
    best = evidence.strongest("Visitors park in the north yard.")
    assert best
    assert (best.number, best.share) == (2, 1.0)


def test_quoted_words_are_found_whatever_became_of_their_blanks() -> None:
    evidence = Evidence([passage(TEXT)])
    assert evidence.locate("Bicycles stand behind the hall.", 1) == "Bicycles stand\n  behind the hall."
    assert evidence.locate("Bicycles stand in the hall.", 1) == ""
    assert evidence.locate("  ", 1) == ""


def test_words_are_compared_in_scripts_without_blanks() -> None:
    assert len(content_words("訪問者は北の駐車場") & content_words("北の駐車場に")) >= 3


@given(st.text(max_size=300), st.text(max_size=80))
def test_a_quote_always_stands_in_its_passage(text: str, statement: str) -> None:
    assert Evidence([passage(text)]).support(statement, 1).quote in text
