"""Attachments: files that came with a question, read for that question alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pydantic import Field

from core.deadline import Deadline
from core.documents import Chunk, Document, Passage
from core.errors import Unavailable
from core.messages import File, Question
from core.progress import Progress
from core.settings import Settings
from core.transcripts import Attachment, Channels, NotFetched
from retrieval import chunker
from retrieval.loaders import MEDIA_TYPES, SUFFIXES, Skipped, UnreadableError
from retrieval.ranking import Ranking
from retrieval.sources.documents import Origin, documents
from retrieval.sources.parser import Parser, ParserSettings
from workers.answering.abstention import named
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.conclusion import Conclusion

_MEGABYTE = 1024 * 1024
# Chunks of all files together that are ranked; a longer file is read from its beginning.
_MOST_CHUNKS = 400
# Of the time and of the context that there is, so that search and the model have theirs.
_SHARE_OF_TIME = 0.5
_SHARE_OF_CONTEXT = 2 / 3
_KINDS = {"image": "pictures are not read", "audio": "sound is not read", "video": "films are not read"}


class AttachmentSettings(Settings):
    """How much of what is attached to a question is read."""

    attached_files: int = Field(
        default=5, ge=0, description="Most files of one question that are read; 0 reads none."
    )
    attached_mb: int = Field(default=20, ge=1, description="Megabytes of the largest attached file.")
    attached_seconds: float = Field(
        default=20.0, gt=0, description="Seconds that fetching and reading all files of a question may take."
    )


@dataclass(frozen=True, slots=True)
class Attached:
    """What was read of a question's files: their chunks in order, and what was not read, with the reason."""

    chunks: tuple[Chunk, ...] = ()
    unread: tuple[str, ...] = ()


def read(
    question: Question,
    channels: Mapping[str, Channels],
    settings: AttachmentSettings,
    progress: Progress,
    deadline: Deadline,
) -> Attached:
    """Fetch and parse the files of a question. What cannot be read is named and costs nothing else.

    Their readers are the audience of this question, which sees the files where they were attached.
    """
    if not question.files:
        return Attached()
    progress.status("Reading the file" if len(question.files) == 1 else "Reading the files")
    until = Deadline(min(settings.attached_seconds, deadline.remaining() * _SHARE_OF_TIME))
    platform = channels.get(question.address.platform)
    chunks: list[Chunk] = []
    unread: list[str] = []
    limits = ParserSettings()
    with Parser(limits) as parser:
        for number, file in enumerate(question.files):
            if number >= settings.attached_files:
                unread.append(f"{named(file.name)}: no more than {settings.attached_files} files are read")
                continue
            try:
                parser.settings = limits.model_copy(
                    update={"parse_seconds": min(limits.parse_seconds, max(1.0, until.remaining()))}
                )
                fetched = _fetch(question, file, platform, settings, until)
                found = _chunks(file, fetched, question.audience.groups, parser)
            except (NotFetched, UnreadableError) as error:
                unread.append(f"{named(file.name or 'a file')}: {error}")
                continue
            if len(chunks) + len(found) > _MOST_CHUNKS:
                unread.append(f"{named(fetched.name)}: only its beginning is read, since it is very long")
            chunks.extend(found[: _MOST_CHUNKS - len(chunks)])
    return Attached(tuple(chunks), tuple(unread))


def rank(query: str, attached: Attached, ranking: Ranking, settings: AnsweringSettings) -> list[Passage]:
    """The passages of the files that fit the query best, best first: the larger part of the context."""
    chosen: list[Passage] = []
    most = max(1, int(settings.context_passages * _SHARE_OF_CONTEXT))
    left = int(settings.context_tokens * _SHARE_OF_CONTEXT)
    for passage in ranking.rank(query, attached.chunks):
        left -= tokens(passage.chunk.text)
        if chosen and (left < 0 or len(chosen) == most):
            break
        chosen.append(passage)
    return chosen


def name_unread(end: Conclusion, attached: Attached) -> Conclusion:
    """Say below the answer which files were not read, and why."""
    if not attached.unread:
        return end
    listed = "\n".join(f"- {each}" for each in attached.unread)
    return replace(end, text=f"{end.text}\n\nNot read:\n\n{listed}")


def _fetch(
    question: Question, file: File, platform: Channels | None, settings: AttachmentSettings, until: Deadline
) -> Attachment:
    if platform is None:
        raise NotFetched("files are not read here")
    if file.name and file.media_type:
        _member(file.name, file.media_type)  # what would not be read is not even fetched
    most = settings.attached_mb * _MEGABYTE
    if file.size > most:
        raise NotFetched(f"it is larger than {settings.attached_mb} MB")
    if not until.remaining():
        raise NotFetched("there was no time left for it")
    try:
        return platform.fetch(question.address, file, most=most, seconds=until.remaining())
    except Unavailable:
        raise NotFetched("it could not be fetched just now") from None


def _member(name: str, media_type: str) -> str:
    """Which loader reads a file: by its suffix, else by its type.

    Raises:
        NotFetched: none does.
    """
    kind = media_type.partition(";")[0].strip().casefold()
    member = SUFFIXES.get(PurePosixPath(name).suffix.casefold()) or MEDIA_TYPES.get(kind)
    if member is None and kind.startswith("text/"):
        member = "text"
    if member is None:
        reason = _KINDS.get(kind.partition("/")[0], "files of this kind are not read")
        raise NotFetched(reason)
    return member


def _chunks(file: File, fetched: Attachment, groups: Sequence[str], parser: Parser) -> list[Chunk]:
    found = parser.parse(_member(fetched.name, fetched.media_type), fetched.data)
    origin = Origin(fetched.name, f"attached-{file.id}", file.url, tuple(groups))
    read = list(documents(found, origin))
    reasons = [item.reason for item in read if isinstance(item, Skipped)]
    chunks = [
        replace(chunk, title=_title(fetched.name, item), link=file.url)
        for item in read
        if not isinstance(item, Skipped)
        for chunk in chunker.chunk(item)
    ]
    if not chunks:
        raise NotFetched(reasons[0] if reasons else "it has no text")
    return chunks


def _title(name: str, item: Document) -> str:
    """The file's name, by which the asker knows it; of a table's row what names the row, too."""
    return f"{name}: {item.title}" if item.fields else name
