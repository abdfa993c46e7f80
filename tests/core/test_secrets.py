"""Secrets of known forms are masked, and nothing else is touched."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secrets import mask

_random = random.Random(7)


def _letters(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_random.choice(alphabet) for _ in range(count))


_LOWER = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = string.hexdigits.lower()[:16]

# Forms as each vendor documents its own; every one of these is made up here.
SECRETS = {
    "slack bot token": lambda: f"xoxb-{_letters(12, string.digits)}-{_letters(24)}",
    "slack app token": lambda: (
        f"xapp-1-A{_letters(10, _UPPER)}-{_letters(13, string.digits)}-{_letters(64, _HEX)}"
    ),
    "slack webhook": lambda: (
        f"https://hooks.slack.com/services/T{_letters(8, _UPPER)}/B{_letters(8, _UPPER)}/{_letters(24)}"
    ),
    "aws access key": lambda: f"AKIA{_letters(16, _UPPER)}",
    "github classic token": lambda: f"ghp_{_letters(36)}",
    "github fine-grained token": lambda: f"github_pat_{_letters(22)}_{_letters(59)}",
    "gitlab token": lambda: f"glpat-{_letters(20)}",
    "stripe live key": lambda: f"sk_live_{_letters(24)}",
    "openai old key": lambda: f"sk-{_letters(20)}T3BlbkFJ{_letters(20)}",
    "openai project key": lambda: f"sk-proj-{_letters(48)}",
    "anthropic key": lambda: f"sk-ant-api03-{_letters(80)}",
    "cohere key": lambda: f"COHERE_API_KEY={_letters(39)}7",
    "jwt": lambda: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + _letters(43),
    "private key": lambda: f"-----BEGIN PRIVATE KEY-----\n{_letters(64)}\n-----END PRIVATE KEY-----",
    "discord bot token": lambda: f"M{_letters(23)}.{_letters(6)}.{_letters(27)}",
    "password": lambda: f'password="{_letters(12)}"',
    "password in a url": lambda: f"postgres://app:{_letters(12)}@db.internal/app",
    "google api key": lambda: f"AIza{_letters(35)}",
    "sendgrid key": lambda: f"SG.{_letters(22)}.{_letters(43)}",
    "npm token": lambda: f"npm_{_letters(36)}",
    "hugging face token": lambda: f"hf_{_letters(34)}",
    "twilio key": lambda: f"SK{_letters(32, _HEX)}",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_every_secret_of_a_known_kind_is_masked(kind: str) -> None:
    for _ in range(50):
        secret = SECRETS[kind]()
        masked = mask(f"please use {secret} for the deployment")
        assert "[secret: " in masked
        assert secret not in masked
        assert masked.startswith("please use ")
        assert masked.endswith(" for the deployment")


@pytest.mark.parametrize(
    "text",
    [
        "What is the password policy?",
        "The api_key: setting is described in settings.md",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke the build",
        "request 123e4567-e89b-12d3-a456-426614174000 timed out",
        "Set CANDOR_OPENAI_API_KEY to your key and restart.",
        "ask for a token: it is free",
        "https://example.com/a?b=c#d and user@example.com",
    ],
)
def test_harmless_text_is_left_as_it_is(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)
