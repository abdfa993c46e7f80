"""Raw files, kept as they came under the name of their SHA-256."""

import hashlib
import tempfile
from pathlib import Path


class RawFiles:
    """A folder of raw files. A file is written once and never changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    def keep(self, body: bytes) -> str:
        """Keep a file and give its SHA-256, in hexadecimal."""
        name = hashlib.sha256(body).hexdigest()
        path = self._folder / name
        if not path.exists():
            # A name of its own: two processes may keep the same file at once.
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as fresh:
                fresh.write(body)
            Path(fresh.name).replace(path)
        return name

    def has(self, name: str) -> bool:
        """Whether a file is still there."""
        return (self._folder / name).exists()

    def read(self, name: str) -> bytes:
        """A file that was kept.

        Raises:
            OSError: when it is gone.
        """
        return (self._folder / name).read_bytes()
