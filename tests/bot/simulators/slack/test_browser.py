"""The page in a real browser: by keyboard, while it changes, with modals, and by dark."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from bot.simulators.slack import SlackSimulator
from bot.simulators.slack.example import Example, furnish
from bot.simulators.slack.page import SlackScene
from bot.simulators.view import viewing

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="missing here: a Chromium browser, as Debian's chromium"),
]


@pytest.fixture
def example(slack: SlackSimulator) -> Example:
    return furnish(slack)


def _is_problem(said: ConsoleMessage) -> bool:
    """Whether the console complains; of a form that is refused it does too, and the page says so itself."""
    return said.type == "error" and "status of 4" not in said.text


@pytest.fixture
def page(example: Example) -> Iterator[Page]:
    with viewing(SlackScene(example.people)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        made = browser.new_page(color_scheme="dark")
        problems: list[str] = []
        made.on("console", lambda said: problems.append(said.text) if _is_problem(said) else None)
        made.on("pageerror", lambda error: problems.append(str(error)))
        made.goto(url)
        made.locator("body[data-live=yes]").wait_for()
        yield made
        browser.close()
        assert problems == []


def test_a_message_is_written_and_shown_without_a_reload(example: Example, page: Page) -> None:
    page.get_by_label("Message in # general").fill("Is anybody here?")
    page.keyboard.press("Enter")
    expect(page.locator("#channel")).to_contain_text("Is anybody here?")
    expect(page.get_by_label("Message in # general")).to_have_value("")
    example.people[1].say(example.general, "I am.")
    expect(page.locator("#channel")).to_contain_text("I am.")


def test_what_is_being_typed_and_where_one_stands_survive_news(example: Example, page: Page) -> None:
    field = page.get_by_label("Message in # general")
    field.fill("half a sen")
    more = page.locator("#channel summary").first
    more.click()
    example.people[1].say(example.general, "News.")
    expect(page.locator("#channel")).to_contain_text("News.")
    expect(field).to_have_value("half a sen")
    expect(more).to_be_focused()
    expect(page.get_by_role("button", name="Delete").first).to_be_visible()


def test_everything_can_be_reached_by_the_keyboard(page: Page) -> None:
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert {"Skip to the messages", "Ben", "# operations", "Home", "Reply in a thread", "write"} <= reached


def test_every_field_and_button_has_a_name(page: Page) -> None:
    page.get_by_role("link", name="Reply in a thread").first.click()
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a, textarea, select, input:not([type=hidden])')]"
        ".filter((each) => !each.getAttribute('aria-label') && !each.labels?.length)"
        ".filter((each) => !each.textContent.trim())"
        ".map((each) => each.outerHTML)"
    )
    assert unnamed == []


def test_it_is_dark_where_the_reader_likes_it_dark(page: Page) -> None:
    def brightness() -> int:
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.strip("rgb()").split(","))

    assert brightness() < 200
    page.emulate_media(color_scheme="light")
    assert brightness() > 600


def test_a_modal_takes_the_focus_and_escape_tells_the_app(
    slack: SlackSimulator, example: Example, page: Page
) -> None:
    ana = example.people[0]
    view: dict[str, Any] = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Why"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "b",
                "label": {"type": "plain_text", "text": "Because"},
                "element": {"type": "plain_text_input", "action_id": "because"},
            }
        ],
    }
    with slack.workspace.changed:
        slack.workspace.views.open(ana.id, view)
        slack.workspace.changed.notify_all()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_contain_text("Please fill this in.")
    page.get_by_label("Because").fill("So.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert ana.modal is None


def test_an_app_that_is_not_there_is_missed_in_words(page: Page) -> None:
    page.get_by_label("Message in # general").fill("/ask anything")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").last).to_contain_text("Is it running?")
