"""Known kinds of secrets, found by their form and masked."""

import re
from collections.abc import Iterator

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector

# detect-secrets' own forms, entropy guessing left out: that flags most harmless messages.
_PLUGINS: tuple[RegexBasedDetector, ...] = (
    AWSKeyDetector(),
    BasicAuthDetector(),
    DiscordBotTokenDetector(),
    GitHubTokenDetector(),
    GitLabTokenDetector(),
    JwtTokenDetector(),
    OpenAIDetector(),
    SendGridDetector(),
    SlackDetector(),
    StripeDetector(),
    TwilioKeyDetector(),
)

# Forms that detect-secrets 1.5 does not know, from each vendor's documentation of its keys. The group
# `secret`, where there is one, is the part that is masked.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "Private key",
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY( BLOCK)?-----.{0,8000}?"
            r"(-----END [A-Z ]{0,40}PRIVATE KEY( BLOCK)?-----|\Z)",
            re.DOTALL,
        ),
    ),
    ("GitHub token", re.compile(r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b")),
    ("Anthropic key", re.compile(r"\bsk-ant-[A-Za-z0-9_-]{20,200}")),
    ("OpenAI key", re.compile(r"\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,200}")),
    ("Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    ("npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,100}\b")),
    ("Slack token", re.compile(r"\bx(?:ox[abeprs]|app)-[A-Za-z0-9-]{10,250}\b")),
    (
        "Credential",
        re.compile(
            r"""(?ix)\b[a-z0-9_.-]{0,60}(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|token)\b
            ["']?\s{0,3}[:=]\s{0,3}(?P<quote>["'])(?P<secret>[^"'\s]{6,200})(?P=quote)"""
        ),
    ),
    (
        "API key",
        re.compile(
            r"""(?x)\b[A-Za-z0-9_]{0,60}(?i:api_?key|secret_?key|access_?key|auth_?token)[A-Za-z0-9_]{0,20}
            \s{0,3}[:=]\s{0,3}(?P<secret>(?=[A-Za-z0-9_.+/-]{0,199}\d)[A-Za-z0-9_.+/-]{16,200})"""
        ),
    ),
)


def find(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, secret) for each secret of a known form in a text."""
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, match.groupdict().get("secret") or match.group()
    for plugin in _PLUGINS:
        # Of a URL with a password in it only the password, the one group, is the secret.
        part = 1 if isinstance(plugin, BasicAuthDetector) else 0
        for pattern in plugin.denylist:
            for match in pattern.finditer(text):
                yield str(plugin.secret_type), match.group(part)


def mask(text: str) -> str:
    """The text with each secret of a known form replaced by `[secret: kind]`."""
    found = sorted(find(text), key=lambda pair: -len(pair[1]))
    for kind, secret in found:
        text = text.replace(secret, f"[secret: {kind}]")
    return text
