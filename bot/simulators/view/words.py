"""Markdown as a page shows it: no HTML of its own, no pictures, no link but to the web."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup


def _link_open(
    renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer")
    tokens[index].attrSet("target", "_blank")
    return str(renderer.renderToken(tokens, index, options, env))  # type: ignore[attr-defined]


def _made() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    markdown.add_render_rule("link_open", _link_open)
    return markdown


_MARKDOWN = _made()


def markdown(text: str) -> Markup:
    """Markdown as HTML that is safe to show, whoever wrote it."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - the renderer escapes, and knows no HTML


def link(url: str, label: str) -> Markup:
    """A link to the web; of anything else the label alone."""
    if not url.startswith(("https://", "http://", "mailto:")):
        return Markup("{}").format(label)
    shown = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>')
    return shown.format(url, label)
