"""A made-up handbook of any size, with questions that it answers."""

import random
from pathlib import Path

_THINGS = (
    *("badge printer", "parking garage", "coffee machine", "server room", "bicycle shed", "meeting room"),
    *("travel budget", "laptop warranty", "fire drill", "visitor pass", "expense card", "support rota"),
    *("release train", "backup tape", "video studio", "mail room", "roof garden", "first aid box"),
)
_PLACES = ("Lisbon", "Tartu", "Leeds", "Porto", "Graz", "Ghent", "Turku", "Brno", "Vilnius", "Cork", "Basel")
_VERBS = ("is maintained by", "is paid for by", "is checked by", "is booked through", "is insured by")
_TEAMS = ("facilities", "finance", "security", "research", "support", "logistics", "people", "legal", "data")
_FILLER = (
    "Ask early, since requests are handled in the order in which they come.",
    "The form needs a cost centre and the name of a deputy.",
    "Nothing is done on public holidays of the place in question.",
    "If something breaks, write down what happened before anybody touches it.",
    "Changes are announced two weeks ahead in the weekly letter.",
    "Keys are returned to the front desk on the same day.",
    "The limits are reviewed at the end of each quarter.",
    "Old entries are kept for three years and then deleted.",
)


def write(folder: Path, chunks: int, seed: int = 1) -> list[tuple[str, str]]:
    """Write a handbook of about so many chunks.

    Returns:
        Questions, each with the file that answers it.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    questions = []
    for number in range(chunks // 4):
        place, name = chance.choice(_PLACES), f"Office {number}"
        sections = []
        for thing in chance.sample(_THINGS, 4):
            fact = (
                f"The {thing} of {name} in {place} {chance.choice(_VERBS)} the {chance.choice(_TEAMS)} team."
            )
            body = " ".join([fact, *chance.choices(_FILLER, k=9)])
            sections.append(f"## The {thing}\n\n{body}\n")
            questions.append((f"Which team looks after the {thing} of {name} in {place}?", f"{number}.md"))
        (folder / f"{number}.md").write_text(
            f"# {name} in {place}\n\n" + "\n".join(sections), encoding="utf-8"
        )
    chance.shuffle(questions)
    return questions
