"""Reranking: another look at what search found, before the context is chosen from it. It may fail."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from core import log, plugins
from core.background import in_background
from core.completions import Model, ModelRole, Models, StopReason
from core.deadline import Deadline
from core.documents import Passage
from core.errors import CandorError, Misconfigured, ModelUnavailable
from core.messages import Frozen
from core.vendors import CohereSettings
from prompts.render import render
from retrieval.access import Rights, allowed
from retrieval.rerankers import Choice, Reranker, RerankerSettings, choose
from retrieval.rerankers.listwise import Grade, ListwiseReranker
from workers.answering.calls import Calls
from workers.models import EXTRACTIVE, ModelSettings, open_model

_LOG = log.get(__name__)

_SETTING = "CANDOR_RERANKER"
_MOST_FAILURES = 3
_PAUSE_SECONDS = 60.0
# What a model writes for one passage, `{"id": 12, "grade": 10},`, with room to spare.
_TOKENS_PER_PASSAGE = 20

Making = Callable[[Calls, Deadline], Reranker]
"""Makes the reranker of one answer, which asks models through its calls and within its time."""


class GradedPassage(Frozen):
    """A model's verdict on the passage of this number: 10 answers the question, 0 is beside the point."""

    id: int
    grade: Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


class Ranking(Frozen):
    """Every passage once, the best first."""

    ranking: tuple[GradedPassage, ...]


@dataclass(frozen=True, slots=True)
class Reranked:
    """The passages as they now stand, best first; `notes` are for the trace."""

    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


class Reranking:
    """A reranker with a limit of time, which after some failures in a row is left alone for a while.

    Args:
        make: makes the reranker of one answer; None leaves everything in search's own order.
        settings: how much time there is, and for how many candidates.
    """

    def __init__(self, make: Making | None = None, settings: RerankerSettings | None = None) -> None:
        self._make = make
        self._settings = settings or RerankerSettings()
        self._counting = threading.Lock()
        self._failures = 0
        self._paused_until = 0.0

    @property
    def candidates(self) -> int:
        """How many passages search should find."""
        default: int = RerankerSettings.model_fields["reranker_candidates"].default
        return self._settings.reranker_candidates if self._make else default

    def rerank(self, query: str, passages: Sequence[Passage], calls: Calls) -> Reranked:
        """Rerank passages, or leave them as they are, with a note that says why. Never fails."""
        if self._make is None or not passages:
            return Reranked(tuple(passages))
        if time.monotonic() < self._paused_until:
            return self._skipped(passages, f"failed {_MOST_FAILURES} times in a row and pauses")
        reranker = self._make(calls, Deadline(self._settings.reranker_seconds))
        result = in_background("reranker", lambda: reranker.rerank(query, passages, len(passages)))
        try:
            ranked = result.result(self._settings.reranker_seconds)
        except TimeoutError:
            self._count(failed=True)
            return self._skipped(passages, f"was not done in {self._settings.reranker_seconds:g} seconds")
        except CandorError as error:
            self._count(failed=True)
            return self._skipped(passages, str(error))
        except Exception as error:  # noqa: BLE001  # the answer does not hang on a reranker, whatever it does
            self._count(failed=True)
            return self._skipped(passages, f"broke ({type(error).__name__})")
        self._count(failed=False)
        repairs = reranker.repairs if isinstance(reranker, ListwiseReranker) else []
        return Reranked(tuple(ranked), tuple(f"rerank=repaired:{repair}" for repair in repairs))

    def _count(self, *, failed: bool) -> None:
        with self._counting:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= _MOST_FAILURES:
                self._failures = 0
                self._paused_until = time.monotonic() + _PAUSE_SECONDS

    @staticmethod
    def _skipped(passages: Sequence[Passage], reason: str) -> Reranked:
        _LOG.warning("not reranked", cause=reason)
        return Reranked(tuple(passages), (f"rerank=skipped:{reason}",))


def rerank(
    query: str, found: Sequence[Passage], rights: Rights, reranking: Reranking, calls: Calls
) -> Reranked:
    """Rerank what was found. What this audience may not read is shown to no reranker and stands last."""
    readable = [each for each in found if allowed(each.chunk, rights)]
    ranked = reranking.rerank(query, readable, calls)
    withheld = tuple(each for each in found if not allowed(each.chunk, rights))
    return Reranked((*ranked.passages, *withheld), ranked.notes)


def chosen(settings: RerankerSettings) -> Choice:
    """The reranker that the settings choose, for themselves or by what else is set up.

    Raises:
        Misconfigured: a setting is wrong.
    """
    small = ModelSettings().model_small
    return choose(
        settings,
        cohere_key=bool(CohereSettings().cohere_api_key.get_secret_value()),
        small_model="" if small == EXTRACTIVE else small,
    )


def open_reranking(settings: RerankerSettings, models: Models) -> Reranking:
    """What reranks in this process.

    Raises:
        Misconfigured: a setting is wrong, or what it names needs another that is missing.
    """
    choice = chosen(settings)
    if choice.kind == "none":
        return Reranking(None, settings)
    if choice.kind == "cohere":
        member = plugins.load("retrieval.rerankers", "cohere", setting=_SETTING)
        reranker: Reranker = member.create(choice.model, settings.reranker_seconds)
        return Reranking(lambda _calls, _deadline: reranker, settings)
    model = _judge_model(choice, models)
    return Reranking(lambda calls, deadline: listwise(model, calls, deadline), settings)


def listwise(model: Model, calls: Calls, deadline: Deadline) -> ListwiseReranker:
    """A reranker that has a model grade passages, on behalf of one answer."""

    def judge(query: str, passages: Sequence[Passage]) -> list[Grade]:
        prompt = render("rerank", question=query, passages=tuple(passages))
        completion = calls.ask_model(
            model,
            prompt,
            seconds=deadline.remaining(),
            max_tokens=_TOKENS_PER_PASSAGE * (len(passages) + 1),
            response_model=Ranking,
        )
        if completion.stop is not StopReason.END or not isinstance(completion.parsed, Ranking):
            raise ModelUnavailable(f"the model gave no ranking ({completion.stop})")
        return [Grade(each.id, each.grade) for each in completion.parsed.ranking]

    return ListwiseReranker(judge)


def _judge_model(choice: Choice, models: Models) -> Model:
    small = models.by_role.get(ModelRole.SMALL)
    if small is not None and choice.model in ("", small.name):
        model = small
    elif choice.model:
        model = open_model(choice.model, None, setting=_SETTING)
    else:
        model = models[ModelRole.STRONG]
    if model.name == EXTRACTIVE:
        raise Misconfigured(
            f"{_SETTING}: reranking needs a language model; name one, or set CANDOR_MODEL_SMALL"
        )
    return model
