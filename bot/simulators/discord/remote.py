"""What people do, over HTTP: for a page in a browser, a script, or the tests of another process.

It has a port of its own, apart from Discord's addresses:

    GET  /simulator/overview                         guilds, people, channels, commands
    POST /simulator/people                           {name, admin}
    POST /simulator/channels                         {name, kind, only}
    POST /simulator/deeds/{deed}                     {person, ...}
    GET  /simulator/channels/{channel}/messages      ?person= [&unlike=DIGEST] [&seconds=]
    GET  /simulator/interactions/{interaction}       [?seconds=]
    GET  /simulator/findings
    POST /simulator/faults/{fault}                   {code, seconds, route, status, times}

A deed is a method of `Person`; its body names the person, and what the method takes: channels and messages
by id.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulators.discord.errors import DiscordError, unknown
from bot.simulators.discord.person import Person
from bot.simulators.discord.rest.api import Fault
from bot.simulators.discord.simulator import DiscordSimulator
from bot.simulators.discord.state import deeds
from bot.simulators.discord.state.channels import TEXT, Channel
from bot.simulators.discord.state.interactions import Interaction
from bot.simulators.discord.state.messages import Message
from bot.simulators.server import Server

Json = dict[str, Any]

WAIT = 25.0
"""Seconds that a request is held at most while nothing changes."""


class Remote:
    """The addresses of one simulator's people, for the length of a `with` block, on a port of their own."""

    def __init__(self, simulator: DiscordSimulator, *, port: int = 0) -> None:
        self._simulator = simulator
        self._world = simulator.world
        self._server = Server(port, "discord-people")

    def __enter__(self) -> Self:
        self._server.start(Starlette(routes=self._routes()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    def _routes(self) -> list[Route]:
        return [
            Route("/simulator/overview", _endpoint(self._overview), methods=["GET"]),
            Route("/simulator/people", _endpoint(self._person), methods=["POST"]),
            Route("/simulator/channels", _endpoint(self._channel), methods=["POST"]),
            Route("/simulator/deeds/{deed}", _endpoint(self._deed), methods=["POST"]),
            Route("/simulator/channels/{channel}/messages", _endpoint(self._messages), methods=["GET"]),
            Route("/simulator/interactions/{interaction}", _endpoint(self._interaction), methods=["GET"]),
            Route("/simulator/findings", _endpoint(self._findings), methods=["GET"]),
            Route("/simulator/faults/{fault}", _endpoint(self._fault), methods=["POST"]),
        ]

    def _overview(self, _request: Request, _body: Json) -> Json:
        world = self._world
        return {
            "bot": {"id": world.bot.id, "name": world.bot.name},
            "people": [{"id": one.id, "name": one.name} for one in world.users.values() if not one.bot],
            "guilds": [
                {
                    "id": guild.id,
                    "name": guild.name,
                    "channels": [
                        {
                            "id": one.id,
                            "name": one.name,
                            "kind": one.kind,
                            "parent": one.parent,
                            "archived": one.archived,
                        }
                        for one in guild.channels.values()
                    ],
                    "commands": world.commands.all(guild.id),
                }
                for guild in world.guilds.values()
            ],
            "commands": world.commands.all(),
        }

    def _person(self, _request: Request, body: Json) -> Json:
        person = self._simulator.person(str(body["name"]), admin=bool(body.get("admin")))
        return {"id": person.id, "name": person.user.name, "direct": person.direct().id}

    def _channel(self, _request: Request, body: Json) -> Json:
        only = tuple(self._who(str(name)) for name in body.get("only") or ())
        channel = self._simulator.channel(str(body["name"]), int(body.get("kind") or TEXT), only=only)
        return {"id": channel.id, "name": channel.name}

    def _deed(self, request: Request, body: Json) -> Json:
        deed = _DEEDS.get(request.path_params["deed"])
        if deed is None:
            raise DiscordError(404, 0, f"There is no deed {request.path_params['deed']}.")
        with self._world.changed:
            done = deed(self, self._who(str(body["person"])), body)
        if isinstance(done, Message):
            return self.shown(done)
        if isinstance(done, Interaction):
            return interaction_json(done)
        return {"id": done.id, "name": done.name} if isinstance(done, Channel) else {}

    def _messages(self, request: Request, _body: Json) -> Json:
        person = self._who(request.query_params["person"])
        channel = self._world.visible(request.path_params["channel"], person.id)
        unlike = request.query_params.get("unlike", "")

        def view() -> Json:
            shown = [self.shown(message) for message in person.sees(channel)]
            typing = person.sees_typing(channel)
            digest = hashlib.sha256(json.dumps([shown, typing]).encode()).hexdigest()
            return {"messages": shown, "typing": typing, "digest": digest}

        if unlike:
            self._simulator.wait_for(lambda: view()["digest"] != unlike, _seconds(request))
        return view()

    def _interaction(self, request: Request, _body: Json) -> Json:
        name = request.path_params["interaction"]
        found = next((one for one in list(self._world.interactions.values()) if one.id == name), None)
        if found is None:
            raise unknown("interaction")
        self._simulator.wait_for(lambda: found.answer or found.failed, _seconds(request))
        return interaction_json(found)

    def _findings(self, _request: Request, _body: Json) -> Json:
        return {"findings": [asdict(finding) for finding in self._simulator.findings]}

    def _fault(self, request: Request, body: Json) -> Json:
        fault = _FAULTS.get(request.path_params["fault"])
        if fault is None:
            raise DiscordError(404, 0, f"There is no fault {request.path_params['fault']}.")
        fault(self._simulator, body)
        return {}

    def _who(self, name: str) -> Person:
        for user in self._world.users.values():
            if not user.bot and name in (user.id, user.name):
                return Person(user, self._world, self._simulator.courier)
        raise unknown("user")

    def place(self, body: Mapping[str, Any]) -> Channel:
        """The channel that a body names."""
        return self._world.channel(str(body["channel"]))

    def message(self, body: Mapping[str, Any]) -> Message:
        """The message that a body names; ephemeral ones too."""
        name = str(body["message"])
        for places in (*self._world.messages.values(), {one.id: one for one in self._world.ephemeral}):
            if name in places:
                return places[name]
        raise unknown("message")

    def asked(self, body: Mapping[str, Any]) -> Interaction:
        """The interaction that a body names."""
        for interaction in self._world.interactions.values():
            if interaction.id == body["interaction"]:
                return interaction
        raise unknown("interaction")

    def shown(self, message: Message) -> Json:
        """A message as a page shows it."""
        # For an hour a file keeps its address, so that nothing seems to have changed.
        now = self._world.clock.now() // 3600 * 3600
        return {
            "id": message.id,
            "channel": message.channel,
            "author": self._world.users[message.author].name,
            "author_id": message.author,
            "kind": message.kind,
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "files": [file.to_json(now) for file in message.files],
            "flags": message.flags,
            "edited": bool(message.edited),
            "loading": message.loading,
            "ephemeral": bool(message.visible_to),
            "reference": message.reference,
            "reactions": message.reactions,
            "pings": {
                "users": sorted(message.pings.users),
                "roles": sorted(message.pings.roles),
                "everyone": message.pings.everyone,
            },
        }


def interaction_json(interaction: Interaction) -> Json:
    """An interaction as a page shows it: what came of it so far."""
    return {
        "id": interaction.id,
        "kind": interaction.kind,
        "name": interaction.name,
        "answer": interaction.answer,
        "seconds": interaction.seconds,
        "failed": interaction.failed,
        "shown": interaction.shown,
        "ephemeral": interaction.ephemeral,
        "message": interaction.original.id if interaction.original else "",
        "modal": interaction.modal,
        "choices": interaction.choices,
    }


def _seconds(request: Request) -> float:
    return min(WAIT, float(request.query_params.get("seconds", "0")))


def _endpoint(handler: Callable[[Request, Json], Json]) -> Callable[[Request], Awaitable[Response]]:
    def answer(request: Request, raw: bytes) -> Response:
        try:
            body = json.loads(raw) if raw else {}
            return JSONResponse(handler(request, body))
        except DiscordError as error:
            return JSONResponse(error.to_json(), status_code=error.status)
        except (KeyError, ValueError, TypeError) as error:
            return JSONResponse({"message": f"{type(error).__name__}: {error}"}, status_code=400)

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, request, await request.body())

    return endpoint


Deed = Callable[[Remote, Person, Json], Any]

_DEEDS: Mapping[str, Deed] = {
    "say": lambda at, who, body: who.say(
        at.place(body), body["text"], files={k: v.encode() for k, v in (body.get("files") or {}).items()}
    ),
    "mention": lambda at, who, body: who.mention(at.place(body), body["text"]),
    "reply": lambda at, who, body: who.reply(at.message(body), body["text"]),
    "direct": lambda _at, who, body: who.say(who.direct(), body["text"]),
    "edit": lambda at, who, body: who.edit(at.message(body), body["text"]),
    "delete": lambda at, who, body: who.delete(at.message(body)),
    "react": lambda at, who, body: who.react(at.message(body), body["emoji"]),
    "unreact": lambda at, who, body: who.unreact(at.message(body), body["emoji"]),
    "type": lambda at, who, body: who.type(at.place(body)),
    "command": lambda at, who, body: who.command(
        at.place(body), body["command"], **(body.get("options") or {})
    ),
    "complete": lambda at, who, body: who.complete(
        at.place(body), body["command"], body["option"], body["text"]
    ),
    "menu": lambda at, who, body: who.menu(at.message(body), body["name"]),
    "press": lambda at, who, body: who.press(
        at.message(body), body["custom_id"], *(body.get("values") or ())
    ),
    "submit": lambda at, who, body: who.submit(at.asked(body), body.get("values")),
    "thread": lambda at, who, body: who.open_thread(
        at.message(body) if "message" in body else at.place(body), body["name"]
    ),
    "post": lambda at, who, body: who.post(at.place(body), body["title"], body["text"]),
    "archive": lambda at, who, body: who.archive(at.place(body), locked=bool(body.get("locked"))),
    "preview": lambda at, who, body: deeds.preview(who.world, at.message(body)),
}

_FAULTS: Mapping[str, Callable[[DiscordSimulator, Json], None]] = {
    "drop": lambda simulator, body: simulator.gateway.drop(int(body.get("code") or 4000)),
    "cut": lambda simulator, _body: simulator.gateway.cut(),
    "reconnect": lambda simulator, _body: simulator.gateway.reconnect(),
    "invalidate": lambda simulator, _body: simulator.gateway.invalidate(),
    "hold": lambda simulator, _body: simulator.gateway.hold(),
    "release": lambda simulator, _body: simulator.gateway.release(),
    "advance": lambda simulator, body: simulator.clock.advance(float(body["seconds"])),
    "fail": lambda simulator, body: simulator.api.fail(
        body["route"], Fault(int(body.get("status") or 503)), times=int(body.get("times") or 1)
    ),
}
