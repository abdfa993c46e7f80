"""The terminal's speaking half: messages as rows of the ledger, which the terminal's own process reads."""

from bot.outgoing import Payload
from bot.platforms.terminal.render import TerminalRender
from core.messages import Address, Question
from ledger.posts import Posts


class TerminalEgress:
    """Posts to the ledger. Like a chat platform it makes a new message of every post."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    def post(self, question: Question, key: str, payload: Payload) -> Address:
        """Add a message."""
        return self._posts.post(question.address, key, payload)

    def update(self, message: Address, payload: Payload) -> None:
        """Replace a message."""
        self._posts.update(message, payload)

    def delete(self, message: Address) -> None:
        """Take a message away."""
        self._posts.delete(message)

    def tell(self, question: Question, sentence: str) -> None:
        """Add a message: nobody else reads this terminal."""
        self._posts.post(question.address, "", {"text": sentence, "kind": "text", "final": True})

    def find(self, address: Address, key: str) -> Address | None:
        """The newest message with this key."""
        return self._posts.find(address, key)


class TerminalSpeaker:
    """The terminal as the worker sees it. A local screen bears an update for every piece of text."""

    pace = 0.02

    def __init__(self, posts: Posts) -> None:
        self.egress = TerminalEgress(posts)
        self.render = TerminalRender()
