"""Errors that know what to do: whether another attempt can help, and what a person is told."""


class CandorError(Exception):
    """A failure that Candor foresaw.

    Attributes:
        retry: whether another attempt may succeed without anybody changing anything.
        say: the plain sentence for the asker. It never carries a cause, a path or a secret.

    The exception's own text is for the person who runs Candor: one line, naming the setting or file at fault.
    """

    retry = False
    say = "Something went wrong on my side, and your question is not answered. Please try again."


class Misconfigured(CandorError):
    """A setting, a file or an argument is wrong; the text names it."""

    say = "I am not set up correctly, so I cannot answer. Please tell the person who runs me."


class Unavailable(CandorError):
    """Something that Candor depends on does not answer just now.

    `after` is how many seconds it asked to be left alone, or zero.
    """

    retry = True

    def __init__(self, text: str, *, after: float = 0.0) -> None:
        super().__init__(text)
        self.after = after

    say = "I cannot reach something that I need just now. Please try again in a few minutes."


class Unwelcome(CandorError):
    """The platform does not let Candor speak there: not in the channel, archived, or the token revoked."""

    say = "I may not write where you asked me. Invite me to that channel, and ask again."


class MessageGone(CandorError):
    """A message of ours was deleted by somebody."""


class ModelUnavailable(Unavailable):
    """The model's server is down, too slow, over its limit or talking nonsense."""

    say = "I cannot reach the language model just now. Please try again in a few minutes."


class ModelRejected(CandorError):
    """The model's server refused the request itself: a wrong key, model name or parameter."""

    say = "The language model did not accept my request. Please tell the person who runs me."


class IndexUnavailable(Unavailable):
    """The index does not answer."""

    say = "I cannot search the documents just now. Please try again in a few minutes."


class IndexMissing(CandorError):
    """There is no index yet, or it was made by another embedder."""

    say = "I have no documents to search yet. Please tell the person who runs me."


class LedgerUnavailable(Unavailable):
    """The ledger's database does not answer or is locked."""

    say = "I could not write your question down, so it is not asked yet. Please ask it again in a moment."


class DeadlineExceeded(Unavailable):
    """A turn took longer than it may."""

    say = "This took longer than I may spend on one question. Please try again, or ask something narrower."


class Busy(CandorError):
    """Another process is at this very work; the text says at which."""

    retry = True


class LostClaim(CandorError):
    """Another worker holds this turn now, or it has ended: stop at once and write nothing more."""


class BadArguments(CandorError):
    """A model called a tool with arguments that do not fit; the text says what to mend."""
