"""Files that people attach to messages."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any


@dataclass(frozen=True, slots=True)
class File:
    """A file with its content. `url` is where it can be fetched, with a token that may read files."""

    id: str
    user: str
    name: str
    content: bytes
    url: str
    created: int

    def to_json(self) -> dict[str, Any]:
        """The file object."""
        kept = PurePath(self.name).suffix.lstrip(".")
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": PurePath(self.name).stem,
            "mimetype": kind,
            "filetype": kept or "binary",
            "pretty_type": kept.upper() or "Binary",
            "editable": False,
            "external_type": "",
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "permalink": self.url,
            "channels": [],
            "groups": [],
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "url_private": self.url,
            "url_private_download": self.url,
            "file_access": "visible",
        }

    def to_stub(self) -> dict[str, Any]:
        """What messages of a Slack Connect channel carry instead: the rest is asked with `files.info`."""
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "mode": "file_access",
            "file_access": "check_file_info",
        }
