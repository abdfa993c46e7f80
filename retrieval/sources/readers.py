"""Readers files: a file `.readers` says who may read a folder and what lies below it."""

from pathlib import Path

from retrieval.loaders import UnreadableError

NAME = ".readers"
"""Its lines are groups, of which a person needs one; `#` begins a comment."""


class Readers:
    """Who may read the files of a source: what the nearest readers file says, else the source's readers."""

    def __init__(self, root: Path, otherwise: tuple[str, ...]) -> None:
        self._root = root
        self._otherwise = otherwise
        self._known: dict[Path, tuple[str, ...] | UnreadableError] = {}

    def of(self, folder: Path) -> tuple[str, ...]:
        """The groups that may read the files of a folder.

        Raises:
            UnreadableError: the nearest readers file cannot be read or names nobody, so nobody may.
        """
        if folder not in self._known:
            self._known[folder] = self._look(folder)
        found = self._known[folder]
        if isinstance(found, UnreadableError):
            raise found
        return found

    def _look(self, folder: Path) -> tuple[str, ...] | UnreadableError:
        path = folder / NAME
        try:
            lines = path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            if folder == self._root:
                return self._otherwise
            try:
                return self.of(folder.parent)
            except UnreadableError as error:
                return error
        except (OSError, UnicodeDecodeError):
            return UnreadableError(f"who may read it is not known, since {path} cannot be read")
        groups = (line.partition("#")[0].strip() for line in lines)
        named = tuple(dict.fromkeys(filter(None, groups)))
        return named or UnreadableError(f"who may read it is not known, since {path} names no group")
