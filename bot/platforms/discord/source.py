"""Discord as a source: its channels as conversations, its files, and who can read what there."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

import httpx

from bot import summaries
from bot.downloads import download, is_at
from bot.platforms.discord.audience import groups
from bot.platforms.discord.calls import DiscordCalls
from bot.platforms.discord.guilds import NOT_THERE, Guild, Guilds
from bot.platforms.discord.places import DIRECT, channel_group, guild_group
from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.discord.timeline import Message, Timeline, called, text_of, written_by_person
from bot.platforms.discord.words import moment, snowflake
from core.errors import Misconfigured, Unwelcome
from core.messages import Address, Audience, File, Question, Span
from core.transcripts import Attachment, Channel, NotFetched, Said, Transcript

_UNASKED = dt.timedelta(days=7)
"""How far back "what did I miss" goes at most."""

_FILES = ("https://cdn.discordapp.com", "https://media.discordapp.net")
"""Where Discord keeps what is attached."""

_FORUMS = frozenset({15, 16})

_NOT_IN = "I cannot read that channel. Let me see it, and ask again."
_NOT_YOURS = "You cannot see that channel, so I do not read it for you."
_NOT_HERE = "I summarise another channel only for you alone: ask me with `/summarize` or `/ask`."
_UNKNOWN = "I know no channel of that name."
_WHEN = "I do not understand since when. Write a day or a time, such as `since Monday` or `since 9 am`."


@dataclass(slots=True)
class DiscordChannels:
    """Reads what stands on Discord, as `core.transcripts.Channels` has it.

    Attributes:
        guilds: what is known of servers, for questions.
        patient: the same for a sync, which waits when Discord asks for it.
        api_url: the root of Discord's API, on whose host files may lie too.
        has_sources: whether any channel is a source: else nobody needs to know who can read what.
        days: how far back a source goes.
    """

    guilds: Guilds
    patient: Guilds
    api_url: str
    has_sources: Callable[[], bool] = lambda: True
    days: int = 365

    def fetch(self, address: Address, file: File, *, most: int, seconds: float) -> Attachment:  # noqa: ARG002
        """Get a file from where Discord keeps it; that needs no token, and gets none."""
        if not any(is_at(file.url, root) for root in (*_FILES, self.api_url)):
            raise NotFetched("it does not lie on Discord")
        if file.size > most:
            raise NotFetched(f"it is larger than {most // 2**20} MB")
        return download(file, "Discord", headers={}, check=_check, most=most, seconds=seconds)

    def transcript(self, question: Question, most: int) -> Transcript:
        """What a question's span, or else its thread, holds, if its asker may look into that channel."""
        here, span = question.address, question.span or Span()
        thread = span.thread or ("" if question.span else here.thread.partition("/")[0])
        of_channel = question.span is not None and not thread
        if here.workspace == DIRECT or not (of_channel or thread.isdecimal()):
            return Transcript(here.thread, "this conversation")
        try:
            guild = self.guilds.of(here.workspace)
            channel = guild.named(span.channel) if span.channel else here.channel
            if why := self._why_not(guild, channel, question):
                return _refused(why)
            reader = _Reader(Timeline(self.guilds), here, channel, most, question.asker.id)
            return reader.since(span, guild) if of_channel else reader.thread(thread, span)
        except NOT_THERE:
            return _refused(_NOT_IN)

    def audience(self, question: Question) -> Audience:
        """The question's own audience, and the groups that its platform knows of."""
        if not self.has_sources():
            return question.audience
        found = groups(question, self.guilds)
        return Audience(groups=tuple(dict.fromkeys((*question.audience.groups, *found))))

    def channel(self, name: str) -> Channel:
        """A channel that every member may see belongs to the server, another to those who may."""
        server, _, wanted = name.rpartition("/")
        servers = [server] if server else self.patient.all()
        if len(servers) != 1:
            raise Misconfigured(f"discord:{name}: name the server's id too: discord:SERVER/{wanted}")
        try:
            guild = self.patient.of(servers[0])
        except NOT_THERE as error:
            raise Misconfigured(f"discord:{name}: {error}") from None
        found = guild.named(wanted)
        if not found:
            raise Misconfigured(f"discord:{name}: there is no channel of that name in the server")
        public = guild.is_open(found)
        group = guild_group(guild.id) if public else channel_group(guild.id, found)
        called_so = f"#{guild.channels[found].get('name', found)}"
        return Channel(found, guild.id, called_so, public, (group,))

    def conversations(self, channel: Channel) -> Iterator[Transcript]:
        """Each public thread, and what stands in none, day by day; the newest come first."""
        timeline, others = Timeline(self.patient), 0
        first = snowflake(dt.datetime.now(dt.UTC) - dt.timedelta(days=self.days))
        try:
            kind = self.patient.of(channel.workspace).channels[channel.id].get("type")
            for thread in timeline.threads(channel.workspace, channel.id):
                told = list(timeline.history(str(thread["id"]), first))
                others += sum(not written_by_person(each) for each in told)
                yield self._conversation(channel, str(thread["id"]), told, str(thread["id"]))
            alone = () if kind in _FORUMS else timeline.history(channel.id, first)
            for day, messages in groupby(alone, lambda each: moment(str(each["id"])).date()):
                told = [each for each in messages if not each.get("thread")]
                others += sum(not written_by_person(each) for each in told)
                yield self._conversation(channel, day.isoformat(), told, channel.id)
        except (*NOT_THERE, KeyError) as error:
            raise Misconfigured(f"{channel.name}: it can no longer be read ({error})") from None
        if others:
            left_out = f"{others} of bots and notices are left out"
            yield Transcript("messages", channel.name, left_out=left_out)

    @staticmethod
    def _conversation(channel: Channel, name: str, newest_first: Iterable[Message], at: str) -> Transcript:
        said = _said(newest_first, channel.workspace, at)
        return Transcript(name, channel.name, tuple(said))

    def _why_not(self, guild: Guild, channel: str, question: Question) -> str:
        """Why a channel may not be read for whoever asks, where they ask; empty where it may."""
        here, asker = question.address, question.asker.id
        if not channel:
            return _UNKNOWN
        if channel != here.channel and not here.handle:
            return _NOT_HERE
        roles = self.guilds.roles(guild.id, asker)
        return "" if roles is not None and guild.may_view(channel, asker, roles) else _NOT_YOURS


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one channel for one asker, newest messages first where there are too many."""

    timeline: Timeline
    here: Address
    channel: str
    most: int
    asker: str

    def thread(self, thread: str, span: Span) -> Transcript:
        self._belongs(thread)
        name = "this thread since that message" if span.first else "this thread"
        return self._read(thread, thread, name, int(span.first or 0))

    def since(self, span: Span, guild: Guild) -> Transcript:
        """A channel since a message, a moment, or what its asker wrote there last; Discord tells no zone."""
        now = dt.datetime.now(dt.UTC)
        name = f"#{guild.channels[self.channel].get('name', self.channel)}"
        if span.first:
            return self._read(self.channel, self.channel, f"{name} since that message", int(span.first))
        since = summaries.moment(span.since, now) if span.since else now - _UNASKED
        if since is None:
            return _refused(_WHEN)
        title = f"{name} since {since:%A, %Y-%m-%d %H:%M} UTC"
        return self._read(self.channel, self.channel, title, snowflake(since), to_own=not span.since)

    def _belongs(self, thread: str) -> None:
        """Refuse a thread of another channel than the one whose readers were asked for."""
        told = self.timeline.guilds.read(f"/channels/{thread}")
        if str(told.get("parent_id")) != self.channel:
            raise Unwelcome(f"thread {thread} is none of channel {self.channel}")

    def _read(self, name: str, at: str, title: str, first: int, *, to_own: bool = False) -> Transcript:
        newest: list[Message] = []
        more = False
        for message in islice(self.timeline.history(at, first), self.most * 2):
            own = (message.get("author") or {}).get("id") == self.asker
            if to_own and own and written_by_person(message):
                break
            if str(message["id"]) == self.here.message or not written_by_person(message):
                continue
            more = len(newest) == self.most
            if more:
                break
            newest.append(message)
        said = tuple(_said(newest, self.here.workspace, at))
        return Transcript(name, title, said, "all that is older" if more else "")


def open_channels(
    settings: DiscordSettings, has_sources: Callable[[], bool] = lambda: True
) -> DiscordChannels:
    """Discord, read with the bot's token.

    Raises:
        Misconfigured: there is no token.
    """
    calls = DiscordCalls(settings)
    return DiscordChannels(
        Guilds(calls),
        Guilds(calls, time.sleep),
        settings.discord_api_url,
        has_sources=has_sources,
        days=settings.discord_source_days,
    )


def _said(newest_first: Iterable[Message], guild: str, at: str) -> Iterator[Said]:
    """What people wrote among some messages, oldest first."""
    for message in reversed(list(newest_first)):
        text = text_of(message, "") if written_by_person(message) else ""
        if text:
            key = str(message["id"])
            link = f"https://discord.com/channels/{guild}/{at}/{key}"
            yield Said(key, called(message["author"]), moment(key), text, link)


def _check(answer: httpx.Response) -> None:
    if answer.status_code in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND):
        raise NotFetched("it is gone")
    if answer.is_redirect:
        raise NotFetched("it does not lie on Discord")


def _refused(why: str) -> Transcript:
    return Transcript("", "", refusal=why)
