"""The terminal's hearing half: makes questions of what is typed, and watches for the reply."""

import time
import uuid
from collections.abc import Iterator

from bot.intake import Intake, Receipt
from core.deadline import Deadline
from core.messages import Address, Asker, Audience, Question, QuestionKey, Task
from ledger.posts import Post, Posts

PLATFORM = "terminal"

# How often the ledger is asked for news of a reply: often at first, since most answers are quick.
_POLL_FIRST, _POLL_LAST, _POLL_GROWTH = 0.004, 0.1, 1.2


class Terminal:
    """One conversation in a terminal: a thread of its own."""

    def __init__(self, intake: Intake, posts: Posts, *, person: str, audience: Audience) -> None:
        self._intake = intake
        self._posts = posts
        self._asker = Asker(id=person, name=person)
        self._audience = audience
        self._address = Address(platform=PLATFORM, workspace="local", channel=person, thread=uuid.uuid4().hex)

    def ask(self, text: str, *, task: Task = Task.ANSWER, subject: str = "") -> Receipt:
        """Put a question in at the door.

        Raises:
            LedgerUnavailable: it is not written down.
        """
        key = QuestionKey(
            platform=PLATFORM,
            workspace=self._address.workspace,
            channel=self._address.channel,
            message=uuid.uuid4().hex,
        )
        return self._intake.take(
            Question(
                key=key,
                address=self._address,
                asker=self._asker,
                audience=self._audience,
                text=text,
                task=task,
                subject=subject,
            )
        )

    def follow(self, turn_id: str, deadline: Deadline) -> Iterator[Post | None]:
        """Yield the reply each time that it changes, the final one last; end early at the deadline.

        As long as there is no reply at all, None is yielded now and then, so that the asker can be told.
        """
        seen = -1
        pause = _POLL_FIRST
        while deadline.remaining():
            post = self._posts.latest(turn_id)
            if post is None:
                yield None
            elif post.revision != seen:
                seen = post.revision
                pause = _POLL_FIRST
                yield post
                if post.payload["final"]:
                    return
            time.sleep(pause)
            pause = min(pause * _POLL_GROWTH, _POLL_LAST)
