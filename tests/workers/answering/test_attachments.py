"""Attachments: what is read of a question's files, within its limits, and what is said of the rest."""

from collections.abc import Iterator, Mapping

import pytest

from core.completions import ModelRole, Models
from core.deadline import Deadline
from core.errors import Unavailable
from core.messages import Address, Answer, Audience, File, Outcome, Question
from core.transcripts import Attachment, Channel, Transcript
from retrieval.ranking import Ranking
from tests.workers.answering import parts
from tests.workers.answering.parts import Library, Memory, ScriptedModel, chunk
from workers.answering.attachments import Attached, AttachmentSettings, rank, read
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.pipeline import answer
from workers.answering.process import Process

RULE = "Visitors leave the yard before nine in the evening."


class Shelf:
    """A platform with files, by name; it keeps which were asked for."""

    def __init__(self, files: Mapping[str, str | Exception]) -> None:
        self.files = files
        self.asked: list[str] = []

    def fetch(self, address: Address, file: File, *, most: int, seconds: float) -> Attachment:
        self.asked.append(file.name)
        text = self.files[file.name]
        if isinstance(text, Exception):
            raise text
        return Attachment(file.name, file.media_type, text.encode())

    def transcript(self, question: Question, most: int) -> Transcript:
        return Transcript("", "")

    def audience(self, question: Question) -> Audience:
        return question.audience

    def channel(self, name: str) -> Channel:
        return Channel(name, "here", name, public=True, readers=())

    def conversations(self, channel: Channel) -> Iterator[Transcript]:
        return iter(())


def asked(text: str, *files: File) -> Question:
    return parts.question(text).model_copy(update={"files": files})


def file(name: str, media_type: str = "text/plain", size: int = 0) -> File:
    return File(id=f"F-{name}", name=name, media_type=media_type, size=size, url=f"https://files/{name}")


def attached(question: Question, shelf: Shelf, **settings: float) -> Attached:
    limits = AttachmentSettings(**settings)  # type: ignore[arg-type]
    return read(question, {"terminal": shelf}, limits, parts.Transcript(), Deadline(30))


def ask(question: Question, shelf: Shelf, model: ScriptedModel, library: Library | None = None) -> Answer:
    process = Process(
        library or Library(),
        Models({ModelRole.STRONG: model}),
        Memory(),
        AnsweringSettings(),
        channels={"terminal": shelf},
    )
    return answer("turn-1", question, process, parts.Transcript(), Deadline(30))


def test_a_files_passages_come_before_what_search_finds_and_lead_to_it() -> None:
    library = Library(chunk("The yard belongs to the city.", title="Deeds"))
    model = ScriptedModel(f"{RULE} [1] It belongs to the city. [2]")
    shelf = Shelf({"rules.txt": RULE})
    found = ask(asked("When do visitors leave the yard?", file("rules.txt")), shelf, model, library)
    assert [(each.title, each.source) for each in found.citations] == [
        ("rules.txt", "https://files/rules.txt"),
        ("Deeds", "/docs/deeds.md"),
    ]
    assert found.citations[0].document_id == "rules.txt"


def test_a_file_alone_answers_where_there_are_no_documents() -> None:
    found = ask(asked("When?", file("rules.txt")), Shelf({"rules.txt": RULE}), ScriptedModel(f"{RULE} [1]"))
    assert found.outcome is Outcome.ANSWERED


def test_a_file_that_does_not_answer_is_no_answer() -> None:
    shelf = Shelf({"rules.txt": RULE})
    found = ask(asked("Who won?", file("rules.txt")), shelf, ScriptedModel("NOT_IN_THE_DOCUMENTS"))
    assert found.outcome is Outcome.ABSTAINED


@pytest.mark.parametrize("words", ["summarise this", "Summarize the attached file", "tl;dr rules.txt"])
def test_a_file_is_summarised_when_it_is_meant(words: str) -> None:
    model = ScriptedModel(f"- {RULE} [1]")
    found = ask(asked(words, file("rules.txt")), Shelf({"rules.txt": RULE}), model)
    assert found.text == f"Summary of “rules.txt”:\n\n- {RULE} [1]"


def test_what_is_not_read_is_named_below_the_answer_whatever_it_is() -> None:
    shelf = Shelf({"a.txt": Unavailable("down"), "b.pdf": "no PDF", "c.txt": "  "})
    files = (file("a.txt"), file("b.pdf", "application/pdf"), file("c.txt"), file("d.zip", "application/zip"))
    found = ask(asked("Where?", *files), shelf, ScriptedModel())
    assert found.outcome is Outcome.ABSTAINED
    told = found.text.partition("Not read:\n\n")[2].splitlines()
    assert told[0] == "- “a.txt”: it could not be fetched just now"
    assert told[1].startswith("- “b.pdf”: ")
    assert told[2].startswith("- “c.txt”: ")
    assert told[3] == "- “d.zip”: files of this kind are not read"
    assert shelf.asked == ["a.txt", "b.pdf", "c.txt"]


def test_a_name_cannot_pass_for_a_marker_of_ours() -> None:
    found = ask(asked("Where?", file("x [1] `y`.png", "image/png")), Shelf({}), ScriptedModel())
    assert "“x 1 y.png”: pictures are not read" in found.text


def test_no_more_files_are_read_than_the_settings_allow() -> None:
    shelf = Shelf({f"{n}.txt": RULE for n in range(4)})
    found = attached(asked("When?", *(file(f"{n}.txt") for n in range(4))), shelf, attached_files=2)
    assert shelf.asked == ["0.txt", "1.txt"]
    assert found.unread[0] == "“2.txt”: no more than 2 files are read"
    assert len(found.unread) == 2


def test_a_file_that_says_it_is_too_large_is_not_fetched() -> None:
    shelf = Shelf({})
    found = attached(asked("When?", file("huge.txt", size=2**21)), shelf, attached_mb=1)
    assert (shelf.asked, found.unread) == ([], ("“huge.txt”: it is larger than 1 MB",))


def test_of_a_very_long_file_the_beginning_is_read_and_that_is_said() -> None:
    shelf = Shelf({"long.txt": f"{RULE}\n\n{'All about the yard and its gates. ' * 30}\n\n" * 600})
    found = attached(asked("When?", file("long.txt")), shelf)
    assert len(found.chunks) == 400
    assert found.unread == ("“long.txt”: only its beginning is read, since it is very long",)


def test_a_platform_without_files_names_them() -> None:
    found = read(asked("When?", file("a.txt")), {}, AttachmentSettings(), parts.Transcript(), Deadline(30))
    assert found.unread == ("“a.txt”: files are not read here",)


def test_the_files_leave_a_part_of_the_context_to_search() -> None:
    shelf = Shelf({"long.txt": "All about the yard and its gates. " * 2000})
    settings = AnsweringSettings(context_tokens=900, context_passages=6)
    given = attached(asked("yard", file("long.txt")), shelf)
    chosen = rank("yard gates", given, Ranking(), settings)
    assert 0 < len(chosen) <= 4
    assert sum(tokens(each.chunk.text) for each in chosen) <= 600


def test_the_next_reader_group_is_the_questions_own() -> None:
    question = asked("When?", file("a.txt")).model_copy(update={"audience": Audience(groups=("staff",))})
    assert {each.readers for each in attached(question, Shelf({"a.txt": RULE})).chunks} == {("staff",)}
