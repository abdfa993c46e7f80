"""discord.py's objects as plain data."""

from typing import Any

import discord

from bot.platforms.discord.ingress.interaction import Interaction
from bot.platforms.discord.ingress.said import Place, Said
from core.messages import File

_MICROSECONDS = 1_000_000


def place(guild: int | None, channel: Any, channel_id: int) -> Place:
    """Where something happens; `channel` is None where discord.py does not know it."""
    parent = getattr(channel, "parent_id", None) if isinstance(channel, discord.Thread) else None
    return Place(str(guild or ""), str(channel_id), str(parent or ""))


def said(message: discord.Message) -> Said:
    """A message."""
    reference = message.reference
    answered = reference.resolved if reference else None
    others = {str(user.id): user.display_name for user in message.mentions}
    return Said(
        place=place(message.guild.id if message.guild else None, message.channel, message.channel.id),
        id=str(message.id),
        author=str(message.author.id),
        name=message.author.display_name,
        bot=message.author.bot or message.webhook_id is not None,
        text=message.content,
        mentions=others,
        roles=bool(message.raw_role_mentions) or message.mention_everyone,
        answers=str(reference.message_id or "") if reference else "",
        answered=str(answered.author.id) if isinstance(answered, discord.Message) else "",
        edited=int(message.edited_at.timestamp() * _MICROSECONDS) if message.edited_at else 0,
        files=tuple(_file(each) for each in message.attachments),
        title=message.channel.name if isinstance(message.channel, discord.Thread) else "",
    )


def interaction(given: discord.Interaction) -> Interaction:
    """An interaction."""
    message = given.message
    return Interaction(
        id=str(given.id),
        token=given.token,
        application=str(given.application_id),
        kind=given.type.value,
        place=place(given.guild_id, given.channel, given.channel_id or 0),
        person=str(given.user.id),
        name=given.user.display_name,
        data=dict(given.data or {}),
        message=str(message.id) if message else "",
        private=bool(message and message.flags.ephemeral),
        permissions=given.permissions.value,
    )


def _file(attachment: discord.Attachment) -> File:
    return File(
        id=str(attachment.id),
        name=attachment.filename,
        media_type=attachment.content_type or "",
        size=attachment.size,
        url=attachment.url,
    )
