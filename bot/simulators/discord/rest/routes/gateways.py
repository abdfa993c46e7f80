"""Where the gateway is, and how many sessions may be begun there."""

from typing import Any

from bot.simulators.discord.gateway.gateway import Gateway
from bot.simulators.discord.gateway.terms import STARTS
from bot.simulators.discord.rest.call import Call, Route

Json = dict[str, Any]


def routes(gateway: Gateway) -> tuple[Route, ...]:
    """The routes that tell of one gateway."""

    def place(_call: Call) -> Json:
        return {"url": gateway.url}

    def bot(call: Call) -> Json:
        terms = gateway.terms
        limit = {
            "total": STARTS,
            "remaining": terms.left(call.world.clock.now()),
            "reset_after": 86_400_000,
            "max_concurrency": terms.starts_at_once,
        }
        return {"url": gateway.url, "shards": terms.shards, "session_start_limit": limit}

    return (Route("GET", "/gateway", place, open=True), Route("GET", "/gateway/bot", bot))
