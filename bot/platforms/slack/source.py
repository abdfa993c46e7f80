"""Slack as a source: its channels as conversations, its files, and who can read what there."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bot import summaries
from bot.platforms.slack import PLATFORM, files, words
from bot.platforms.slack.audience import Readers, channel_group, workspace_group
from bot.platforms.slack.calls import Refused, SlackCalls, Tokens
from bot.platforms.slack.people import People
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.slack.timeline import Timeline
from bot.platforms.slack.words import Event, plain, written_by_person
from core.errors import MessageGone, Misconfigured, Unwelcome
from core.messages import Address, Audience, File, Question, Span
from core.transcripts import Attachment, Channel, NotFetched, NotThere, Said, Transcript
from ledger.groups import Groups, Place

_UNASKED = dt.timedelta(days=7)
"""How far back "what did I miss" goes at most."""

_THREADS = 25
"""Threads of a channel whose replies go into one summary, the newest: each is a call of its own."""

_NOT_IN = "I cannot read that channel. Invite me there with `/invite`, and ask again."
_NOT_YOURS = "You are not in that channel, so I do not read it for you."
_NOT_HERE = "I summarise another channel only for you alone: ask me with `/ask` or in a direct message."
_WHICH = "Which channel do you mean? Name it, such as `what did I miss in #general`."
_UNKNOWN = "I know no channel of that name that I am in."
_WHEN = "I do not understand since when. Write a day or a time, such as `since Monday` or `since 9 am`."


@dataclass(frozen=True, slots=True)
class Home:
    """One workspace as Candor stands in it: its id, its address on the web, and Candor's own user there."""

    id: str
    url: str
    bot: str


@dataclass(slots=True)
class SlackChannels:
    """Reads what stands in Slack, as `core.transcripts.Channels` has it.

    Attributes:
        calls: the Web API.
        pause: how a sync waits when Slack asks for it.
        has_sources: whether any channel is a source: else nobody needs to know who can read what.
        days: how far back a source goes.
        several: whether several workspaces have installed the app.
        groups: the ledger's reader groups.
    """

    calls: SlackCalls
    pause: Callable[[float], object] = time.sleep
    has_sources: Callable[[], bool] = lambda: True
    days: int = 365
    several: bool = False
    groups: Groups | None = None
    _people: People = field(default_factory=People)
    _homes: dict[str, Home] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _readers: Readers = field(init=False)

    def __post_init__(self) -> None:
        self._readers = Readers(self._people, self.groups)

    def fetch(self, address: Address, file: File, *, most: int, seconds: float) -> Attachment:
        """Get a file with the bot's token; one of which Slack told but the id is asked for first."""
        calls = self.calls.at(address.workspace)
        try:
            if not (file.url and file.name):
                found = calls.read("files.info", file=file.id).get("file") or {}
                files.refuse_elsewhere(found)
                file = files.described(found)
            if file.size > most:
                raise NotFetched(f"it is larger than {most // 2**20} MB")
            return calls.fetch(file, most=most, seconds=seconds)
        except (Refused, MessageGone):
            raise NotFetched("it is gone") from None
        except Unwelcome:
            raise NotFetched("I may not read files here: the app lacks the scope files:read") from None

    def transcript(self, question: Question, most: int) -> Transcript:
        """What a question's span, or else its thread, holds, if its asker is in that channel."""
        here, span = question.address, question.span
        try:
            timeline = Timeline(self.calls.at(here.workspace))
            channel = self._named(timeline, span.channel, here.channel) if span else here.channel
            if _is_direct(channel) and channel == here.channel:
                which = span is not None and not span.thread
                return _refused(_WHICH) if which else Transcript(here.thread, "this conversation")
            if why := _why_not(channel, question, timeline):
                return _refused(why)
            reader = _Reader(self, timeline, here, channel, most)
            if span and not span.thread:
                return reader.since(span, question.asker.id)
            # A reply to the asker alone stands in a conversation of its own: THREAD/ASKER.
            return reader.thread(span.thread if span else here.thread.partition("/")[0])
        except (Unwelcome, Refused, MessageGone):
            return _refused(_NOT_IN)

    def audience(self, question: Question) -> Audience:
        """The question's own audience, and the groups that its platform knows of."""
        place = Place(PLATFORM, question.address.workspace)
        if not (self.has_sources() or (self.groups and self.groups.any(place))):
            return question.audience
        calls = self.calls.at(question.address.workspace)
        return self._readers.of(question, Timeline(calls))

    def channel(self, name: str) -> Channel:
        """A public channel belongs to the whole workspace, a private one to its members."""
        workspace, _, wanted = name.rpartition("/")
        wanted = wanted.removeprefix("#")
        if self.several and not workspace:
            raise Misconfigured(f"slack:{name}: name the workspace's id too: slack:WORKSPACE/{wanted}")
        try:
            timeline = Timeline(self.calls.at(workspace), self.pause)
            found = self._named(timeline, wanted, "")
            if not found:
                raise NotThere(f"slack:{name}: Candor is in no channel of that name; invite it there")
            home, channel = self.home(workspace), timeline.channel(found)
        except (Unwelcome, Refused) as error:
            raise Misconfigured(f"slack:{name}: {error}") from None
        public = not channel.get("is_private")
        group = workspace_group(home.id) if public else channel_group(home.id, found)
        return Channel(found, home.id, f"#{channel.get('name', found)}", public, (group,))

    def conversations(self, channel: Channel) -> Iterator[Transcript]:
        """Each thread, and what stands in no thread, day by day; the newest come first."""
        timeline = Timeline(self.calls.at(channel.workspace), self.pause)
        oldest = dt.datetime.now(dt.UTC) - dt.timedelta(days=self.days)
        others = 0
        alone: list[Event] = []
        try:
            for root in timeline.history(channel.id, f"{oldest.timestamp():.6f}"):
                if alone and words.day(root["ts"]) != words.day(alone[0]["ts"]):
                    yield self._conversation(channel, words.day(alone[0]["ts"]), reversed(alone))
                    alone.clear()
                if str(root.get("thread_ts") or root["ts"]) != root["ts"]:
                    continue  # a reply that is shown in the channel too stands in its thread
                others += not written_by_person(root)
                if root.get("reply_count"):
                    thread = list(timeline.replies(channel.id, str(root["ts"])))
                    others += sum(not written_by_person(reply) for reply in thread[1:])
                    yield self._conversation(channel, str(root["ts"]), thread)
                else:
                    alone.append(root)
        except (Unwelcome, Refused, MessageGone) as error:
            raise NotThere(f"{channel.name}: it can no longer be read ({error})") from None
        if alone:
            yield self._conversation(channel, words.day(alone[0]["ts"]), reversed(alone))
        if others:
            left_out = f"{others} of bots, notices and deleted ones are left out"
            yield Transcript("messages", channel.name, left_out=left_out)

    def _conversation(self, channel: Channel, name: str, events: Iterable[Event]) -> Transcript:
        return Transcript(name, channel.name, tuple(self.said(channel.workspace, channel.id, events)))

    def said(self, workspace: str, channel: str, events: Iterable[Event]) -> Iterator[Said]:
        """The messages among some events that people wrote and that say something."""
        calls, home = self.calls.at(workspace), self.home(workspace)
        for event in events:
            text = plain(str(event.get("text") or ""), home.bot) if written_by_person(event) else ""
            if text:
                ts, user = str(event["ts"]), str(event["user"])
                name = self._people.person(calls, workspace, user).name
                link = _permalink(home.url, channel, ts, str(event.get("thread_ts") or ts))
                yield Said(ts, name, _moment(ts), text, link)

    def zone(self, workspace: str, user: str) -> dt.tzinfo:
        """Where somebody's clock stands."""
        return self._people.person(self.calls.at(workspace), workspace, user).zone

    def home(self, workspace: str) -> Home:
        """A workspace as Candor stands in it."""
        with self._lock:
            known = self._homes.get(workspace)
        if known is None:
            answer = self.calls.at(workspace).read("auth.test")
            known = Home(*(str(answer.get(key) or "") for key in ("team_id", "url", "user_id")))
            with self._lock:
                self._homes[workspace] = known
        return known

    @staticmethod
    def _named(timeline: Timeline, name: str, here: str) -> str:
        """The id of the channel that a name or an id means; empty where Candor is in none such."""
        if name in ("", here):
            return here
        for channel in timeline.channels("public_channel,private_channel"):
            if name in (channel.get("id"), channel.get("name")):
                return str(channel["id"])
        return ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one channel for one asker, newest messages first where there are too many."""

    source: SlackChannels
    timeline: Timeline
    here: Address
    channel: str
    most: int

    def thread(self, ts: str) -> Transcript:
        said = list(self._said(self.timeline.replies(self.channel, ts)))
        return Transcript(ts, "this thread", tuple(said[-self.most :]), _older(len(said) - self.most))

    def since(self, span: Span, asker: str) -> Transcript:
        now = dt.datetime.now(self.source.zone(self.here.workspace, asker))
        since = summaries.moment(span.since, now) if span.since else now - _UNASKED
        if since is None:
            return _refused(_WHEN)
        roots: list[Event] = []
        more = False
        for event in self.timeline.history(self.channel, f"{since.timestamp():.6f}"):
            if not span.since and event.get("user") == asker and event.get("ts") != self.here.message:
                since = _moment(str(event["ts"])).astimezone(now.tzinfo)
                break
            more = len(roots) == self.most
            if more:
                break
            roots.append(event)
        answered = [event for event in roots if event.get("reply_count")]
        unread = answered[_THREADS:]
        with_replies = self._with_replies(reversed(roots), {str(each["ts"]) for each in answered[:_THREADS]})
        said = tuple(self._said(with_replies))
        left_out = [
            "all that is older" if more else "",
            _older(len(said) - self.most),
            f"the replies in {len(unread)} older threads" if unread else "",
        ]
        name = f"#{self.timeline.channel(self.channel).get('name', self.channel)}"
        title = f"{name} since {since:%A, %Y-%m-%d %H:%M}"
        return Transcript(self.channel, title, said[-self.most :], " and ".join(filter(None, left_out)))

    def _with_replies(self, roots: Iterable[Event], answered: set[str]) -> Iterator[Event]:
        for root in roots:
            if root["ts"] in answered:
                yield from self.timeline.replies(self.channel, str(root["ts"]))
            else:
                yield root

    def _said(self, events: Iterable[Event]) -> Iterator[Said]:
        """What people said, each once, and the question itself left out."""
        known = {self.here.message}
        for message in self.source.said(self.here.workspace, self.channel, events):
            if message.id not in known:
                known.add(message.id)
                yield message


def open_channels(
    settings: SlackSettings,
    tokens: Tokens | None = None,
    has_sources: Callable[[], bool] = lambda: True,
    groups: Groups | None = None,
) -> SlackChannels:
    """Slack, read with the settings' token, or with those of several workspaces.

    Raises:
        Misconfigured: there is no token.
    """
    return SlackChannels(
        SlackCalls(settings, tokens),
        has_sources=has_sources,
        days=settings.slack_source_days,
        several=tokens is not None,
        groups=groups,
    )


def _why_not(channel: str, question: Question, timeline: Timeline) -> str:
    """Why a channel may not be summarised for whoever asks, where they ask; empty where it may."""
    here = question.address
    if not channel:
        return _UNKNOWN
    if channel != here.channel and not (here.handle or _is_direct(here.channel)):
        return _NOT_HERE
    return "" if question.asker.id in timeline.members(channel) else _NOT_YOURS


def _refused(why: str) -> Transcript:
    return Transcript("", "", refusal=why)


def _older(count: int) -> str:
    if count <= 0:
        return ""
    return "the oldest message" if count == 1 else f"the {count} oldest messages"


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")


def _moment(ts: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(float(ts), dt.UTC)


def _permalink(home: str, channel: str, ts: str, thread: str) -> str:
    """The address that Slack itself gives a message; made here, since asking for it is a call for each."""
    link = f"{home}archives/{channel}/p{ts.replace('.', '')}"
    return link if thread == ts else f"{link}?thread_ts={thread}&cid={channel}"
