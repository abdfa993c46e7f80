"""Markdown files, with or without front matter."""

from collections.abc import Sequence

import frontmatter
import yaml

from retrieval import chunker
from retrieval.loaders import Content
from retrieval.loaders._values import day, language
from retrieval.loaders.text import decode


def load(data: bytes) -> Sequence[Content]:
    """Read a Markdown file: `title`, `date` and `lang` of its front matter; else its first heading as title.

    Front matter that is not YAML stays where it is, as text.
    """
    text = decode(data)
    try:
        metadata, text = frontmatter.parse(text)
    except yaml.YAMLError:
        metadata = {}
    named = metadata.get("title")
    title = " ".join(str(named).split()) if named else chunker.first_title(text)
    date = next((metadata[key] for key in ("updated", "lastmod", "date") if metadata.get(key)), "")
    return [
        Content(
            text,
            title,
            day(date),
            language(metadata.get("lang") or metadata.get("language")),
        )
    ]
