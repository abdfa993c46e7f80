"""Take the picture of the README: Candor answering on the demo's page, in a real browser.

python -m benchmarks.picture [--to docs/slack.png] [--browser /usr/bin/chromium]
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from core.settings import environment

_CANDOR = str(Path(sys.executable).parent / "candor")
_QUESTION = "@candor can a question be lost?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", default="docs/slack.png")
    parser.add_argument("--browser", default=shutil.which("chromium") or "")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = environment(home=home)
        command = [_CANDOR, "demo", "slack"]
        with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) as demo:
            try:
                url = next(line.split()[1] for line in demo.stdout or () if line.startswith("Open "))
                _picture(url, Path(arguments.to), arguments.browser)
            finally:
                demo.terminate()
    print(f"{arguments.to}: {Path(arguments.to).stat().st_size // 1000} kB")


def _picture(url: str, to: Path, browser: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser or None, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.goto(url)
        _write(page, "#write", _QUESTION)
        page.get_by_text("1 reply", exact=True).click(timeout=60_000)
        page.locator("#thread").get_by_role("button", name="Good answer").wait_for(timeout=60_000)
        page.locator("#thread").get_by_role("button", name="Good answer").click()
        page.screenshot(path=to)
        chromium.close()


def _write(page: Page, field: str, text: str) -> None:
    page.fill(field, text)
    page.press(field, "Enter")


if __name__ == "__main__":
    main()
