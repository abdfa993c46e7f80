"""Secrets sealed with keys that are not in the ledger."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from core.errors import Misconfigured
from core.settings import HomeSettings
from ledger.vault import Vault, VaultSettings, open_vault

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def opened(folder: Path, *keys: str) -> Vault:
    return open_vault(VaultSettings(secret_keys=SecretStr(", ".join(keys))), HomeSettings(home=folder))


def test_what_is_sealed_does_not_show_and_opens_again(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    sealed = vault.seal("xoxb-1")
    assert "xoxb-1" not in sealed
    assert vault.open(sealed) == "xoxb-1"
    assert opened(tmp_path).open(sealed) == "xoxb-1"


def test_the_key_that_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    opened(tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.name == "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    start = threading.Barrier(8)

    def open_at_once(_n: int) -> Vault:
        start.wait()
        return opened(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(open_at_once, range(8)))
    sealed = vaults[0].seal("xoxb-1")
    assert [vault.open(sealed) for vault in vaults] == ["xoxb-1"] * 8
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    sealed = opened(tmp_path, OLD).seal("xoxb-1")
    both = opened(tmp_path, NEW, OLD)
    assert both.open(sealed) == "xoxb-1"
    assert opened(tmp_path, NEW).open(both.reseal(sealed)) == "xoxb-1"
    with pytest.raises(Misconfigured, match="CANDOR_SECRET_KEYS"):
        opened(tmp_path, NEW).open(sealed)


def test_what_is_no_key_is_named_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="CANDOR_SECRET_KEYS") as refused:
        opened(tmp_path, "my-password")
    assert "my-password" not in str(refused.value)
