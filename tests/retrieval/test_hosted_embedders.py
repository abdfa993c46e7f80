"""One contract for every embedder, and what hosted ones do when their server fails."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from core import plugins
from core.errors import CandorError, IndexUnavailable, Misconfigured
from core.settings import HomeSettings
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder
from retrieval.embedders._pieces import WINDOW, windows
from retrieval.embedders.cohere import BATCH as COHERE_BATCH
from retrieval.embedders.openai import BATCH as OPENAI_BATCH
from tests.servers.cohere_server import CohereServer
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripted_http import ScriptedServer
from tests.servers.scripts import Fail, Raw, Say

KEY = "sk-scripted-0123456789abcdef"
SOON = {"retry-after-ms": "1"}
TEXTS = [
    "How many days of holiday may I carry over?",
    "Staff may carry over five days of holiday into the next year.",
    "Grüße aus Zürich, 東京 and 🙂",
    "",
]


class Hosted:
    """A provider's embedder on a scripted server."""

    def __init__(self, provider: str, server: ScriptedServer) -> None:
        self.provider = provider
        self.server = server

    def open(self, model: str = "scripted-embedder", dimensions: int = 0) -> Embedder:
        settings = EmbedderSettings(embedder=f"{self.provider}:{model}", embedder_dimensions=dimensions)
        embedder = open_embedder(settings, HomeSettings(home=Path("unused")))
        assert embedder is not None
        return embedder

    @property
    def batches(self) -> list[list[str]]:
        name = "texts" if self.provider == "cohere" else "input"
        return [request.body[name] for request in self.server.requests]


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["cohere", "openai"])
def hosted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    provider: str = request.param
    with CohereServer(key=KEY) if provider == "cohere" else OpenAIServer(key=KEY) as server:
        monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("CANDOR_COHERE_BASE_URL", server.url)
        monkeypatch.setenv("CANDOR_OPENAI_API_KEY", KEY)
        monkeypatch.setenv("CANDOR_COHERE_API_KEY", KEY)
        yield Hosted(provider, server)


@pytest.fixture(params=["packaged", "cohere", "openai"])
def member(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedder]:
    if request.param == "packaged":
        yield request.getfixturevalue("packaged")
        return
    with CohereServer() if request.param == "cohere" else OpenAIServer() as server:
        monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("CANDOR_COHERE_BASE_URL", server.url)
        yield Hosted(request.param, server).open()


class TestEmbedder:
    def test_vectors_have_their_shape_and_length_one(self, member: Embedder) -> None:
        for vectors in (member.embed_documents(TEXTS), member.embed_queries(TEXTS)):
            assert vectors.dtype == np.float32
            assert vectors.shape == (len(TEXTS), member.dimensions)
            assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)

    def test_no_texts_have_no_vectors(self, member: Embedder) -> None:
        assert member.embed_documents([]).shape == (0, member.dimensions)

    def test_a_vector_does_not_depend_on_its_company(self, member: Embedder) -> None:
        together = member.embed_documents([*TEXTS, "word " * 3000])
        alone = np.concatenate([member.embed_documents([text]) for text in TEXTS])
        assert together[: len(TEXTS)] == pytest.approx(alone, abs=1e-6)

    def test_texts_with_the_same_meaning_are_near_each_other(self, member: Embedder) -> None:
        query = member.embed_queries([TEXTS[0]])[0]
        near, far = member.embed_documents([TEXTS[1], "The printer is out of toner."])
        assert query @ near > query @ far

    def test_the_end_of_a_long_text_counts(self, member: Embedder) -> None:
        filler = "Minutes of a meeting about nothing in particular. " * 60
        end = "The password of the printer is changed each spring. " * 20
        with_end, without = member.embed_documents([filler + end, filler])
        query = member.embed_queries(["When does the printer's password change?"])[0]
        assert query @ with_end > query @ without

    def test_its_name_says_member_and_model(self, member: Embedder) -> None:
        family, _, model = member.name.partition(":")
        assert family in plugins.members("retrieval.embedders")
        assert model


def test_texts_go_out_in_batches_and_come_back_in_their_order(hosted: Hosted) -> None:
    texts = [f"Text number {number} of many" for number in range(300)]
    embedder = hosted.open()
    vectors = embedder.embed_documents(texts)
    most = COHERE_BATCH if hosted.provider == "cohere" else OPENAI_BATCH
    sizes = [len(batch) for batch in hosted.batches]
    assert sizes == [most] * (300 // most) + [300 % most]
    assert vectors[::50] == pytest.approx(embedder.embed_documents(texts[::50]), abs=1e-6)


def test_dimensions_are_asked_for_where_they_are_set_and_asked_once_where_not(hosted: Hosted) -> None:
    assert hosted.open(dimensions=64).dimensions == 64
    assert hosted.server.requests == []
    assert hosted.open(dimensions=64).embed_queries(["Where?"]).shape == (1, 64)
    embedder = hosted.open()
    assert embedder.dimensions == embedder.dimensions > 64
    assert len(hosted.server.requests) == 2


def test_cohere_is_told_what_is_a_query(monkeypatch: pytest.MonkeyPatch) -> None:
    with CohereServer() as server:
        monkeypatch.setenv("CANDOR_COHERE_BASE_URL", server.url)
        embedder = Hosted("cohere", server).open()
        embedder.embed_documents(["A page."])
        embedder.embed_queries(["A question?"])
        kinds = [request.body["input_type"] for request in server.requests]
    assert kinds == ["search_document", "search_query"]


def test_a_batch_is_sent_again_after_a_passing_failure(hosted: Hosted) -> None:
    hosted.server.script(Fail(429, headers=SOON), Fail(503, headers=SOON))
    assert hosted.open().embed_documents(["A page."]).shape[0] == 1
    assert len(hosted.server.requests) == 3


@pytest.mark.parametrize(
    ("steps", "error", "says"),
    [
        ([Fail(500, headers=SOON)] * 2, IndexUnavailable, "BASE_URL: .* answered 500"),
        ([Fail(429, headers=SOON)] * 2, IndexUnavailable, "BASE_URL: .* answered 429"),
        ([Fail(400, "too many dimensions")], Misconfigured, "CANDOR_EMBEDDER: .*too many dimensions"),
        ([Raw(b"no json")], IndexUnavailable, "BASE_URL: .* does not keep its protocol"),
        ([Raw(b"{}")], IndexUnavailable, "BASE_URL"),
        ([Say(breaks="cut")] * 2, IndexUnavailable, "BASE_URL: .* does not answer"),
    ],
)
def test_a_failing_server_becomes_an_error_of_ours(
    hosted: Hosted, steps: list[Fail | Raw | Say], error: type[CandorError], says: str
) -> None:
    hosted.server.script(*steps)
    with pytest.raises(error, match=says) as caught:
        hosted.open().embed_queries(["Where?"])
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_wrong_key_and_an_unknown_model_name_their_settings(hosted: Hosted) -> None:
    with pytest.raises(Misconfigured, match=r"CANDOR_EMBEDDER: .*404"):
        hosted.open("nonesuch").embed_queries(["Where?"])
    hosted.server.key = "another"
    with pytest.raises(Misconfigured, match=f"CANDOR_{hosted.provider.upper()}_API_KEY: .*401"):
        hosted.open().embed_queries(["Where?"])


def test_vectors_that_are_too_few_are_nonsense(hosted: Hosted) -> None:
    body = {
        "cohere": b'{"id": "1", "embeddings": {"float": [[1, 0]]}, "response_type": "embeddings_by_type"}',
        "openai": b'{"object": "list", "model": "m", "data": [{"index": 0, "embedding": [1, 0]}]}',
    }[hosted.provider]
    hosted.server.script(Raw(body))
    with pytest.raises(IndexUnavailable, match=r"BASE_URL: .* gave vectors of shape"):
        hosted.open().embed_documents(["one", "two"])


@pytest.mark.parametrize("provider", ["cohere", "openai"])
def test_without_a_key_or_a_model_the_setting_is_named(tmp_path: Path, provider: str) -> None:
    home = HomeSettings(home=tmp_path)
    with pytest.raises(Misconfigured, match=f"CANDOR_{provider.upper()}_API_KEY"):
        open_embedder(EmbedderSettings(embedder=f"{provider}:model"), home)
    with pytest.raises(Misconfigured, match="CANDOR_EMBEDDER: name"):
        open_embedder(EmbedderSettings(embedder=provider), home)


def test_a_package_that_is_not_installed_is_named_with_the_way_to_install_it() -> None:
    with pytest.raises(Misconfigured, match=r"CANDOR_EMBEDDER: .* nonesuch .* pip install '\.\[nonesuch\]'"):
        plugins.optional("nonesuch", setting="CANDOR_EMBEDDER")


def test_fastembed_needs_the_name_of_a_model(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="CANDOR_EMBEDDER: name the model, such as fastembed:"):
        open_embedder(EmbedderSettings(embedder="fastembed"), HomeSettings(home=tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "short",
        "word " * 2000,
        "x" * (3 * WINDOW + 1),
        "a" * WINDOW,
        "\n".join(["line of text"] * 900),
    ],
)
def test_windows_hold_every_word_and_none_is_longer_than_allowed(text: str) -> None:
    found = windows(text, WINDOW)
    assert found
    assert all(0 < len(window) <= WINDOW for window in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize("make", [lambda: "word " * 900, lambda: "line of text\n" * 400])
def test_windows_cut_no_word(make: Callable[[], str]) -> None:
    text = make()
    assert [word for window in windows(text, WINDOW) for word in window.split()] == text.split()
