"""`candor search`: what a search finds."""

import json
from dataclasses import replace

import typer

from bot.outgoing import visible
from cli.bootstrap.library import library
from cli.filters import day, parse
from cli.options import GroupOption, audience
from core import log
from core.settings import HomeSettings
from evals import reranking
from retrieval.search import Query

app = typer.Typer()


@app.command()
def search(  # noqa: PLR0917 - options, which a person gives by name
    query: str = typer.Argument(help="The words to search for, in quotes."),
    top: int = typer.Option(10, "--top", min=1, max=100, help="How many passages."),
    as_json: bool = typer.Option(False, "--json", help="Print a JSON list instead of text."),
    group: GroupOption = None,
    where: list[str] = typer.Option(
        [], "--where", help="Only records whose field fits: `status=open`, `rent<=900`, `due>=2026-01-31`."
    ),
    since: str = typer.Option("", "--since", help="Only documents of this day or later, such as 2026-01-31."),
    until: str = typer.Option("", "--until", help="Only documents of this day or earlier."),
) -> None:
    """Show the passages that a search finds, reranked where a reranker is set up."""
    if not query.strip():
        raise typer.BadParameter("the query is empty", param_hint="query")
    exact, ranges = parse(where)
    wanted = Query(
        text=query,
        rights=audience(group),
        limit=top,
        since=day(since),
        until=day(until),
        where=exact,
        ranges=ranges,
        scored=True,
    )
    log.configure(log.LogSettings())
    with library(HomeSettings()) as shelf:
        rerank = reranking.configured(shelf.embedder)
        if rerank is None:
            passages = shelf.search.find(wanted)
        else:
            found = shelf.search.find(replace(wanted, limit=max(top, rerank.candidates)))
            passages = rerank(query, found)[:top]
    rows = [
        {
            "rank": rank,
            "score": passage.score,
            "document_id": passage.chunk.document_id,
            "title": passage.chunk.title,
            "heading": passage.chunk.place,
            "text": passage.chunk.text,
            "source": passage.chunk.link,
            "scores": dict(passage.scores),
        }
        for rank, passage in enumerate(passages, start=1)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        typer.echo("Nothing found.")
    for row in rows:
        place = " › ".join(part for part in (str(row["title"]), str(row["heading"])) if part)
        typer.echo(visible(f"{row['rank']:>3}  {row['score']:.3f}  {place} — {row['source']}"))
        typer.echo(visible(f"          {' '.join(str(row['text']).split())[:200]}"))
