"""What a person sees at each place of a simulated workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.page import deeds
from bot.simulators.slack.page.mrkdwn import mrkdwn, name_of
from bot.simulators.slack.page.shown import shown
from bot.simulators.slack.person import Person
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from bot.simulators.view.pages import Absent, Form, Page, templates
from bot.simulators.view.words import link, markdown

HOME = "home"
"""What stands in a place for the app's Home tab, where else a channel's id stands."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Who looks, and at what: `/PERSON/CHANNEL`, `/PERSON/CHANNEL/THREAD` or `/PERSON/home`."""

    person: Person
    channel: Channel | None
    root: Message | None

    @property
    def path(self) -> str:
        where = f"/{self.person.id}/{self.channel.id if self.channel else HOME}"
        return f"{where}/{self.root.ts}" if self.root else where


class SlackScene:
    """A workspace, as these people see it; the first of them is whom the page begins with."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = {person.id: person for person in people}
        self._workspace = people[0].workspace
        self._app = people[0].platform.app
        environment = templates(Path(__file__).parent / "templates")
        environment.filters.update(
            markdown=markdown, mrkdwn=lambda text: mrkdwn(self._workspace, text), weblink=link
        )
        environment.globals.update(name_of=lambda kind, target: name_of(self._workspace, kind, target))
        self._regions: Any = environment.get_template("regions.html").module

    def home(self) -> str:
        """The first person in their first channel."""
        person = next(iter(self._people.values()))
        return _Place(person, self._channels(person)[0], None).path

    def enter(self, place: str) -> None:
        """Open the place; the app hears of it where it is its own tab."""
        found = self._find(place)
        if found.channel is None:
            found.person.open_home()
        elif found.channel.kind == "im" and found.root is None:
            found.person.open_home("messages")

    def look(self, place: str) -> Page:
        """The channel, the thread beside it, and the modal above them."""
        with self._workspace.changed:
            found = self._find(place)
            heading = self._heading(found)
            form = self._form(found)
            regions = {
                "places": self._places(found),
                "channel": self._messages(found) if found.channel else self._home(found),
                "thread": self._thread(found) if found.root else Markup(),
                "modal": self._modal(found),
            }
            return Page(
                title=f"{heading} · {self._workspace.name}",
                heading=heading,
                regions=regions,
                composer=self._composer(found, form, "") if found.channel else Markup(),
                reply=self._composer(found, form, found.root.ts) if found.root else Markup(),
                close=_Place(found.person, found.channel, None).path if found.root else "",
            )

    def do(self, deed: str, form: Form) -> None:
        """Do what a form says, as the person whom it names."""
        person = self._people.get(deeds.one(form, "person"))
        if person is None:
            raise Absent
        deeds.do(deed, person, form)

    def wait(self, seconds: float) -> None:
        """Return when something in the workspace has changed, or the time is up."""
        with self._workspace.changed:
            self._workspace.changed.wait(seconds)

    def _find(self, place: str) -> _Place:
        who, _, rest = place.strip("/").partition("/")
        where, _, thread = rest.partition("/")
        person = self._people.get(who)
        if person is None:
            raise Absent
        if where == HOME:
            return _Place(person, None, None)
        channel = self._workspace.directory.channels.get(where)
        if channel is None or person.id not in channel.members:
            raise Absent
        try:
            root = self._workspace.timeline.find(channel.id, thread) if thread else None
        except SlackError:
            raise Absent from None
        return _Place(person, channel, root)

    def _channels(self, person: Person) -> list[Channel]:
        channels = self._workspace.directory.channels.values()
        return [each for each in channels if person.id in each.members and each.name]

    def _heading(self, place: _Place) -> str:
        if place.channel is None:
            return f"{self._app.name}: Home"
        return f"# {place.channel.name}" if place.channel.name else self._app.name

    def _form(self, place: _Place) -> dict[str, str]:
        """The fields that every form of this place has."""
        channel = place.channel.id if place.channel else ""
        return {"person": place.person.id, "channel": channel, "back": place.path}

    def _places(self, here: _Place) -> Markup:
        person = here.person
        people = [(f"/{each.id}/{self._channels(each)[0].id}", each) for each in self._people.values()]
        channels = [(f"/{person.id}/{each.id}", each) for each in self._channels(person)]
        direct = f"/{person.id}/{person.direct().id}"
        current = _Place(person, here.channel, None).path
        html: Markup = self._regions.places(
            self._workspace.name,
            people,
            person,
            channels,
            self._app.name,
            direct,
            f"/{person.id}/{HOME}",
            current,
        )
        return html

    def _messages(self, place: _Place) -> Markup:
        assert place.channel
        seen = place.person.sees(place.channel)
        return self._list(place, seen, in_thread=False)

    def _thread(self, place: _Place) -> Markup:
        assert place.channel
        assert place.root
        try:
            seen = place.person.sees(place.channel, place.root)
        except SlackError:
            raise Absent from None
        status = place.person.status(place.channel, place.root)
        html: Markup = self._regions.status(status, {**self._form(place), "ts": place.root.ts})
        return self._list(place, seen, in_thread=True) + html

    def _list(self, place: _Place, seen: Sequence[Message], *, in_thread: bool) -> Markup:
        assert place.channel
        channel = place.channel
        messages = [shown(place.person, channel, each, in_thread=in_thread) for each in seen]
        path = _Place(place.person, channel, None).path
        html: Markup = self._regions.messages(
            messages, self._form(place), path, "thread" if in_thread else "channel"
        )
        return html

    def _home(self, place: _Place) -> Markup:
        view = place.person.home
        form = {**self._form(place), "view": view.id if view else ""}
        html: Markup = self._regions.home(view.content["blocks"] if view else [], form, self._choices(place))
        return html

    def _modal(self, place: _Place) -> Markup:
        view = place.person.modal
        if view is None:
            return Markup()
        form = {**self._form(place), "view": view.id}
        html: Markup = self._regions.modal(view.id, view.content, form, self._choices(place))
        return html

    def _choices(self, place: _Place) -> list[tuple[str, str]]:
        """The channels that a person can choose from."""
        return [(each.id, f"#{each.name}") for each in self._channels(place.person)]

    def _composer(self, place: _Place, form: dict[str, str], ts: str) -> Markup:
        commands = "" if ts else " or ".join(sorted(self._app.commands))
        html: Markup = self._regions.composer({**form, "ts": ts}, self._heading(place), commands)
        return html
