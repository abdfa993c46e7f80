"""One visible reply, whatever dies in between."""

from pathlib import Path

import pytest

from bot.live_reply import LiveReply
from core.errors import LostClaim, Unavailable
from core.messages import Answer, Citation, Outcome
from ledger.turns import Claim
from tests.bot.books import Books, CollectingSpeaker, open_books
from tests.ledger.questions import a_question, an_answer


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return open_books(tmp_path, lease=0.0)


@pytest.fixture
def speaker() -> CollectingSpeaker:
    return CollectingSpeaker()


def a_claim(books: Books) -> Claim:
    turn_id, _ = books.turns.insert(a_question())
    return claim_again(books, turn_id)


def claim_again(books: Books, turn_id: str) -> Claim:
    """A lease of nothing has run out at once, so that the next attempt can begin."""
    claim = books.turns.claim(turn_id, "worker")
    assert claim is not None
    return claim


def test_a_placeholder_stands_there_first_and_the_ledger_knows_where(
    books: Books, speaker: CollectingSpeaker
) -> None:
    claim = a_claim(books)
    LiveReply(claim, books.turns, speaker)
    assert speaker.egress.shown() == ["Looking into it"]
    turn = books.turns.get(claim.turn_id)
    assert turn is not None
    assert turn.reply is not None
    assert turn.reply.message in speaker.egress.messages


def test_the_answer_grows_in_the_same_message_and_ends_with_its_sources(
    books: Books, speaker: CollectingSpeaker
) -> None:
    reply = LiveReply(a_claim(books), books.turns, speaker)
    reply.status("Searching")
    reply.write("Under the mat. [1]")
    reply.write(" Ask Ada.")
    citation = Citation(n=1, title="Keys", source="/keys.md", quote="Under the mat.", heading="Front door")
    reply.finish(an_answer("Under the mat. [1] Ask Ada.").model_copy(update={"citations": (citation,)}))
    assert [update["text"] for update in speaker.egress.updates[:3]] == [
        "Searching",
        "Under the mat. [1]",
        "Under the mat. [1] Ask Ada.",
    ]
    assert speaker.egress.shown() == [
        "Under the mat. [1] Ask Ada.\n\nSources\n[1] Keys › Front door — /keys.md"
    ]


def test_updates_keep_the_pace_of_the_platform(books: Books) -> None:
    speaker = CollectingSpeaker(pace=60.0)
    reply = LiveReply(a_claim(books), books.turns, speaker)
    for _ in range(50):
        reply.write("word ")
    reply.finish(an_answer("word " * 50))
    assert len(speaker.egress.updates) == 2  # the first piece, and the end


def test_a_second_attempt_adopts_the_message_that_the_ledger_knows(
    books: Books, speaker: CollectingSpeaker
) -> None:
    first = a_claim(books)
    LiveReply(first, books.turns, speaker)
    LiveReply(claim_again(books, first.turn_id), books.turns, speaker).finish(an_answer("There."))
    assert speaker.egress.shown() == ["There."]


def test_a_second_attempt_finds_a_message_that_the_ledger_never_heard_of(
    books: Books, speaker: CollectingSpeaker
) -> None:
    first = a_claim(books)
    # Posted, and dead before the ledger was told where.
    speaker.egress.post(first.question, first.turn_id, speaker.render.status("Looking into it", ""))
    LiveReply(claim_again(books, first.turn_id), books.turns, speaker).finish(an_answer("There."))
    assert speaker.egress.shown() == ["There."]


def test_an_attempt_that_was_overtaken_is_silent(books: Books, speaker: CollectingSpeaker) -> None:
    first = a_claim(books)
    slow = LiveReply(first, books.turns, speaker)
    quick = LiveReply(claim_again(books, first.turn_id), books.turns, speaker)
    quick.finish(an_answer("There."))
    with pytest.raises(LostClaim):
        slow.write("Elsewhere")
    with pytest.raises(LostClaim):
        slow.finish(an_answer("Elsewhere"))
    assert speaker.egress.shown() == ["There."]


def test_progress_that_cannot_be_shown_does_not_fail_the_answer(
    books: Books, speaker: CollectingSpeaker
) -> None:
    reply = LiveReply(a_claim(books), books.turns, speaker)
    speaker.egress.down = True
    reply.status("Searching")
    reply.write("Under the mat.")
    with pytest.raises(Unavailable):
        reply.finish(an_answer("Under the mat."))
    speaker.egress.down = False
    reply.finish(an_answer("Under the mat."))
    assert speaker.egress.shown() == ["Under the mat."]


def test_nothing_hidden_leaves_by_any_route(books: Books, speaker: CollectingSpeaker) -> None:
    reply = LiveReply(a_claim(books), books.turns, speaker)
    reply.status("a\x1b[31m")
    reply.write("b\u202e")
    reply.finish(an_answer("c\U000e0041"))
    assert [update["text"] for update in speaker.egress.updates] == ["a[31m", "b", "c"]


def unasked(books: Books) -> Claim:
    turn_id, _ = books.turns.insert(a_question().model_copy(update={"unasked": True}))
    return claim_again(books, turn_id)


def test_where_nobody_asked_candor_an_answer_is_said_all_at_once(
    books: Books, speaker: CollectingSpeaker
) -> None:
    claim = unasked(books)
    reply = LiveReply(claim, books.turns, speaker)
    reply.status("Searching")
    reply.write("Under the")
    assert speaker.egress.shown() == []
    reply.finish(an_answer("Under the mat."))
    assert speaker.egress.shown() == ["Under the mat."]
    turn = books.turns.get(claim.turn_id)
    assert turn is not None
    assert turn.reply is not None


@pytest.mark.parametrize("outcome", [Outcome.ABSTAINED, Outcome.REFUSED, Outcome.FAILED])
def test_where_nobody_asked_candor_it_is_silent_without_an_answer(
    books: Books, speaker: CollectingSpeaker, outcome: Outcome
) -> None:
    reply = LiveReply(unasked(books), books.turns, speaker)
    reply.finish(Answer(outcome=outcome, text="I don't know."))
    assert speaker.egress.shown() == []


def test_an_answer_that_nobody_asked_for_is_said_once_whatever_dies(
    books: Books, speaker: CollectingSpeaker
) -> None:
    claim = unasked(books)
    LiveReply(claim, books.turns, speaker).finish(an_answer("Under the mat."))
    LiveReply(claim_again(books, claim.turn_id), books.turns, speaker).finish(an_answer("Under the mat."))
    assert speaker.egress.shown() == ["Under the mat."]
