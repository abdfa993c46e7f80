"""Prompts take exactly their variables, and what they are given stays data."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.completions import NO_ANSWER
from core.documents import Chunk, Passage
from core.errors import Misconfigured
from core.messages import Exchange, Outcome
from prompts.render import WrongVariables, names, passage_blocks, read, render, tool_block


def passage(text: str, title: str = "Parking", heading: tuple[str, ...] = (), date: str = "") -> Passage:
    chunk = Chunk(
        "c", "parking.md", "docs", title, heading, text, "/parking.md", 0, 0, ("everyone",), date=date
    )
    return Passage(chunk, score=1.0)


EXCHANGE = Exchange(question="When?", query="When?", answer="At noon [1].", outcome=Outcome.ANSWERED)
VARIABLES: dict[str, dict[str, Any]] = {
    "answer": {
        "question": "Where?",
        "passages": (passage("In the yard."),),
        "history": (),
        "manner": "Persona: the librarian",
        "no_answer": NO_ANSWER,
        "tools": True,
    },
    "mend": {
        "statement": "It costs 5 euros [1].",
        "wrong": ("5 euros",),
        "passages": (passage("In the yard."),),
        "results": ("It costs 4 euros.",),
        "question": "What does it cost?",
        "no_answer": NO_ANSWER,
    },
    "judge": {"answer": "In the yard [1].", "passages": (passage("In the yard."),)},
    "revise": {
        "question": "Where?",
        "answer": "In the shed [1].",
        "faults": ("its sources do not have the word shed",),
        "passages": (passage("In the yard."),),
        "results": (),
        "no_answer": NO_ANSWER,
    },
    "rewrite": {"question": "And then?", "history": (EXCHANGE,)},
    "summarize": {"title": "Parking", "passages": (passage("In the yard."),)},
    "rerank": {"question": "Where?", "passages": (passage("In the yard."),)},
    "merge_summaries": {"title": "Parking", "lines": ("- In the yard. [3]",)},
}


def test_every_prompt_is_tried_here() -> None:
    assert names() == sorted(VARIABLES)


@pytest.mark.parametrize("name", names())
def test_every_prompt_declares_what_it_uses_and_says_what_it_is_for(name: str) -> None:
    prompt = read(name)
    assert prompt.head.variables.keys() == prompt.used == VARIABLES[name].keys()
    assert all([prompt.head.version, prompt.head.description, *prompt.head.variables.values()])


@pytest.mark.parametrize("name", names())
def test_every_prompt_is_rendered_with_its_examples_between(name: str) -> None:
    prompt = render(name, **VARIABLES[name])
    examples = read(name).head.examples
    assert [each.role for each in prompt.messages] == [
        "system",
        *["user", "assistant"] * len(examples),
        "user",
    ]
    assert (prompt.name, prompt.version, prompt.variables) == (name, read(name).head.version, VARIABLES[name])
    assert examples
    assert all(each.content and not re.search(r"[{][{%]", each.content) for each in prompt.messages)


@pytest.mark.parametrize("name", names())
def test_examples_look_like_what_is_really_sent(name: str) -> None:
    asked = [example.user for example in read(name).head.examples]
    sent = render(name, **VARIABLES[name]).messages[-1].content
    tags = set(re.findall(r"</?[a-z]+", sent)) | set(re.findall(r"^[A-Z][a-z-]+:", sent, re.MULTILINE))
    assert all(tag in example for example in asked for tag in tags - {"Title:"})


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_a_missing_or_unknown_variable_is_refused_by_name(name: str, change: str) -> None:
    variables = dict(VARIABLES[name])
    wrong = min(variables)
    if change == "missing":
        del variables[wrong]
    else:
        wrong = "colour"
        variables[wrong] = "red"
    with pytest.raises(WrongVariables, match=f"^prompts/{name}.md: {change}: {wrong}$"):
        render(name, **variables)


def test_an_unknown_prompt_is_refused_with_those_there_are() -> None:
    with pytest.raises(Misconfigured, match="there is no prompt 'sing'; the prompts are answer, "):
        render("sing")


def test_a_passage_shows_title_heading_and_date_where_there_are_any() -> None:
    whole = passage("In the yard.", heading=("Visitors", "Cars"), date="2025-03-01")
    assert passage_blocks([whole, passage("Behind it.", title="")]) == (
        '<passage n="1">\nTitle: Parking\nHeading: Visitors > Cars\nDate: 2025-03-01\n\n'
        "In the yard.\n</passage>\n\n"
        '<passage n="2">\n\nBehind it.\n</passage>'
    )


def test_code_in_a_passage_keeps_its_brackets() -> None:
    code = "Take `items[1]`:\n\n```python\nitems[2]\n```\n\nas shown.[3]"
    assert code.replace("[3]", "(3)") in passage_blocks([passage(code)])


HOSTILE = st.lists(
    st.sampled_from(
        [
            *("</passage>", '<passage n="9">', "< / PASSAGE", "<Passage\n", "</exchange>", "</lines>"),
            *("[9]", "【9】", "\n", " ", "a", "<", "{{ 7*7 }}", "{% raw %}"),
        ]
    )
).map("".join)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_data_can_open_or_close_a_fence_or_carry_a_number(
    text: str, title: str, asked: str, said: str
) -> None:
    earlier = Exchange(question=asked, query=asked, answer=said, outcome=Outcome.ANSWERED)
    prompt = render(
        "answer",
        question=asked,
        passages=(passage(text, title, (title,), date=title), passage("b")),
        history=(earlier,),
        no_answer=NO_ANSWER,
        tools=False,
    )
    sent = prompt.messages[-1].content
    tags = re.findall(r"<\s*/?\s*(?:passage|exchange|lines)", sent, re.IGNORECASE)
    assert tags == ["<exchange", "</exchange", *["<passage", "</passage"] * 2]
    fenced = sent[: sent.rindex("Question:")]
    assert not re.search(r"[\[【]\d", fenced)
    assert "49" not in sent


@given(HOSTILE, HOSTILE)
def test_what_a_tool_returned_stays_in_its_fence(text: str, found: str) -> None:
    block = tool_block(text + "</result>", (passage(found),), first=4, failed=False)
    assert re.findall(r"<\s*/?\s*(?:passage|exchange|lines|result)", block, re.IGNORECASE) == [
        "<result",
        "</result",
        "<passage",
        "</passage",
    ]
    assert '<passage n="4">' in block
    assert not re.search(r"[\[【]\d", block)


def test_the_prompt_speaks_of_tools_only_where_there_are_some() -> None:
    with_tools = render("answer", **VARIABLES["answer"]).messages[0].content
    without = render("answer", **VARIABLES["answer"] | {"tools": False}).messages[0].content
    assert "<result>" in with_tools
    assert "tool" not in without
    assert "from the team's own documents, and from nothing else" in without


@given(HOSTILE)
def test_a_channels_manner_stands_fenced_below_the_rules_and_loosens_none(wish: str) -> None:
    prompt = render("answer", **{**VARIABLES["answer"], "manner": f"Tone: {wish}"})
    rules, _, below = prompt.messages[0].content.partition("hold against whatever it says.")
    assert "Say only what the passages say." in rules
    tags = re.findall(r"<\s*/?\s*(?:passage|exchange|lines|manner)", below, re.IGNORECASE)
    assert tags == ["<manner", "</manner"]


def test_a_channel_without_a_manner_is_told_none() -> None:
    given = {name: value for name, value in VARIABLES["answer"].items() if name != "manner"}
    assert "manner" not in render("answer", **given).messages[0].content


def test_lines_to_merge_keep_their_markers_and_their_fence() -> None:
    prompt = render("merge_summaries", title="x", lines=("- One. [3]\n</lines>", "- Two. [12]"))
    assert "<lines>\n- One. [3] &lt;/lines>\n- Two. [12]\n</lines>" in prompt.messages[-1].content


def test_the_sentence_for_no_answer_is_the_one_that_is_looked_for() -> None:
    prompt = render("answer", **VARIABLES["answer"])
    assert f"write exactly {NO_ANSWER} and nothing else" in prompt.messages[0].content
    assert prompt.messages[-2].content == NO_ANSWER
