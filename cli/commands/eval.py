"""`candor eval`: how good retrieval and answers are, on anybody's questions."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.outgoing import visible
from core import log
from core.policy import PolicySettings, open_policies
from core.settings import HomeSettings
from evals import answers, corpora, guardrails, plot, reranking, retrieval
from evals.scratch import scratch
from retrieval.embedders import EmbedderSettings, open_embedder
from retrieval.glossary import GlossarySettings, open_glossary
from workers.answering.budget import AnsweringSettings
from workers.guardrails._guard import open_rules
from workers.models import ModelSettings, open_models

app = typer.Typer(no_args_is_help=True)

_CORPUS = typer.Option(
    help="JSON lines of `_id`, `title` and `text`; what else a line holds can be filtered by."
)


@app.command("retrieval")
def eval_retrieval(  # noqa: PLR0917 - options, which a person gives by name
    corpus: Path = _CORPUS,
    queries: Path = typer.Option(help="JSON lines of `_id` and `text`."),
    qrels: Path = typer.Option(help="Query, document and grade, with tabs between."),
    within: str = typer.Option(
        "", "--filter", help="A field: search only documents that share the query's own value in it."
    ),
    top: int = typer.Option(10, "--top", min=1, max=100, help="Where rankings are cut."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object instead of a table."),
) -> None:
    """Measure search on your own queries: dense, sparse, hybrid and, where it is set up, reranked."""
    log.configure(log.LogSettings())
    home = HomeSettings()
    asked, judgements = corpora.queries(queries), corpora.judgements(qrels)
    judged = sum(query.id in judgements for query in asked)
    embedder = open_embedder(EmbedderSettings(), home)
    glossary = open_glossary(GlossarySettings(), home)
    rerank = reranking.configured(embedder)
    rungs = retrieval.ladder(dense=embedder is not None, rerank=rerank)
    with _bar() as bar:
        reading = bar("indexing", None)
        with scratch(corpus, embedder, home, reading, glossary) as finder:
            rows = [
                retrieval.measure(
                    rung, finder, asked, judgements, within=within, top=top, on_query=bar(rung.name, judged)
                )
                for rung in rungs
            ]
    if rerank is not None and rerank.skipped:
        typer.echo(f"{rerank.skipped} of {judged} queries were not reranked: {rerank.reason}", err=True)
    if as_json:
        typer.echo(json.dumps({"rows": rows}, indent=2))
        return
    names = list(rows[0])
    typer.echo("".join(f"{name:>14}" for name in names))
    for row in rows:
        typer.echo("".join(f"{row[name]:>14}" for name in names))


@app.command("answers")
def eval_answers(
    corpus: Path = _CORPUS,
    questions: Path = typer.Option(
        help="JSON lines of `id`, `question`, `answers` (a list, each of which would do) and `document`."
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON object instead of a table and a plot."
    ),
) -> None:
    """Measure quoted answers, and silence where no document answers.

    Each question is asked twice, the second time without every document of its article: the part of the
    document's id before the last `-`.
    """
    log.configure(log.LogSettings())
    home = HomeSettings()
    asked = corpora.questions(questions)
    embedder = open_embedder(EmbedderSettings(), home)
    glossary = open_glossary(GlossarySettings(), home)
    with _bar() as bar:
        reading = bar("indexing", None)
        with scratch(corpus, embedder, home, reading, glossary) as finder:
            results = answers.ask(asked, finder, embedder, AnsweringSettings(), bar("asking", len(asked)))
    scorecard = answers.scorecard(results)
    if as_json:
        typer.echo(json.dumps(scorecard, indent=2))
        return
    typer.echo(
        f"{scorecard['n']} questions at threshold {scorecard['threshold']}: "
        f"{scorecard['contains_gold']:.1%} answered with a gold answer, "
        f"{scorecard['abstained_without_source']:.1%} abstained from without the source\n"
    )
    names = list(scorecard["curve"][0])
    typer.echo("".join(f"{name:>26}" for name in names))
    for point in scorecard["curve"]:
        typer.echo("".join(f"{point[name]:>26.3f}" for name in names))
    typer.echo(f"\n{plot.curve(scorecard['curve'])}")


@app.command("guardrails")
def eval_guardrails(
    cases: Path = typer.Option(
        help="JSON lines of `id`, `text`, `label` and `stage`: input, passages or output."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object instead of a table."),
) -> None:
    """Measure what each guardrail flags and refuses, and how long it takes, under the default policy."""
    log.configure(log.LogSettings())
    given = guardrails.cases(cases)
    embedder = open_embedder(EmbedderSettings(), HomeSettings())
    rules = open_rules(open_models(ModelSettings(), embedder))
    policy = open_policies(PolicySettings()).fallback.default
    with _bar() as bar:
        rows = guardrails.measure(rules, given, policy, bar("judging", len(given)))
    if as_json:
        typer.echo(json.dumps({"rows": rows}, indent=2))
        return
    typer.echo(f"{'rule':<26}{'label':>12}{'n':>8}{'flagged':>9}{'refused':>9}{'p95 ms':>9}")
    for row in rows:
        typer.echo(
            f"{row['rule']:<26}{visible(row['label']):>12}{row['n']:>8}{row['flagged']:>9}{row['refused']:>9}"
            f"{row['p95_ms']:>9.2f}"
        )


@contextmanager
def _bar() -> Iterator[Callable[[str, int | None], Callable[[], None]]]:
    """Bars on stderr, one for each label, moved by what it gives; on anything but a screen none shows."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def add(label: str, total: int | None) -> Callable[[], None]:
            row = progress.add_task(visible(label), total=total)
            return lambda: progress.advance(row)

        yield add
