import httpx

from tests.cli.candor import Candor, read_until, stop


def test_one_process_does_it_all_and_others_are_its_clients(candor: Candor, furnished: Candor) -> None:
    with candor.set(rates_timer="off").running("up") as process:
        assert "a worker with 4 threads, 1 source(s) in the index" in read_until(process.stdout, ".\n")
        rates = read_until(process.stdout, ".\n").removeprefix("Live rates: ").removesuffix(".\n")
        assert httpx.get(f"{rates}/health").json()["status"] == "starting"
        health = read_until(process.stdout, "/healthz").removeprefix("Health and metrics: ")
        page = health.removesuffix("/healthz")
        assert httpx.get(health).json() == httpx.get(f"{page}/readyz").json() == {"status": "ok", "wrong": {}}
        address = (candor.home / "index" / "address.json").read_bytes()
        assert "to the accounts team" in candor.done("ask", "How do I hand in receipts?")
        assert 'candor_open_turns{state="received"} 0.0' in httpx.get(f"{page}/metrics").text
        assert "1 indexed" in candor.done("ingest", str(furnished.folder / "handbook" / "travel.txt"))
        assert (candor.home / "index" / "address.json").read_bytes() == address
        assert stop(process) == 0
        assert process.stderr
        assert process.stderr.read() == ""
    assert not (candor.home / "index" / "address.json").exists()


def test_with_a_rates_service_elsewhere_it_runs_none(candor: Candor) -> None:
    with candor.set(rates_url="http://127.0.0.1:1").running("up") as process:
        read_until(process.stdout, ".\n")
        assert read_until(process.stdout, ".\n") == "Live rates: http://127.0.0.1:1.\n"
        assert stop(process) == 0
    assert not (candor.home / "rates").exists()
