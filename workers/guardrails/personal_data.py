"""Personal data of known forms: allowed, masked or refused, kind by kind, as the policy says.

Names and street addresses have no form, so they are not found.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from core.policy import Kind

# Each form is bounded, so that no text takes more than linear time.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@])")
_DIGITS = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){11,18}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?!\w)")
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
    r"(?![\w:]|\.\d)"
)
_PHONE = re.compile(
    r"(?<![\w.+/#$€£:,-])(?<!\d[ ])(?:\+\d{1,6}|00\d{1,5}|\(\d{1,5}\)|0\d{1,4}|\d{3})"
    r"(?:[ .()/-]{1,3}\d{1,8}){1,5}"
    r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,6})?(?![\w%/]|[.,]\d)"
)
_WIDE_PHONE = re.compile(r"(?<![\w+])\+\d{8,15}(?!\w)")
# A number that is called one: beside such a word its digits may be grouped in any way, or not at all.
_CALLED = (
    r"(?:tele)?phone(?:[ ]number)?|tel|fax|mobile|mob|cell|desk|office|whatsapp|dial|call|ring|reach|telefon"
)
_SAID_PHONE = re.compile(
    rf"(?i:\b(?:{_CALLED})\b)[^\w\n+(]{{0,5}}\n?(?:(?i:(?:me|us|at|on|is|number|no)[ .:]{{1,2}}){{0,3}})"
    r"(?P<number>[+(]{0,2}\d(?:[ .()/-]{0,3}\d){6,14})(?![\w%]|[.,]\d)"
)
_PHONE_SAID = re.compile(
    rf"(?<![\w.,+-])(?P<number>[+(]{{0,2}}\d(?:[ .()/-]{{0,3}}\d){{6,14}})[ \\,-]{{1,3}}(?i:(?:{_CALLED})\b)"
)
_DATE = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}")
_GROUPS = re.compile(r"\d+")
_LEAST_DIGITS, _MOST_DIGITS = 9, 15
_SAID = {
    "email": "an e-mail address",
    "card": "a card number",
    "iban": "a bank account",
    "ssn": "a social security number",
    "ip": "an IP address",
    "phone": "a phone number",
}
_LUHN_NINE = 9
_MODULUS = 97
_LEAST_CARD = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: its kind, and where it stands."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> list[Found]:
    """The personal data of a text, in order; where two kinds overlap, the surer one counts."""
    found: list[Found] = []
    taken = [False] * len(text)
    for each in _candidates(text):
        if not any(taken[each.start : each.end]):
            found.append(each)
            taken[each.start : each.end] = [True] * (each.end - each.start)
    return sorted(found, key=lambda each: each.start)


def _candidates(text: str) -> Iterator[Found]:
    """What may be personal data, the surest kinds first."""
    if "@" in text:
        yield from (Found("email", each.start(), each.end()) for each in _EMAIL.finditer(text))
    yield from _accounts(text)
    yield from (Found("phone", each.start(), each.end()) for each in _WIDE_PHONE.finditer(text))
    yield from _called(text)
    yield from (
        Found("card", each.start(), each.end()) for each in _DIGITS.finditer(text) if _is_card(each.group())
    )
    yield from (Found("ssn", each.start(), each.end()) for each in _SSN.finditer(text))
    yield from (Found("ip", each.start(), each.end()) for each in _IP.finditer(text) if _is_ip(each.group()))
    yield from (
        Found("phone", each.start(), each.end()) for each in _PHONE.finditer(text) if _is_phone(each.group())
    )


def _accounts(text: str) -> Iterator[Found]:
    for each in _IBAN.finditer(text):
        end = next((end for end in _ends(each) if _is_iban(text[each.start() : end])), 0)
        if end:
            yield Found("iban", each.start(), end)


def _called(text: str) -> Iterator[Found]:
    """Numbers beside a word that calls them phone numbers."""
    for pattern in (_SAID_PHONE, _PHONE_SAID):
        for each in pattern.finditer(text):
            if not _DATE.fullmatch(each["number"]) and not _is_card(each["number"]):
                yield Found("phone", each.start("number"), each.end("number"))


def _ends(match: re.Match[str]) -> Iterator[int]:
    """Where an account number may end: words in capitals may follow it."""
    yield match.end()
    text = match.group()
    yield from (match.start() + at for at in range(len(text) - 1, 14, -1) if text[at] in " -")


def _is_iban(text: str) -> bool:
    """ISO 7064 MOD 97-10, over the number with its first four characters behind the rest."""
    plain = re.sub(r"[ -]", "", text)
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % _MODULUS == 1


def _is_card(text: str) -> bool:
    """ISO/IEC 7812: 12 to 19 digits of which the last is Luhn's; all alike is a blank of a form."""
    digits = [int(each) for each in text if each.isdigit()]
    if len(digits) < _LEAST_CARD or len(set(digits)) == 1 or not digits[0]:
        return False
    doubled = [each * 2 - (_LUHN_NINE if each * 2 > _LUHN_NINE else 0) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == 4 or text.count(":") > 2 or "::" in text[1:-1]  # noqa: PLR2004


def _is_phone(text: str) -> bool:
    digits = [each for each in text if each.isdigit()]
    if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS or _DATE.fullmatch(text):
        return False
    groups = _GROUPS.findall(text)
    if text[0] in "+(0":
        return len(groups) > 1
    # National numbers without a sign: three digits, three, and four, as in the United States.
    return [len(each) for each in groups[:3]] == [3, 3, 4] and not any(
        one == two == " " for one, two in pairwise(text)
    )


class PersonalData:
    """Handles each kind as the policy says. An answer may say what its passages or its question said."""

    name, asks = "personal_data", False

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def check(self, material: Material) -> Verdict:
        """Mask or refuse what the policy does not allow."""
        text, done = material.text, set[Kind]()
        found = find(text)
        for each in reversed(found):
            handling = material.policy.handling(each.kind)
            if handling == "refuse":
                return self._refused(each.kind)
            if handling == "mask":
                text = f"{text[: each.start]}[{each.kind}]{text[each.end :]}"
                done.add(each.kind)
        if not done and found and self.stage is Stage.INPUT:
            held = " and ".join(_SAID[each] for each in sorted({each.kind for each in found}))
            return Verdict(1.0, Action.FLAG, f"holds {held}, which is allowed here")
        if not done:
            return FINE
        kinds = " and ".join(_SAID[each] for each in sorted(done))
        say = f"I left {kinds} out of your question." if self.stage is Stage.INPUT else ""
        return Verdict(1.0, Action.MASK, f"masked {kinds}", text, say)

    def _refused(self, kind: Kind) -> Verdict:
        if self.stage is Stage.INPUT:
            say = (
                f"Your message holds {_SAID[kind]}, and I may not work with that here. Please ask without it."
            )
            return Verdict(1.0, Action.REFUSE, f"holds {_SAID[kind]}", say=say)
        return Verdict(1.0, Action.REWRITE, f"it holds {_SAID[kind]}")


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule at both ends."""
    return (PersonalData(Stage.INPUT), PersonalData(Stage.OUTPUT))
