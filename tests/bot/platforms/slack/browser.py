"""What an admin's browser does to install the app in a workspace."""

import html
import re
from urllib.parse import urlsplit

import httpx

from bot.platforms.slack.ingress.oauth import INSTALL, REDIRECT


def install(url: str, workspace: str) -> httpx.Response:
    """From the page to install to the way back, of which the last answer is given."""
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(f"{url}{INSTALL}")
        back = browser.get(f"{button(page)}&team={workspace}").headers["location"]
        # The cookie is for HTTPS alone, which there is none of on loopback.
        cookie = page.headers["set-cookie"].partition(";")[0]
        return browser.get(f"{url}{REDIRECT}?{urlsplit(back).query}", headers={"Cookie": cookie})


def button(page: httpx.Response) -> str:
    """Where the button of the page to install leads."""
    found = re.search(r'<a href="([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])
