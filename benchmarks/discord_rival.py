"""A minimal Discord bot in one file, as many begin: no retrieval, no queue, an edit a second.

`benchmarks.discord` runs it beside Candor, on the same simulator and the same scripted model:
`python -m benchmarks.discord_rival API_URL GATEWAY_URL TOKEN MODEL_URL`.
"""

import json
import sys
import time

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

_DATA = "data: "


class Rival(discord.Client):
    """Answers mentions with whatever the model says."""

    def __init__(self, model_url: str) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents, guild_ready_timeout=0.5)
        self._model_url = model_url

    async def on_ready(self) -> None:
        """Say so."""
        print("ready", flush=True)

    async def on_message(self, message: discord.Message) -> None:
        """Post a placeholder, and edit it once a second while the model writes."""
        if self.user is None or message.author == self.user or self.user not in message.mentions:
            return
        reply = await message.reply("…", mention_author=False)
        text, edited = "", time.monotonic()
        body = {
            "model": "scripted",
            "stream": True,
            "messages": [{"role": "user", "content": message.content}],
        }
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self._model_url}/chat/completions", json=body) as stream,
        ):
            async for raw in stream.content:
                line = raw.decode().strip()
                if not line.startswith(_DATA + "{"):
                    continue
                for choice in json.loads(line.removeprefix(_DATA)).get("choices", []):
                    text += choice.get("delta", {}).get("content") or ""
                if text and time.monotonic() - edited >= 1.0:
                    await reply.edit(content=text[:2000])
                    edited = time.monotonic()
        await reply.edit(content=f"{text[:1990]}\n-# done")


def main() -> None:
    """Run until killed."""
    api, gateway, token, model = sys.argv[1:5]
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    Rival(model).run(token, log_handler=None)


if __name__ == "__main__":
    main()
