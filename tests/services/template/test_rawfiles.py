import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from services.template.rawfiles import RawFiles

BODY = b"date,rate\n" * 50_000


def test_a_file_that_many_keep_at_once_is_there_once_and_whole(tmp_path: Path) -> None:
    shelves = [RawFiles(tmp_path / "raw") for _ in range(16)]
    together = Barrier(len(shelves))

    def keep(shelf: RawFiles) -> str:
        together.wait()
        return shelf.keep(BODY)

    with ThreadPoolExecutor(len(shelves)) as pool:
        names = set(pool.map(keep, shelves))

    assert names == {hashlib.sha256(BODY).hexdigest()}
    assert [path.name for path in (tmp_path / "raw").iterdir()] == list(names)
    assert shelves[0].read(names.pop()) == BODY
