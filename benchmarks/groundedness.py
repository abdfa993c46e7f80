"""Make supported and unsupported sentences out of a manual, and measure the local rules on them.

Run: `.venv/bin/python -m benchmarks.groundedness MANUAL`

Every sentence is held against the passage that it came from. A supported one is the sentence itself, or the
same in other words; an unsupported one has a name or a number of elsewhere, is turned into its opposite, or
is merged with a sentence of another page.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.documents import Chunk, Passage
from core.messages import EVERYONE
from workers.answering.grounding.support import Sources, faults
from workers.sentences import sentences

_WANTED, _SEED = 90, 7
_LEAST, _MOST = 60, 260
_CODE = re.compile(r"`([A-Za-z_][\w.]{2,40})`")
_NUMBER = re.compile(r"(?<![\w.`])\d{1,4}(?![\w.`])")
_SAYS = re.compile(r"\b(is|are|can|will|must|should|does|has)\b")
_OTHER_WORDS = (
    ("you can use", "use"), ("allows you to", "lets you"), ("for example", "for instance"),
    ("in order to", "to"), ("as well as", "and"), ("such as", "like"), ("however, ", "but "),
    ("provides", "offers"), ("multiple", "several"), ("This is", "That is"),
    ("also ", ""), ("which ", "that "),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    kind: str
    supported: bool
    sentence: str
    passage: str


def passages(manual: Path) -> list[tuple[str, list[str]]]:
    found = []
    for path in sorted(manual.rglob("*.md")):
        text = re.sub(r"(?s)^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for raw in re.split(r"\n(?=#)", text):
            block = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", raw)[:3000]
            said = [block[each.start : each.end].strip() for each in sentences(block, "en")]
            said = [
                each
                for each in said
                if _LEAST <= len(each) <= _MOST and each[0].isupper() and each[-1] == "."
            ]
            if len(said) > 1:
                found.append((block, said))
    return found


def cases(manual: Path) -> list[Case]:
    chance = random.Random(_SEED)
    every = passages(manual)
    names = sorted({name for text, _ in every for name in _CODE.findall(text)})
    makers: dict[str, Callable[[str, str], str]] = {
        "verbatim": lambda said, _text: said,
        "other words": lambda said, _text: _reworded(said),
        "shortened": lambda said, _text: _shortened(said),
        "swapped name": lambda said, text: _named(said, text, names, chance),
        "swapped number": lambda said, text: _numbered(said, text, chance),
        "negation": lambda said, _text: _negated(said),
        "merged": lambda said, text: _merged(said, text, every, chance),
    }
    found: list[Case] = []
    for kind, make in makers.items():
        order = chance.sample(every, len(every))
        made = 0
        for text, said in order:
            one = chance.choice(said)
            changed = make(one, text)
            if changed and (changed != one or kind == "verbatim"):
                found.append(Case(kind, kind in ("verbatim", "other words", "shortened"), changed, text))
                made += 1
            if made == _WANTED:
                break
    return found


def _reworded(said: str) -> str:
    changed = said
    for one, two in _OTHER_WORDS:
        changed = changed.replace(one, two)
    return changed


def _shortened(said: str) -> str:
    head, comma, tail = said.partition(", ")
    return f"{head}." if comma and len(head) > _LEAST and "not" not in tail else ""


def _named(said: str, text: str, names: list[str], chance: random.Random) -> str:
    there = _CODE.findall(said)
    others = [each for each in chance.sample(names, 40) if each not in text]
    return said.replace(f"`{there[0]}`", f"`{others[0]}`") if there and others else ""


def _numbered(said: str, text: str, chance: random.Random) -> str:
    there = _NUMBER.search(said)
    if not there:
        return ""
    other = next(each for each in iter(lambda: str(chance.randint(2, 990)), "") if each not in text)
    return said[: there.start()] + other + said[there.end() :]


def _negated(said: str) -> str:
    if re.search(r"\b(not|never|no|without)\b|n't", said):
        return re.sub(
            r"\b(is|are|can|will|must|should|does|has) not\b|\bcannot\b", lambda m: m[1] or "can", said
        )
    return _SAYS.sub(r"\1 not", said, count=1)


def _merged(said: str, text: str, every: list[tuple[str, list[str]]], chance: random.Random) -> str:
    other = chance.choice(chance.choice(every)[1])
    if other in text:
        return ""
    start, rest = said.rstrip(".").split(" "), other.split(" ")
    return " ".join([*start[: len(start) // 2], *rest[len(rest) // 2 :]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manual", type=Path)
    parser.add_argument("--show", default="")
    given = parser.parse_args()
    made = cases(given.manual)
    touched: Counter[str] = Counter()
    total: Counter[str] = Counter()
    right = wrong = missed = 0
    for each in made:
        chunk = Chunk("c", "d", "s", "Page", (), each.passage, "", 0, 0, (EVERYONE,))
        found = faults(each.sentence, Sources([Passage(chunk, 1.0)]))
        total[each.kind] += 1
        touched[each.kind] += bool(found)
        right += bool(found) and not each.supported
        wrong += bool(found) and each.supported
        missed += not found and not each.supported
        if given.show == each.kind and bool(found) == each.supported:
            print(found, "|", each.sentence)
    print(f"{'kind':<16}{'n':>5}{'touched':>9}")
    for kind, count in total.items():
        print(f"{kind:<16}{count:>5}{touched[kind] / count:>9.3f}")
    supported = sum(each.supported for each in made)
    print(f"\n{len(made)} sentences: F1 {2 * right / (2 * right + wrong + missed):.3f}, "
          f"supported sentences touched {wrong / supported:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
