from tests.cli.candor import Candor, read_until, stop


def test_one_process_does_it_all_and_others_are_its_clients(candor: Candor, furnished: Candor) -> None:
    with candor.running("up") as process:
        assert "a worker with 4 threads, 1 source(s) in the index" in read_until(process.stdout, ".\n")
        address = (candor.home / "index" / "address.json").read_bytes()
        assert "to the accounts team" in candor.done("ask", "How do I hand in receipts?")
        assert "1 indexed" in candor.done("ingest", str(furnished.folder / "handbook" / "travel.txt"))
        assert (candor.home / "index" / "address.json").read_bytes() == address
        assert stop(process) == 0
        assert process.stderr
        assert process.stderr.read() == ""
    assert not (candor.home / "index" / "address.json").exists()
