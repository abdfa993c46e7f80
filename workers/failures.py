"""Why a tool cannot do its work, in words for the model and the asker."""

from core.errors import CandorError, Unavailable


class Down(Unavailable):
    """What the tool needs does not answer, or answers nonsense; the text is said to the asker."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class Refused(CandorError):
    """What is asked for may not be done, or there is no such thing; the text is said to the asker."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say
