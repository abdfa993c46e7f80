"""Questions and answers to write down."""

import itertools

from core.messages import Address, Answer, Asker, Outcome, Question, QuestionKey, Trace

_NUMBERS = itertools.count(1)


def a_question(text: str = "Where is the key?", *, thread: str = "t1", message: str = "") -> Question:
    """A question that nobody asked before, unless its message says otherwise."""
    message = message or f"m{next(_NUMBERS)}"
    place = {"platform": "terminal", "workspace": "local", "channel": "desk"}
    return Question(
        key=QuestionKey(**place, message=message),
        address=Address(**place, thread=thread, message=message),
        asker=Asker(id="u1"),
        text=text,
    )


def an_answer(
    text: str = "Under the mat. [1]", outcome: Outcome = Outcome.ANSWERED, query: str = ""
) -> Answer:
    return Answer(outcome=outcome, text=text, trace=Trace(query=query))


def a_reply(message: str = "p1") -> Address:
    return Address(platform="terminal", workspace="local", channel="desk", thread="t1", message=message)
