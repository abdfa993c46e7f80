"""How fast `candor rates` answers `latest` at 500 requests a second.

Run it with `python -m benchmarks.rates`. The service is a process of its own, synced with 55 years of weekly
rates. Requests leave on the clock, and the time of each counts from when it should have left, so that waiting
for a slow answer is counted too. Prints a Markdown table, in milliseconds.
"""

import http.client
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from math import sin
from pathlib import Path
from urllib.parse import urlsplit

import httpx

REQUESTS_A_SECOND = 500
SECONDS = 20
CONNECTIONS = 16
WEEKS = 2_850
FIRST = date(1971, 4, 2)
PATHS = ("/latest", "/latest?series=mortgage_30y", "/latest?series=eur_usd")


def _files(folder: Path) -> dict[str, str]:
    rates = {FIRST + timedelta(weeks=week): round(7 + 2 * sin(week / 60), 2) for week in range(WEEKS)}
    pmms = [
        f'"{day.month}/{day.day}/{day.year}","{rate}","","{rate - 0.7:.2f}"' for day, rate in rates.items()
    ]
    fred = [f"{day},{rate:.2f}" for day, rate in rates.items()]
    files = {
        "pmms": ["date,pmms30,pmms30p,pmms15", *pmms],
        "fred": ["observation_date,MORTGAGE30US", *fred],
        "ecb": ["Date,USD,JPY,", f"{max(rates)},1.1684,186.75,"],
    }
    settings = {}
    for name, lines in files.items():
        path = folder / name
        path.write_text("".join(f"{line}\n" for line in lines))
        settings[f"CANDOR_RATES_{name.upper()}_URL"] = path.as_uri()
    return settings


@contextmanager
def _service() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"PATH": "/usr/bin:/bin", "CANDOR_HOME": str(folder / "home")} | _files(folder)
        command = [str(Path(sys.executable).parent / "candor"), "rates", "--port", "0"]
        with subprocess.Popen(
            command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            url = process.stdout.readline().split()[-1].removesuffix(".")
            while httpx.get(f"{url}/health").json()["status"] != "ok":
                time.sleep(0.1)
            yield url
            process.terminate()


def measure(url: str, path: str, seconds: float) -> list[float]:
    """Ask on the clock and give the time of each answer, in milliseconds."""
    host = urlsplit(url).netloc
    total = int(REQUESTS_A_SECOND * seconds)
    times = [0.0] * total
    turn = count()
    start = time.perf_counter() + 0.2

    def ask() -> None:
        connection = http.client.HTTPConnection(host)
        while (number := next(turn)) < total:
            due = start + number / REQUESTS_A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            assert response.status == http.client.OK, body
            times[number] = (time.perf_counter() - due) * 1000
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def main() -> None:
    print(f"{REQUESTS_A_SECOND} requests/s for {SECONDS} s over {CONNECTIONS} connections, ms\n")
    print("| request | p50 | p95 | p99 | longest |\n| --- | --- | --- | --- | --- |")
    with _service() as url:
        measure(url, PATHS[0], 2)
        for path in PATHS:
            times = measure(url, path, SECONDS)
            cuts = statistics.quantiles(times, n=100)
            print(f"| {path} | {cuts[49]:.2f} | {cuts[94]:.2f} | {cuts[98]:.2f} | {max(times):.2f} |")


if __name__ == "__main__":
    main()
