"""What one person asked: theirs alone, and theirs to have forgotten."""

from pathlib import Path

from alembic import command
from sqlalchemy import Engine, make_url, text

from core.messages import Asker, Outcome, Question
from ledger.engine import connect
from ledger.feedback import Feedback
from ledger.migrate import configuration, run
from ledger.people import People, Person
from ledger.posts import Posts
from ledger.threads import Threads
from ledger.transactions import reading, writing
from ledger.turns import Turns
from tests.ledger.questions import a_question, an_answer

ANA = Person("terminal", "local", "ana")


def asked_by(who: str, said: str = "Where is the key?") -> Question:
    return a_question(said).model_copy(update={"asker": Asker(id=who)})


def test_everybody_has_their_own_history_newest_first(engine: Engine) -> None:
    turns, people = Turns(engine), People(engine)
    first, _ = turns.insert(asked_by("ana", "first"))
    turns.insert(asked_by("ben"))
    second, _ = turns.insert(asked_by("ana", "second"))
    turns.withdraw(first)
    assert [(each.turn_id, each.text, each.state) for each in people.history(ANA)] == [
        (second, "second", "received"),
        (first, "first", "withdrawn"),
    ]
    assert [each.turn_id for each in people.history(ANA, limit=1)] == [second]
    assert people.open(ANA) == [second]
    for other in (Person("slack", "local", "ana"), Person("terminal", "T2", "ana")):
        assert people.history(other) == []


def test_whoever_is_forgotten_leaves_nothing_and_others_keep_theirs(engine: Engine) -> None:
    turns, feedback, posts = Turns(engine), Feedback(engine), Posts(engine)
    hers, _ = turns.insert(asked_by("ana"))
    his, _ = turns.insert(asked_by("ben"))
    claim = turns.claim(hers, "worker")
    assert claim is not None
    turns.save_answer(claim, an_answer())
    turns.close(claim, Outcome.ANSWERED)
    posts.post(claim.question.address, hers, {"text": "Under the mat."})
    posts.post(claim.question.address, his, {"text": "In the shed."})
    feedback.record(hers, "ben", 1)
    feedback.record(his, "ana", -1, "wrong")
    feedback.record(his, "ben", 1)
    assert People(engine).forget(ANA) == 1
    assert [turn.id for turn in turns.recent()] == [his]
    assert [vote.person for vote in feedback.of(his)] == ["ben"]
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM answers")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM feedback")).scalar_one() == 1
        assert connection.execute(text("SELECT key FROM posts")).scalars().all() == [his]


def test_the_open_turns_of_a_workspace_are_found(engine: Engine) -> None:
    turns = Turns(engine)
    here, _ = turns.insert(asked_by("ana"))
    ended, _ = turns.insert(asked_by("ana"))
    turns.withdraw(ended)
    assert [turn.id for turn in Threads(engine).unfinished("terminal", "local")] == [here]
    assert Threads(engine).unfinished("terminal", "other") == []


def test_questions_from_before_have_their_askers_too(url: str, tmp_path: Path) -> None:
    engine = connect(make_url(url), wait=5)
    with writing(engine) as connection:
        script = configuration()
        script.attributes["connection"] = connection
        command.upgrade(script, "0005")
        question = asked_by("ana")
        row = {**question.key.model_dump(), "question": question.model_dump_json()}
        row |= dict.fromkeys(("id", "thread", "state", "worker", "error"), "T")
        row |= dict.fromkeys(("attempt", "forgiven", "due_at", "enqueued_at", "received_at"), 0)
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO turns ({names}) VALUES ({values})"), row)
    run(engine)
    assert [each.turn_id for each in People(engine).history(ANA)] == ["T"]
    engine.dispose()
