"""Files that are attached to messages."""

import hashlib
import mimetypes
from dataclasses import dataclass
from typing import Any

LIFETIME = 86_400.0
"""Seconds for which an attachment's address works; each reading of the message gives it a new one."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its content. `base_url` is where the simulator listens."""

    id: str
    channel: str
    name: str
    content: bytes
    base_url: str

    def to_json(self, now: float) -> dict[str, Any]:
        """The attachment object, with an address that works for a day from now."""
        until = f"{int(now + LIFETIME):x}"
        url = f"{self.base_url}/attachments/{self.channel}/{self.id}/{self.name}"
        url += f"?ex={until}&is={int(now):x}&hm={self.seal(until)}"
        return {
            "id": self.id,
            "filename": self.name,
            "size": len(self.content),
            "url": url,
            "proxy_url": url,
            "content_type": mimetypes.guess_type(self.name)[0] or "application/octet-stream",
        }

    def seal(self, until: str) -> str:
        """What shows that an address was given out with this end."""
        return hashlib.sha256(f"{self.id}/{until}".encode()).hexdigest()
