"""The tool that reads one web page of the hosts that the settings list."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from core.documents import Document, Passage
from core.messages import EVERYONE, Frozen
from core.settings import Settings
from core.tools import ToolContext, ToolResult
from retrieval.chunker import chunk
from retrieval.loaders import Skipped
from retrieval.sources.fetcher import Fetcher, FetcherSettings, Unfetched
from retrieval.sources.parser import Parser, ParserSettings
from retrieval.sources.revisits import Revisits
from retrieval.sources.web import Reading, read_page
from workers.bounded import plain
from workers.failures import Down, Refused
from workers.tools import Own, Parts, Supply
from workers.tools._function import Function

_SOURCE = "tool:read_page"


class PageSettings(Settings):
    """Which pages `read_page` may read."""

    read_page_hosts: str = Field(
        default="",
        description="Hosts whose pages the tool `read_page` may read, with commas between them; "
        "`.example.com` means its subdomains. Empty: no such tool.",
    )

    def may_read(self, host: str) -> bool:
        """Whether a host is among them."""
        return any(
            host == allowed or (allowed.startswith(".") and host.endswith(allowed)) for allowed in self.hosts
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts, as the setting has them."""
        return tuple(filter(None, (host.strip().lower() for host in self.read_page_hosts.split(","))))


class PageArguments(Frozen):
    """What is read."""

    url: str = Field(pattern=r"^https?://", max_length=2000, description="The page's full URL.")


class ReadPage(Function[PageArguments]):
    """One page, read as ingestion would read it, and kept nowhere."""

    name = "read_page"
    arguments = PageArguments

    def __init__(self, settings: PageSettings, fetching: FetcherSettings) -> None:
        self._settings = settings
        self._fetching = fetching
        self.description = (
            "Reads one web page or file whose URL the question or a passage names. Hosts that may be read: "
            f"{', '.join(settings.hosts)}"
        )

    def run(self, arguments: PageArguments, context: ToolContext) -> ToolResult:
        """Fetch the page and give its passages, from its beginning."""
        with (
            Parser(ParserSettings()) as parser,
            Fetcher(
                self._fetching, hosts=self._settings.may_read, seconds=context.deadline.remaining()
            ) as fetcher,
        ):
            reading = Reading(_SOURCE, (EVERYONE,), parser, fetcher, Revisits())
            try:
                found = list(read_page(arguments.url, reading))
            except Unfetched as error:
                failure = Down if error.keep else Refused
                raise failure(f"The page cannot be read: {error}.") from None
        passages = [
            Passage(each, 1.0)
            for document in found
            if isinstance(document, Document)
            for each in chunk(_plain(document))
        ]
        if not passages:
            reasons = [each.reason for each in found if isinstance(each, Skipped)]
            raise Refused(f"The page cannot be read: {(*reasons, 'it has no text')[0]}.")
        return ToolResult(f"The page has {len(passages)} passages.", passages=tuple(passages))


def _plain(document: Document) -> Document:
    """The document without hidden characters and secrets, whose underscores Markdown would have escaped."""
    return replace(document, title=plain(document.title), text=plain(document.text.replace("\\_", "_")))


def supplies(parts: Parts) -> Sequence[Supply]:  # noqa: ARG001 - the page comes from outside
    """The tool, where hosts are set."""
    settings = PageSettings()
    return (Own(ReadPage(settings, FetcherSettings())),) if settings.hosts else ()
