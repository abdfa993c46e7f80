"""The API keeps its own description: hundreds of generated requests, valid and invalid."""

import subprocess
import sys
from pathlib import Path

from services.rates.service import make_service
from services.template.serving import serving
from tests.services.rates.kit import put_steady, settings
from tests.services.upstream import Upstream

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


def test_every_answer_is_as_described(sources: Upstream, tmp_path: Path) -> None:
    put_steady(sources)
    home = tmp_path / "home"
    home.mkdir()
    with serving(make_service(settings(sources, home)), home, token="sesame") as url:
        done = subprocess.run(
            [
                *(SCHEMATHESIS, "run", f"{url}/openapi.json", "--header", "Authorization: Bearer sesame"),
                *("--max-examples", "15", "--seed", "1", "--no-color"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    assert "7 selected / 7 total" in done.stdout
