"""The audience of a reply, as its platform knows it."""

from collections.abc import Mapping

from core.messages import Question
from core.transcripts import Channels


def widen(question: Question, channels: Mapping[str, Channels]) -> Question:
    """The question with all reader groups to which everybody belongs who can see its reply."""
    platform = channels.get(question.address.platform)
    if platform is None:
        return question
    return question.model_copy(update={"audience": platform.audience(question)})
