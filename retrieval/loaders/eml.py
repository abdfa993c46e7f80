"""E-mail messages."""

import datetime as dt
import email
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import default

from retrieval.loaders import Content, UnreadableError, html

_SHOWN = ("From", "To", "Cc", "Date")


def load(data: bytes) -> Sequence[Content]:
    """Read a message: its subject as title, sender, receivers, day, and its body, plain or HTML.

    Attachments are named, not read.
    """
    if not data.strip():
        raise UnreadableError("it is empty")
    message = email.message_from_bytes(data, policy=default)
    if not isinstance(message, EmailMessage) or "From" not in message:
        raise UnreadableError("it is broken or no e-mail message")
    subject = " ".join(str(message.get("Subject", "")).split())
    head = [f"- {name}: {' '.join(str(message[name]).split())}" for name in _SHOWN if message.get(name)]
    attached = [part.get_filename() for part in message.iter_attachments()]
    named = [name for name in attached if name]
    tail = f"Attachments: {', '.join(named)}" if named else ""
    parts = (f"# {subject}" if subject else "", "\n".join(head), _body(message), tail)
    return [Content("\n\n".join(filter(None, parts)), subject, _day(message))]


def _body(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise UnreadableError("it has no text")
    try:
        text = body.get_content()
    except (LookupError, KeyError):  # a charset that Python does not know
        raise UnreadableError(f"its text is in an unknown encoding ({body.get_content_charset()})") from None
    if not isinstance(text, str) or not text.strip():
        raise UnreadableError("it has no text")
    if body.get_content_subtype() == "html":
        return html.load(text.encode())[0].text
    return text.replace("\r\n", "\n").strip()


def _day(message: EmailMessage) -> str:
    sent = getattr(message.get("Date"), "datetime", None)
    return sent.date().isoformat() if isinstance(sent, dt.datetime) else ""
