"""OpenAI's moderation endpoint."""

from dataclasses import dataclass

from openai import OpenAIError

from core import log
from core.vendors import Endpoint
from workers.models._server import Server
from workers.models.openai.client import open_client

_LOG = log.get(__name__)
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Moderated:
    """What the endpoint says of a text: the categories that it flags, and the highest score of any."""

    categories: tuple[str, ...]
    score: float


class Moderator:
    """Asks the endpoint with one model."""

    def __init__(self, endpoint: Endpoint, model_id: str) -> None:
        self._endpoint = endpoint
        self._client = open_client(Server(endpoint, model_id))
        self._model_id = model_id

    def judge(self, text: str) -> Moderated | None:
        """What it says of a text; None where it does not answer in time, or not as it should."""
        try:
            reply = self._client.moderations.create(model=self._model_id, input=text, timeout=_SECONDS)
            first = reply.results[0]
            flagged = [name for name, value in first.categories.to_dict().items() if value]
            scores = [float(str(value)) for value in first.category_scores.to_dict().values()]
        except (OpenAIError, AttributeError, LookupError, TypeError, ValueError) as error:
            _LOG.warning("the moderation endpoint gave no judgement", cause=self._endpoint.plain(error))
            return None
        named = flagged or (["flagged"] if first.flagged else [])
        return Moderated(tuple(sorted(named)), min(1.0, max(scores, default=0.0)))
