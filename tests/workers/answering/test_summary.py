"""Summaries: every line is linked to what it rests on."""

import re

from core.completions import Completion, StopReason
from core.messages import Answer, Outcome, Task
from tests.workers.answering.parts import (
    Library,
    Memory,
    ScriptedModel,
    Transcript,
    ask,
    chunk,
    exchange,
    question,
)
from workers.answering.budget import AnsweringSettings
from workers.answering.conclusion import REFUSED

TOPICS = ("gates", "badges", "lifts", "lamps", "stairs", "doors")
LONG = Library(
    *(
        chunk(
            f"The {topic} are checked each morning. " + f"Filler about {topic} follows here. " * 20,
            title="House rules",
            document="rules.md",
            position=at,
            heading=(topic,),
        )
        for at, topic in enumerate(TOPICS)
    )
)


def summary(
    model: ScriptedModel, library: Library = LONG, *, subject: str = "rules.md", windows: int = 12
) -> Answer:
    settings = AnsweringSettings(summary_window_tokens=400, summary_windows=windows)
    return ask(question("", task=Task.SUMMARIZE, subject=subject), library, model, settings=settings)


def lines(answer: Answer) -> list[str]:
    return [line for line in answer.text.splitlines() if line.startswith("- ")]


def test_windows_are_summarised_and_merged_with_their_sources() -> None:
    model = ScriptedModel(
        "- Gates are checked each morning. [1]\n- Badges too. [2]",
        "- Lifts are checked each morning. [1]\n- Lamps too. [2]",
        "- Stairs and doors are checked. [1][2]",
        "- Lifts are checked each morning. [3]\n- Stairs and doors are checked. [5][6]",
    )
    answer = summary(model)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith("Summary of “House rules”:\n\n- ")
    assert lines(answer) == [
        "- Lifts are checked each morning. [1]",
        "- Stairs and doors are checked. [2][3]",
    ]
    assert [(each.n, each.heading) for each in answer.citations] == [
        (1, "lifts"),
        (2, "stairs"),
        (3, "doors"),
    ]
    assert answer.citations[0].quote == "The lifts are checked each morning."
    assert [each.prompt.name for each in model.requests] == ["summarize"] * 3 + ["merge_summaries"]
    assert "- Gates are checked each morning. [1]" in model.told()
    assert "- Lamps too. [4]" in model.told()
    assert [each.heading for each in answer.trace.candidates] == ["lifts", "stairs", "doors"]
    assert answer.trace.prompt_name == "summarize"


def test_a_line_without_a_true_source_is_dropped() -> None:
    library = Library(*(chunk(f"Rule {n} stands.", document="rules.md", position=n) for n in range(2)))
    model = ScriptedModel(
        "Here it is:\n- Rule 0 stands. [1]\n- Rule 9 stands. [9]\n- No source at all.\n- Rule 1. [2]"
    )
    answer = summary(model, library)
    assert lines(answer) == ["- Rule 0 stands. [1]", "- Rule 1. [2]"]
    assert len(model.requests) == 1


def test_a_merge_that_loses_the_sources_is_not_used() -> None:
    model = ScriptedModel(
        "- Gates. [1]", "- Lifts. [1]", "- Stairs. [1]", "All is checked. [44]\n- All. [44]"
    )
    assert lines(summary(model)) == ["- Gates. [1]", "- Lifts. [2]", "- Stairs. [3]"]


def test_what_was_left_out_is_said() -> None:
    model = ScriptedModel("- Gates. [1]", "- Lifts. [1]", "- Gates. [1]\n- Lifts. [3]")
    answer = summary(model, windows=2)
    assert answer.text.endswith("Left out, since it is too long: the last 2 of 6 passages, from “stairs” on.")
    assert len(model.requests) == 3


def test_a_footnote_in_a_quoted_sentence_is_no_source() -> None:
    library = Library(
        chunk("Rule one stands.", document="rules.md"),
        chunk("The gate was built early.[1]", document="rules.md", position=1),
    )
    answer = summary(ScriptedModel("- The gate was built early.[1] [2]"), library)
    assert lines(answer) == ["- The gate was built early. [1]"]
    assert [each.quote for each in answer.citations] == ["The gate was built early."]


def test_the_words_of_a_question_can_ask_for_it() -> None:
    transcript = Transcript()
    library = Library(chunk("Rule one stands.", title="House rules", document="rules.md"))
    answer = ask(
        "summarize house rules", library, ScriptedModel("- Rule one stands. [1]"), transcript=transcript
    )
    assert transcript.text == answer.text == "Summary of “House rules”:\n\n- Rule one stands. [1]"
    assert transcript.said == ["Reading part 1 of 1"]


def test_a_thread_is_summarised_from_its_exchanges() -> None:
    memory = Memory(
        exchange("Where to park?", "In the yard [1]."), exchange("Until when?", "Until 17:30 [3].")
    )
    model = ScriptedModel("- Parking is in the yard. [1]\n- It closes at 17:30. [2]")
    answer = ask(question("", task=Task.SUMMARIZE), Library(), model, memory=memory)
    assert lines(answer) == ["- Parking is in the yard. [1]", "- It closes at 17:30. [2]"]
    assert [(each.title, each.heading, each.quote) for each in answer.citations] == [
        ("This conversation", "Question 1", "In the yard."),
        ("This conversation", "Question 2", "Until 17:30."),
    ]
    assert not re.search(r"\[\d\]", model.told())


def test_an_empty_thread_is_said_to_be_empty() -> None:
    answer = ask(question("", task=Task.SUMMARIZE), Library(), ScriptedModel())
    assert answer.outcome is Outcome.ABSTAINED
    assert answer.text == "There is nothing in this conversation yet that I could summarise."


def test_a_document_that_is_not_there_is_named_with_the_nearest() -> None:
    answer = summary(ScriptedModel(), subject="house guide")
    assert answer.outcome is Outcome.ABSTAINED
    assert (
        answer.text
        == "I don't know a document called “house guide” that I may read here. The nearest: “House rules”."
    )


def test_a_refused_summary_is_a_refusal() -> None:
    library = Library(chunk("Rule one stands.", document="rules.md"))
    answer = summary(ScriptedModel(Completion("No.", StopReason.REFUSAL)), library)
    assert (answer.outcome, answer.text) == (Outcome.REFUSED, REFUSED)


def test_a_line_that_was_cut_off_is_dropped() -> None:
    library = Library(chunk("Rule one stands. Rule two too.", document="rules.md"))
    model = ScriptedModel(Completion("- Rule one stands. [1]\n- Rule tw", StopReason.LENGTH))
    assert lines(summary(model, library)) == ["- Rule one stands. [1]"]


def test_a_line_with_a_figure_that_its_passage_does_not_have_is_left_out() -> None:
    library = Library(
        chunk("The gates open at 8:00 and close at 22:00. A badge costs 5 euros.", title="Rules")
    )
    model = ScriptedModel(
        "- The gates open at 8 am. [1]\n- A badge costs 6 euros. [1]\n- They close at 23:00. [1]"
    )
    answer = summary(model, library, subject="rules")
    assert lines(answer) == ["- The gates open at 8 am. [1]"]
    assert "lines with figures that rest on nothing, left out: 2" in answer.trace.notes
