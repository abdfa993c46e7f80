"""Links in a text that leaves: to cited sources and allowed hosts they stay, with the host in plain sight."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

# Code shows its links as text. A fence or tick that does not surely open code opens none.
_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n`]{0,100}\n.*?^ {0,3}(?P=fence)[ \t]*$"
    r"|(?<![`\\])(?P<tick>`{1,3})(?![`\s])[^`\n]{1,500}(?<![`\s])(?P=tick)(?!`)",
    re.MULTILINE | re.DOTALL,
)
# Character references that could spell a link; a renderer of Markdown reads them as their characters.
_SPELT = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|colon|sol|period|commat|lpar|rpar|lsqb|rsqb|bsol|num|quest|Tab|NewLine);"
)
# `[label](target)` and `![label](target)`, with or without a title.
_INLINE = re.compile(
    r"!?\[(?P<label>[^\[\]\n]{0,500})\]\(\s{0,3}<?(?P<target>[^\s()<>]{1,2000})>?(?:\s[^()\n]{0,200})?\)"
)
_DOT = "[.\uff0e\u3002\uff61]"
_SLASH = r"[/\\\uff0f\uff3c\u2044\u2215]"
_REST = r"[^\s<>\"|`\[\]{}^]"
_NAME = rf"[^\W_](?:[\w-]{{0,62}}[^\W_])?(?:{_DOT}[^\W_](?:[\w-]{{0,62}}[^\W_])?){{0,8}}"
_TLD = (
    "com|net|org|io|co|dev|app|xyz|info|biz|me|ai|gg|ly|to|site|online|top|ru|cn|uk|de|fr|eu|us|tk|ml|ga|cf|in|br"
    "|jp|it|es|nl|link|click|live|shop|store|tech|cloud|page|example|test|evil|club|space|website|pw|cc|ws|zip|mov"
)
_URL = re.compile(
    rf"(?<![^\W_])[a-z][a-z0-9+.-]{{1,30}}[:\uff1a]{_SLASH}{{1,4}}(?:\[[0-9a-f:.]{{2,45}}\])?{_REST}{{0,2000}}"
    rf"|(?<!\d)[:\uff1a]{_SLASH}{{2,4}}{_REST}{{1,2000}}"
    rf"|(?<![:\w/.\\]){_SLASH}{{2}}{_NAME}{_DOT}{_NAME}{_REST}{{0,2000}}"
    rf"|(?<![\w@/.-])www{_DOT}{_NAME}{_REST}{{0,2000}}"
    rf"|(?<![\w@/.-]){_NAME}{_DOT}(?:{_TLD})(?:[:\uff1a]\d{{1,5}})?(?:{_SLASH}|\?|\#|@){_REST}{{1,2000}}"
    rf"|(?<![\w@/.-])[\w-]{{21,63}}(?:{_DOT}[\w-]{{1,63}}){{0,6}}{_DOT}(?:{_TLD})(?![\w.-])"
    r"|(?<!\w)(?:javascript|vbscript|blob|slack|discord|intent|market|vscode|steam|ms-[a-z]{2,20})"
    rf":(?=[^\s]){_REST}{{1,2000}}"
    rf"|(?<!\w)data:[a-z]{{1,20}}/{_REST}{{1,2000}}"
    rf"|(?<!\w)mailto:{_REST}{{0,200}}\?{_REST}{{1,2000}}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)*_'~\u2019\u201d»"
_AUTHORITY = re.compile(
    rf"^(?:[a-z][a-z0-9+.-]{{0,30}})?[:\uff1a]?{_SLASH}{{0,4}}(?P<rest>.*)$", re.IGNORECASE
)
# A second address inside a first: where an allowed host may send a person on to.
_ADDRESS_INSIDE = re.compile(r"(?i)https?:|//|\\\\|\bwww\.|@")
_SHORT_LABEL, _MOST_LABELS = 3, 3
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where links may lead.

    Attributes:
        urls: exact addresses: those of cited sources.
        hosts: hosts that the policy allows; `*.example.com` is every host below it.
    """

    urls: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()

    def permits(self, url: str) -> bool:
        """Whether a link to this address may be shown as a link."""
        if url in self.urls:
            return True
        if not re.match(r"(?i)https?://[a-z0-9.-]{1,253}(?::\d{1,5})?(?:[/?#]|$)", url) or "\\" in url:
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if not any(_is_host(parts.hostname or "", each) for each in self.hosts):
            return False
        behind = url.partition("//")[2][len(parts.netloc) :]
        for _ in range(_ROUNDS):
            behind = unquote(behind)
        return not _ADDRESS_INSIDE.search(behind)


def _is_host(host: str, allowed: str) -> bool:
    allowed = allowed.casefold()
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host == allowed


def defuse(text: str, allowed: Allowed) -> str:
    """The text with every link that is not allowed taken out, and the host of the others in plain sight."""
    pieces: list[str] = []
    at = 0
    for code in _CODE.finditer(text):
        pieces += [_defused(text[at : code.start()], allowed), code.group()]
        at = code.end()
    return "".join([*pieces, _defused(text[at:], allowed)])


def _defused(text: str, allowed: Allowed) -> str:
    if "&" in text:
        text = _SPELT.sub(lambda each: unescape(each.group()), text)
    text = _INLINE.sub(lambda each: _inline(each, allowed), text)
    return _URL.sub(lambda each: _bare(each.group(), allowed), text)


def _inline(match: re.Match[str], allowed: Allowed) -> str:
    label, target = match["label"].strip(), match["target"]
    if not allowed.permits(target):
        removed = _removed(target)
        return f"{label} ({removed})" if label else removed
    return target if label in ("", target) else f"{label} ({target})"


def _bare(url: str, allowed: Allowed) -> str:
    link = url.rstrip(_TRAILING)
    rest = url[len(link) :]
    if allowed.permits(link) or allowed.permits(f"https://{link}"):
        return url
    return f"{_removed(link)}{rest}"


def _removed(url: str) -> str:
    host = _host(url)
    return f"link removed: {host}" if host else "link removed"


def _host(url: str) -> str:
    """The end of the host that a browser would go to, as a word that is no link; empty where there is none.

    Only the end, since the labels before it can carry data out as a path can.
    """
    found = _AUTHORITY.match(unicodedata.normalize("NFKC", url))
    if not found or re.match(r"(?i)(?:data|javascript|vbscript|blob|mailto):", url):
        return ""
    authority = re.split(r"[/\\?#]", found["rest"], maxsplit=1)[0]
    host = authority.rpartition("@")[2].partition(":")[0].rstrip(".").casefold()
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return ""
    labels = [each for each in host.split(".") if each]
    if not all(re.fullmatch(r"[a-z0-9-]{1,63}", each) for each in labels):
        return ""
    most = _MOST_LABELS if len(labels) > _MOST_LABELS - 1 and len(labels[-2]) <= _SHORT_LABEL else 2
    if all(each.isdecimal() for each in labels):
        most = len(labels)
    return "[.]".join(labels[-most:])


def allowed(urls: Iterable[str], hosts: Iterable[str]) -> Allowed:
    """Where the links of one answer may lead: its sources as they are, and without the place in the page."""
    exact = {each for url in urls if url for each in (url, url.partition("#")[0], url.rstrip("/"))}
    return Allowed(frozenset(exact), tuple(hosts))
