import subprocess
import sys

from slack_sdk import WebClient


def test_the_simulator_runs_as_a_process_and_says_where() -> None:
    command = [sys.executable, "-m", "bot.simulators.slack"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        told = dict(process.stdout.readline().strip().split("=", 1) for _ in range(4))
        client = WebClient(told["CANDOR_SLACK_BOT_TOKEN"], base_url=told["CANDOR_SLACK_API_URL"])
        [general] = client.conversations_list()["channels"]
        client.chat_postMessage(channel=general["id"], text="hello")
        assert process.stdout.readline() == "Candor: hello\n"
        process.stdin.close()
        assert process.wait(10) == 0
