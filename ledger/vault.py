"""The vault: seals secrets before they are written to the ledger, with keys that are kept elsewhere."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import Field, SecretStr

from core.errors import Misconfigured
from core.settings import HomeSettings, Settings

SETTING = "CANDOR_SECRET_KEYS"

_FILE = "secret.key"


class VaultSettings(Settings):
    """The keys that seal secrets in the ledger."""

    secret_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys that seal tokens in the ledger, separated by commas, the newest first. "
        "Empty: one that is made and kept in the data folder.",
    )


class Vault:
    """Seals with the newest key, and opens with any (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, keys: list[str]) -> None:
        """Make one of keys as `Fernet.generate_key` makes them, newest first.

        Raises:
            Misconfigured: one is none.
        """
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise Misconfigured(
                f"{SETTING}: each key has to be 32 bytes in URL-safe base64, as `openssl rand -base64 32 | "
                "tr +/ -_` prints them"
            ) from None

    def seal(self, secret: str) -> str:
        """A secret as it may be written down."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """A secret that was sealed.

        Raises:
            Misconfigured: none of the keys opens it.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Misconfigured(
                f"{SETTING}: no key here opens what the ledger holds; add the key that it was sealed with"
            ) from None

    def reseal(self, sealed: str) -> str:
        """The same secret sealed with the newest key.

        Raises:
            Misconfigured: none of the keys opens it.
        """
        return self.seal(self.open(sealed))


def open_vault(settings: VaultSettings, home: HomeSettings) -> Vault:
    """The vault whose keys the settings name, or the one whose key lies in the data folder.

    Raises:
        Misconfigured: a key is none, or the file cannot be read or made.
    """
    given = [key.strip() for key in settings.secret_keys.get_secret_value().split(",") if key.strip()]
    return Vault(given or [_kept(home.folder() / _FILE)])


def _kept(path: Path) -> str:
    """The key in a file, made by the first process that asks."""
    try:
        # Made whole under another name, so that nobody reads half a key; the first to link it wins.
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name) as made:
                made.write(Fernet.generate_key().decode())
                made.flush()
                with suppress(FileExistsError):
                    os.link(made.name, path)
        return path.read_text().strip()
    except OSError as error:
        raise Misconfigured(f"{SETTING}: cannot use {path} ({error.strerror}); set the key itself") from None
