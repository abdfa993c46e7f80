import subprocess
import sys

import httpx


def test_the_simulator_runs_as_a_process_and_says_where() -> None:
    command = [sys.executable, "-m", "bot.simulators.discord"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        told = dict(process.stdout.readline().strip().split("=", 1) for _ in range(4))
        headers = {"Authorization": f"Bot {told['CANDOR_DISCORD_TOKEN']}"}
        with httpx.Client(base_url=told["CANDOR_DISCORD_API_URL"], headers=headers) as client:
            [guild] = client.get("/users/@me/guilds").json()
            [general] = client.get(f"/guilds/{guild['id']}/channels").json()
            assert client.get("/gateway/bot").json()["url"] == told["CANDOR_DISCORD_GATEWAY_URL"]
            client.post(f"/channels/{general['id']}/messages", json={"content": "hello"})
        people = process.stdout.readline().strip().removeprefix("people: ")
        assert httpx.get(people).json()["people"][0]["name"] == "Ana"
        assert process.stdout.readline() == "Candor: hello\n"
        process.stdin.close()
        assert process.wait(10) == 0
