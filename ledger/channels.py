"""The settings of channels, by the platform's own id of a channel."""

import time
from typing import TypeAlias

from sqlalchemy import Engine, select

from core.channels import ChannelSettings
from core.messages import Address
from ledger.clock import now
from ledger.tables import channels
from ledger.transactions import reading, writing
from ledger.upserts import insert

_Key: TypeAlias = tuple[str, str, str]

_MOST = 10_000
"""Channels that are remembered at once."""


class Channels:
    """The channels of one ledger. Each method raises LedgerUnavailable when the database does not answer."""

    def __init__(self, engine: Engine, *, seconds: float = 2.0) -> None:
        """Work on a ledger.

        Args:
            engine: from `open_ledger`.
            seconds: how long settings are remembered, and so how late those count that another process
                changed: every message that is heard asks for them.
        """
        self._engine = engine
        self._seconds = seconds
        self._known: dict[_Key, tuple[float, ChannelSettings]] = {}

    def of(self, address: Address) -> ChannelSettings:
        """The settings of an address's channel; the defaults where nobody has set any."""
        key = (address.platform, address.workspace, address.channel)
        asked, known = self._known.get(key, (-self._seconds, ChannelSettings()))
        if time.monotonic() - asked < self._seconds:
            return known
        found = self._read(key)
        self._remember(key, found)
        return found

    def set(self, address: Address, settings: ChannelSettings, *, by: str) -> None:
        """Set an address's channel anew, and keep who did.

        Args:
            address: any address in the channel.
            settings: all of its settings.
            by: the platform's own id of the person who changed them.
        """
        values = {"settings": settings.model_dump_json(), "changed_by": by, "changed_at": now()}
        key = {"platform": address.platform, "workspace": address.workspace, "channel": address.channel}
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, channels)
                .values(**key, **values)
                .on_conflict_do_update(index_elements=list(key), set_=values)
            )
        self._remember((address.platform, address.workspace, address.channel), settings)

    def _read(self, key: _Key) -> ChannelSettings:
        platform, workspace, channel = key
        statement = select(channels.c.settings).where(
            channels.c.platform == platform, channels.c.workspace == workspace, channels.c.channel == channel
        )
        with reading(self._engine) as connection:
            stored = connection.execute(statement).scalar()
        return ChannelSettings() if stored is None else ChannelSettings.model_validate_json(stored)

    def _remember(self, key: _Key, settings: ChannelSettings) -> None:
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (time.monotonic(), settings)
