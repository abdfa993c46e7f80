"""App Home, and the settings of channels, which a workspace's admins alone may change."""

from functools import partial

from bot.books import Books
from bot.escalation import Desk
from bot.home import Home, examples, forget, gather, readable
from bot.intake import Intake
from bot.outgoing import Json, Payload
from bot.platforms.slack import PLATFORM
from bot.platforms.slack.audience import workspace_group
from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.cards import SlackCards
from bot.platforms.slack.ingress.channel_view import LISTENING, channel_view, read
from bot.platforms.slack.ingress.hearing import Hearing
from bot.platforms.slack.installations import Installations
from bot.platforms.slack.words import Event
from core import log
from core.errors import CandorError
from core.messages import EVERYONE, Address
from ledger.people import Person

_log = log.get(__name__)

ONLY_ADMINS = "Only admins and owners of this workspace can change how I behave in a channel."
NO_CHANNEL = "Direct messages have no settings. Write this in a channel."

# Slack takes four prompts; their title is what a person sees, and may be cut.
_PROMPTS, _TITLE = 4, 75


class Admin:
    """What people see and change besides asking. Each method raises LedgerUnavailable as the ledger does."""

    def __init__(
        self,
        books: Books,
        intake: Intake,
        hearing: Hearing,
        calls: SlackCalls,
        desk: Desk,
        *,
        installations: Installations | None,
    ) -> None:
        self._books = books
        self._intake = intake
        self._hearing = hearing
        self._calls = calls
        self._desk = desk
        self._cards = SlackCards(calls)
        self._installations = installations

    def home(self, workspace: str, person: str) -> Home:
        """What stands on somebody's App Home."""
        return gather(
            self._books, Person(PLATFORM, workspace, person), admin=self.is_admin(workspace, person)
        )

    def prompts(self, event: Event) -> Payload | None:
        """The questions that Slack offers beside the direct messages; None where there are no examples."""
        found = examples(self._books, _PROMPTS)
        prompts: list[Json] = [{"title": each[:_TITLE], "message": each} for each in found]
        return {"channel_id": str(event["channel"]), "prompts": prompts} if prompts else None

    def forget(self, workspace: str, person: str) -> int:
        """Forget what somebody asked.

        What is still being answered is stopped first, and what people were handed is taken from them.

        Returns:
            How many questions were forgotten.
        """
        who = Person(PLATFORM, workspace, person)
        return forget(self._books, who, self._hearing.stop, partial(self._desk.take_back, cards=self._cards))

    def settings(self, workspace: str, channel: str, person: str) -> Payload | str:
        """The modal with a channel's settings, or why there is none for this person."""
        if channel.startswith("D"):
            return NO_CHANNEL
        if not self.is_admin(workspace, person):
            return ONLY_ADMINS
        place = Address(platform=PLATFORM, workspace=workspace, channel=channel)
        sources = readable(self._books, (EVERYONE, workspace_group(workspace)))
        return channel_view(channel, self._books.channels.of(place), sources)

    def save(self, workspace: str, person: str, view: Event) -> dict[str, str]:
        """Save what an admin filled in.

        Returns:
            What is wrong with it, by input block; nothing when it is saved.
        """
        # Asked now: whoever opened the modal may be no admin any more.
        if not self.is_admin(workspace, person):
            return {LISTENING: ONLY_ADMINS}
        settings = read(view)
        if isinstance(settings, dict):
            return settings
        place = Address(platform=PLATFORM, workspace=workspace, channel=str(view["private_metadata"]))
        self._books.channels.set(place, settings, by=person)
        _log.info("channel settings changed", channel=place.channel, by=person)
        return {}

    def uninstalled(self, workspace: str, at: float) -> None:
        """Let go of a workspace that removed the app, or revoked its tokens: nothing can be said there.

        Args:
            workspace: which one.
            at: when that was, in seconds since 1970; whoever installed the app again since then stays.
        """
        if self._installations is None:
            _log.error("CANDOR_SLACK_BOT_TOKEN: the app was removed from the workspace, or its token revoked")
            return
        if not self._installations.remove(workspace, before=at):
            return
        for turn in self._books.threads.unfinished(PLATFORM, workspace):
            self._intake.withdraw(turn.id)

    def is_admin(self, workspace: str, person: str) -> bool:
        """Whether Slack says just now that somebody administers this workspace; no where it says nothing."""
        try:
            user = self._calls.at(workspace).read("users.info", user=person)["user"]
        except CandorError as error:
            _log.warning("Slack does not say who is an admin", error=str(error))
            return False
        guest = user.get("deleted") or user.get("is_restricted") or user.get("is_stranger")
        home = user.get("team_id") == workspace
        return home and not guest and bool(user.get("is_admin") or user.get("is_owner"))
