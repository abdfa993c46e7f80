"""Somebody who uses a simulator's pages without a browser: reads them, presses buttons, sends forms."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx
from lxml import html


class Visitor:
    """Follows the pages of one address. `page` is the last one that was opened."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, trust_env=False, timeout=20)
        self.page: Any = None
        self.place = ""

    def open(self, place: str) -> "Visitor":
        """Open a place, and whatever it leads on to."""
        answer = self.client.get(place, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        self.place = answer.url.path
        self.page = html.fromstring(answer.text)  # type: ignore[no-untyped-call]
        return self

    def follow(self, words: str) -> "Visitor":
        """Follow a link."""
        (link,) = [each for each in self.page.iter("a") if words in each.text_content()]
        return self.open(link.get("href"))

    def reads(self, region: str) -> str:
        """What stands in a region of the place now."""
        self.open(self.place)
        (found,) = self.page.xpath(f"//*[@id='{region}']")
        return str(found.text_content())

    def labels(self, region: str) -> list[str]:
        """The buttons in a region."""
        self.open(self.place)
        return [each.text_content().strip() for each in self.page.xpath(f"//*[@id='{region}']//button")]

    def press(self, label: str, region: str, **fields: Any) -> httpx.Response:
        """Press the last button of this label in a region of the place as it is now.

        Args:
            label: what stands on the button.
            region: where.
            fields: what is filled in beside.
        """
        self.open(self.place)
        buttons = self.page.xpath(f"//*[@id='{region}']//button")
        button = [each for each in buttons if label in each.text_content()][-1]
        form = next(each for each in button.iterancestors("form"))
        hidden = form.xpath(".//input[@type='hidden']")
        sent = {each.get("name"): each.get("value") for each in hidden} | fields
        if button.get("name"):
            sent[button.get("name")] = button.get("value")
        return self.client.post(form.get("action"), data=sent)

    def write(self, text: str, field: str = "write") -> httpx.Response:
        """Write in the channel, or with `write-reply` in the thread."""
        self.open(self.place)
        (area,) = self.page.xpath(f"//textarea[@id='{field}']")
        form = next(each for each in area.iterancestors("form"))
        sent = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
        return self.client.post("/do/say", data={**sent, "text": text})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    @contextmanager
    def news(self) -> Iterator[Iterator[dict[str, str]]]:
        """The events of the place, as they come."""
        with self.client.stream("GET", "/changes", params={"at": self.place}) as answer:
            lines = answer.iter_lines()
            yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
