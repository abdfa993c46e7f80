"""One Markdown for all platforms: how an answer's text and sources read."""

from core.messages import Answer, Citation


def sources(answer: Answer) -> str:
    """The numbered list of an answer's sources, or nothing where it cites none."""
    if not answer.citations:
        return ""
    return "\n".join(["Sources", *(_source(citation) for citation in answer.citations)])


def _source(citation: Citation) -> str:
    heading = f" › {citation.heading}" if citation.heading else ""
    link = f" — {citation.source}" if citation.source else ""
    return f"[{citation.n}] {citation.title}{heading}{link}"


def whole(answer: Answer) -> str:
    """An answer's text followed by its sources."""
    return "\n\n".join(part for part in (answer.text, sources(answer)) if part)
