"""Markdown files, with or without front matter."""

import datetime as dt

import frontmatter
import yaml

from retrieval import chunker
from retrieval.loaders import Content
from retrieval.loaders.text import decode


def load(data: bytes) -> Content:
    """Read a Markdown file: `title` and `date` of its front matter, or else its first heading of level 1.

    Front matter that is not YAML stays where it is, as text.
    """
    text = decode(data)
    try:
        metadata, text = frontmatter.parse(text)
    except yaml.YAMLError:
        metadata = {}
    named = metadata.get("title")
    title = " ".join(str(named).split()) if named else chunker.first_title(text)
    return Content(text, title, _day(metadata.get("date")))


def _day(value: object) -> str:
    """A front matter date as an ISO 8601 day, or empty where it is none."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return dt.datetime.fromisoformat(str(value)).date().isoformat()
    except ValueError:
        return ""
