"""Downloads over real HTTP, and files of this machine."""

from pathlib import Path

import pytest

from services.template.errors import Unfit, Unreachable
from services.template.fetching import Validators, fetch, without_query
from tests.services.upstream import Upstream


def test_a_file_comes_with_its_validators(sources: Upstream) -> None:
    page = sources.put("file", b"one\n")
    fetched = fetch(f"{sources.url}/file", Validators())
    assert fetched
    assert fetched.body == b"one\n"
    assert fetched.validators.etag == page.etag
    assert fetched.validators.modified.endswith("GMT")


def test_a_file_that_did_not_change_does_not_come_again(sources: Upstream) -> None:
    page = sources.put("file", b"one\n")
    assert fetch(f"{sources.url}/file", Validators(page.etag)) is None


@pytest.mark.parametrize("status", [304, 403, 500])
def test_another_status_is_no_file(sources: Upstream, status: int) -> None:
    sources.put("file", b"<html>sorry</html>").status = status
    with pytest.raises(Unreachable, match=str(status)):
        fetch(f"{sources.url}/file", Validators())


def test_a_connection_that_breaks_leaves_what_came(sources: Upstream) -> None:
    sources.put("file", b"0123456789").cut = 4
    with pytest.raises(Unfit) as caught:
        fetch(f"{sources.url}/file", Validators())
    assert (caught.value.fault, caught.value.body) == ("cut_off", b"0123")


def test_a_connection_that_breaks_before_the_file_leaves_nothing(sources: Upstream) -> None:
    sources.put("file", b"0123456789").cut = 0
    with pytest.raises(Unreachable):
        fetch(f"{sources.url}/file", Validators())


def test_a_server_that_is_not_there_is_named_as_such() -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        fetch("http://127.0.0.1:1/file", Validators())


def test_a_file_of_this_machine_is_read(tmp_path: Path) -> None:
    path = tmp_path / "my rates.csv"
    path.write_bytes(b"one\n")
    fetched = fetch(path.as_uri(), Validators())
    assert fetched
    assert fetched.body == b"one\n"


def test_a_missing_file_of_this_machine_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="absent"):
        fetch((tmp_path / "absent.csv").as_uri(), Validators())


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(Unreachable, match="https://"):
        fetch("ftp://127.0.0.1/file", Validators())


def test_a_shown_address_has_no_key() -> None:
    assert without_query("https://me:secret@host:1/path?api_key=secret#x") == "https://host:1/path"
