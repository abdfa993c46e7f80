"""The extractive model quotes what answers, to the letter, and says so when nothing does."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.completions import NO_ANSWER, CompletionRequest, Model, Prompt
from core.documents import Chunk, Passage
from core.errors import Misconfigured
from core.messages import Exchange, Outcome
from workers.models.extractive import create
from workers.models.extractive.answer import quotes
from workers.models.extractive.expectation import UNDECIDED, expectation, meets
from workers.models.extractive.support import rank
from workers.models.extractive.units import units
from workers.models.extractive.vectors import Vectors
from workers.models.extractive.words import asked, content, coverage, names, weights


class WordEmbedder:
    """Meaning as words alone: each word has its own of 512 directions. Counts what it embeds."""

    name = "words"
    dimensions = 512
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self._lock = Lock()

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            self.embedded += texts
        return self.embed_queries(texts)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.full((len(texts), self.dimensions), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content(text):
                vectors[row, crc32(word.encode()) % self.dimensions] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def passage(text: str, *, title: str = "Handbook", heading: tuple[str, ...] = ()) -> Passage:
    chunk = Chunk(
        id=str(crc32(text.encode())), document_id=title, source_id="s", title=title, heading=heading,
        text=text, link="/handbook.md", position=0, start=0, readers=("everyone",),
    )  # fmt: skip
    return Passage(chunk, 1.0)


OFFICE = passage(
    "The office is in Harbour Street. It opens at 8:30 on weekdays and closes at 19:00. "
    "On weekends the door stays locked. Ask Mara Lindqvist for a key card.",
    title="Office",
)
LEAVE = passage(
    "Every employee has 28 days of annual leave. Leave that is not taken by March lapses. "
    "Requests go to the team lead two weeks ahead.",
    title="Leave",
)
DEPLOY = passage(
    "# Deploying\n\nDeployments run from the main branch.\n\n"
    "To deploy the staging server, run this command:\n\n"
    "```sh\nmake stage\nmake smoke\n```\n\nRolling back takes these steps:\n\n- Open the release page.\n"
    "- Choose the previous release.\n- Press *Roll back*.\n\nThe pager is quiet on Sundays.",
    title="Deploying",
)
PASSAGES = [OFFICE, LEAVE, DEPLOY]


@pytest.fixture(params=["words alone", "with vectors"])
def model(request: pytest.FixtureRequest) -> Model:
    return create("", None if request.param == "words alone" else WordEmbedder())


def ask(model: Model, name: str, **variables: Any) -> str:
    pieces: list[str] = []
    request = CompletionRequest(Prompt(name, "1", (), variables))
    completion = model.complete(request, pieces.append)
    assert "".join(pieces) == completion.text == model.complete(request).text
    return completion.text


def quoted(text: str) -> str:
    """What stands in an answer's block quote, without its marker."""
    lines = [line.removeprefix(">").removeprefix(" ") for line in text.split("\n")]
    return "\n".join(lines).rsplit("[", 1)[0].strip()


class TestAnswer:
    @pytest.mark.parametrize(
        ("question", "number", "held"),
        [
            ("When does the office open on weekdays?", 1, "It opens at 8:30 on weekdays"),
            ("Who gives out a key card for the office?", 1, "Mara Lindqvist"),
            ("How many days of annual leave does an employee have?", 2, "28 days"),
            ("When does leave that is not taken lapse?", 2, "by March"),
        ],
    )
    def test_it_quotes_the_sentence_that_answers(
        self, model: Model, question: str, number: int, held: str
    ) -> None:
        text = ask(model, "answer", question=question, passages=PASSAGES, history=())
        assert text.startswith("> ")
        assert text.endswith(f"[{number}]")
        assert held in text
        assert quoted(text) in PASSAGES[number - 1].chunk.text

    def test_a_heading_speaks_for_what_stands_below_it_and_not_above(self, model: Model) -> None:
        hours = passage(
            "## When does the pool open?\n\nThe doors open at 6:00 on weekdays.\n\n"
            "## When does the sauna open?\n\nIt opens at 9:15, once it is hot.\n",
            title="Hours",
        )
        text = ask(model, "answer", question="When does the sauna open?", passages=[hours], history=())
        assert "9:15" in text
        assert "6:00" not in text

    def test_a_passage_s_first_heading_says_nothing_of_its_later_sections(self) -> None:
        doors = "The doors open at"
        club = passage(
            f"### Pool\n\n{doors} 6:00.\n\n#### Children\n\n{doors} 8:00.\n\n## Sauna\n\n{doors} 9:15.",
            heading=("Club", "Opening hours", "Pool"),
        )
        ranked = rank("When do the doors of the pool open?", [club], units([club]), None)
        scores = {each.unit.text.removeprefix(doors): each.score for each in ranked}
        assert scores[" 6:00."] > scores[" 9:15."]
        assert scores[" 8:00."] > scores[" 9:15."]

    @pytest.mark.parametrize("vectors", [None, Vectors(WordEmbedder())], ids=["words alone", "with vectors"])
    def test_a_section_under_the_very_question_answers_it_best(self, vectors: Vectors | None) -> None:
        page = passage(
            "## How do I get Candor into Slack?\n\nStart Candor here.\n\n"
            "## How do I start Candor?\n\nStart Candor there.\n"
        )
        best, other, *_ = rank("How do I start Candor?", [page], units([page]), vectors)
        assert best.unit.text == "Start Candor there."
        assert best.score > other.score

    @pytest.mark.parametrize(
        "question",
        [
            "Who won the chess tournament in Lisbon?",
            "What does the enterprise plan cost?",
            "How do I reset my VPN token?",
        ],
    )
    def test_it_says_so_when_the_passages_do_not_answer(self, model: Model, question: str) -> None:
        assert ask(model, "answer", question=question, passages=PASSAGES, history=()) == NO_ANSWER

    @pytest.mark.parametrize(
        "passages", [[], [passage("")], [passage("# Only a heading")], [passage("---\n\n...")]]
    )
    def test_passages_without_a_sentence_answer_nothing(self, model: Model, passages: list[Passage]) -> None:
        assert ask(model, "answer", question="Only a heading?", passages=passages, history=()) == NO_ANSWER

    def test_a_sentence_brings_the_code_that_it_announces(self, model: Model) -> None:
        text = ask(
            model, "answer", question="How do I deploy the staging server?", passages=PASSAGES, history=()
        )
        assert text == (
            "> To deploy the staging server, run this command:\n>\n"
            "> ```sh\n> make stage\n> make smoke\n> ```\n>\n> [3]"
        )

    def test_a_sentence_brings_the_list_that_it_announces(self, model: Model) -> None:
        text = ask(
            model, "answer", question="What steps does rolling back take?", passages=PASSAGES, history=()
        )
        assert text == (
            "> Rolling back takes these steps:\n>\n> - Open the release page.\n"
            "> - Choose the previous release.\n> - Press *Roll back*. [3]"
        )

    def test_a_long_list_is_cut_between_items_and_a_long_code_block_is_left_out(self, model: Model) -> None:
        items = "".join(f"- Item number {n} of the checklist is to be ticked.\n" for n in range(40))
        listed = passage(f"The travel checklist has these items:\n\n{items}")
        code = passage(
            "The travel checklist is printed by this program:\n\n```\n" + "print()\n" * 200 + "```"
        )
        question = "What is in the travel checklist?"
        text = ask(model, "answer", question=question, passages=[listed], history=())
        assert len(text) < 800
        assert text.count("\n> - ") > 3
        assert quoted(text) in listed.chunk.text
        assert "print()" not in ask(model, "answer", question=question, passages=[code], history=())

    def test_a_quote_never_holds_more_than_two_sentences_of_running_text(self, model: Model) -> None:
        text = ask(
            model, "answer", question="When does the office open on weekdays?", passages=[OFFICE], history=()
        )
        assert 1 <= sum(text.count(mark) for mark in (". ", ".\n")) <= 2

    def test_a_second_passage_is_quoted_when_it_answers_the_other_half(self, model: Model) -> None:
        backups = passage("Backups of the ledger are kept for ninety days.", title="Backups")
        logs = passage("Logs of the gateway are kept in Frankfurt.", title="Logs")
        text = ask(
            model,
            "answer",
            question="How long are backups of the ledger kept, and where are logs of the gateway kept?",
            passages=[backups, logs],
            history=(),
        )
        assert "> Backups of the ledger are kept for ninety days. [1]" in text.split("\n\n")
        assert "> Logs of the gateway are kept in Frankfurt. [2]" in text.split("\n\n")

    def test_vectors_are_left_out_where_search_left_its_dense_half_out(self) -> None:
        embedder = WordEmbedder()
        sparse = [Passage(each.chunk, 1.0, {"sparse": 3.0}) for each in PASSAGES]
        ask(
            create("", embedder), "answer", question="When does the office open?", passages=sparse, history=()
        )
        assert embedder.embedded == []

    def test_few_sentences_are_embedded_and_each_only_once(self) -> None:
        embedder = WordEmbedder()
        many = [passage(" ".join(f"Room {n}{m} has a screen." for m in range(20))) for n in range(8)]
        for _ in range(3):
            ask(
                create("", embedder), "answer", question="Which room has a screen?", passages=many, history=()
            )
        assert 0 < len(embedder.embedded) <= 3 * 12
        shared = Vectors(WordEmbedder())
        assert quotes("Which room has a screen?", many, shared) == quotes(
            "Which room has a screen?", many, shared
        )

    def test_a_passage_near_in_meaning_is_better_supported(self) -> None:
        question, vectors = "When does the office open?", Vectors(WordEmbedder())
        near, far = (
            [Passage(each.chunk, 1.0, {"dense": dense}) for each in PASSAGES] for dense in (0.7, 0.1)
        )
        assert quotes(question, near, vectors)[0].support > quotes(question, far, vectors)[0].support

    @given(st.text(max_size=60), st.lists(st.text(max_size=200), max_size=4))
    def test_any_text_in_any_script_is_quoted_to_the_letter(self, question: str, texts: list[str]) -> None:
        given_passages = [passage(text) for text in texts]
        for vectors in (None, Vectors(WordEmbedder())):
            for quote in quotes(question, given_passages, vectors):
                assert given_passages[quote.passage].chunk.text[quote.start : quote.end].strip()
                assert 0 <= quote.support <= 1


HISTORY = [
    Exchange(question="hi", query="hi", answer="", outcome=Outcome.ABSTAINED),
    Exchange(
        question="When is it open?",
        query="When is the office open?",
        answer="At 8:30.",
        outcome=Outcome.ANSWERED,
    ),
]


class TestRewrite:
    @pytest.mark.parametrize(
        "follow_up",
        [
            "and on weekends?",
            "What about holidays?",
            "why?",
            "How long?",
            "on Sundays?",
            "Who decides that?",
            "Does it close for lunch?",
            "Is there anything else about it?",
            "weekends?",
        ],
    )
    def test_a_follow_up_is_put_behind_the_last_query(self, model: Model, follow_up: str) -> None:
        assert (
            ask(model, "rewrite", question=follow_up, history=HISTORY)
            == f"When is the office open? {follow_up}"
        )

    @pytest.mark.parametrize(
        "question",
        [
            "How many days of annual leave are there?",
            "What is Candor?",
            "If a deployment fails, how do I roll it back?",
            "How do I stop the worker and restart it?",
            "Who approves travel this week?",
            "What is the tool that measures coverage?",
            "Parental leave in Sweden?",
        ],
    )
    def test_a_question_that_stands_alone_stays_as_it_is(self, model: Model, question: str) -> None:
        assert ask(model, "rewrite", question=question, history=HISTORY) == question

    def test_the_first_question_stays_as_it_is(self, model: Model) -> None:
        assert ask(model, "rewrite", question="and on weekends?", history=()) == "and on weekends?"


class TestSummaries:
    def test_lines_are_sentences_of_the_text_in_its_order_with_the_passage_they_stand_in(
        self, model: Model
    ) -> None:
        lines = ask(model, "summarize", title="Handbook", passages=PASSAGES).split("\n")
        numbers = [int(line.rsplit("[", 1)[1].rstrip("]")) for line in lines]
        assert 1 <= len(lines) <= 7
        assert numbers == sorted(numbers)
        for line, number in zip(lines, numbers, strict=True):
            sentence = line.removeprefix("- ").rsplit(" [", 1)[0]
            assert sentence in PASSAGES[number - 1].chunk.text

    def test_what_the_text_keeps_saying_is_kept_and_the_aside_is_not(self, model: Model) -> None:
        text = (
            "The gateway retries failed requests with a growing delay. Failed requests are retried by the "
            "gateway up to five times. The delay between retries of requests starts at one second. "
            "My cat likes warm windows very much. After five failed retries the gateway gives the request up."
        )
        summary = ask(model, "summarize", title="Gateway", passages=[passage(text)])
        assert "gateway" in summary
        assert "cat" not in summary

    def test_what_is_said_twice_is_kept_once(self, model: Model) -> None:
        same = passage("Visitors must always park in the north yard near the gate.")
        other = passage("Badges are returned at the front desk on leaving the building.")
        summary = ask(model, "summarize", title="Visits", passages=[same, same, other, other])
        assert summary.count("north yard") <= 1
        assert summary.count("front desk") <= 1
        assert summary.count("\n") <= 1

    def test_nothing_to_summarise_is_no_answer(self, model: Model) -> None:
        assert ask(model, "summarize", title="Empty", passages=[passage("# Only a heading")]) == NO_ANSWER
        assert ask(model, "merge_summaries", title="Empty", lines=[]) == NO_ANSWER

    def test_merging_keeps_ten_lines_unchanged_and_in_order(self, model: Model) -> None:
        topics = (
            "gate",
            "yard",
            "desk",
            "room",
            "lift",
            "door",
            "key",
            "badge",
            "lamp",
            "roof",
            "hall",
            "wall",
        )
        lines = [
            f"- Visitors of the {topic} sign a {topic}-{n} list there. [{n}]"
            for n, topic in enumerate(topics, 1)
        ]
        kept = ask(model, "merge_summaries", title="Visits", lines=lines).split("\n")
        assert len(kept) == 10
        assert [line for line in lines if line in kept] == kept


def test_other_prompts_need_a_language_model(model: Model) -> None:
    with pytest.raises(Misconfigured, match=r"'grade'.*CANDOR_MODEL_STRONG"):
        ask(model, "grade")


def test_it_has_no_wire(model: Model) -> None:
    assert model.name == "extractive"
    assert (model.capabilities.api, model.capabilities.tools) == ("none", True)


class TestWords:
    def test_forms_of_a_word_are_the_same_word(self) -> None:
        assert content("Deployments, deployed; a cat and the cats") == ["deplo", "deplo", "cat", "cat"]

    def test_scripts_without_spaces_are_counted_in_pairs(self) -> None:
        assert content("开门时间 at 9") == ["开门", "门时", "时间", "9"]

    def test_the_measure_that_a_question_asks_in_is_no_word_of_it(self) -> None:
        assert asked("How long is the long corridor?") == ["long", "corri"]
        assert asked("How often is it open?") == ["open"]

    def test_a_question_of_function_words_is_about_all_of_them(self) -> None:
        assert asked("Who is he?") == ["who", "is", "he"]

    def test_names_are_capitals_inside_a_question_and_numbers(self) -> None:
        assert names("When did Ada join in 2024?") == ["ada", "2024"]

    def test_a_rare_word_weighs_more_than_a_common_one(self) -> None:
        texts: list[frozenset[str]] = [frozenset({"open"}), frozenset({"open", "key"}), frozenset({"open"})]
        telling: Mapping[str, float] = weights(["open", "key", "moat"], texts)
        assert telling["open"] < telling["key"] < telling["moat"]
        assert coverage(telling, {"open", "key"}) + coverage(telling, {"moat"}) == pytest.approx(1)
        assert coverage({}, {"open"}) == 0


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("How many rooms are there?", "We have twelve of them.", "We have plenty of them."),
        ("When was it built?", "It was built in 1931.", "It was built by hand."),
        ("Who built it?", "It was built by Ada Byron.", "It was built by hand."),
        ("Why is it closed?", "It is closed because of rain.", "It is closed."),
        ("How do I open it?", "Use the small key.", "It is small."),
    ],
)
def test_a_sentence_meets_what_a_question_asks_for_or_not(question: str, yes: str, no: str) -> None:
    kind = expectation(question)
    assert meets(kind, yes, asked(question)) == 1
    assert meets(kind, no, asked(question)) == 0


def test_what_the_question_says_itself_is_no_answer_to_it() -> None:
    question = "What happened to whom in Lisbon?"
    assert meets(expectation(question), "We were in Lisbon.", asked(question)) == 0
    assert meets(expectation("Ist das so?"), "Ja.", []) == UNDECIDED
