"""The pipeline: from a question to its answer, one line per step."""

from dataclasses import replace

from core.deadline import Deadline
from core.messages import Answer, Question, Task, Trace
from core.progress import Progress
from core.tools import ToolContext
from retrieval.search import Query
from workers.answering import attachments, listing, summary
from workers.answering.attachments import Attached
from workers.answering.audience import count_withheld, widen
from workers.answering.calls import Calls
from workers.answering.checks import Checks
from workers.answering.conclusion import conclude
from workers.answering.confirmation import confirm
from workers.answering.context import fit
from workers.answering.conversation import overhear, recall
from workers.answering.follow_ups import looking
from workers.answering.generation import fill, generate
from workers.answering.intent import Subject, find_subject
from workers.answering.process import Process
from workers.answering.record import explain, record
from workers.answering.reranking import rerank
from workers.answering.search_query import write
from workers.answering.steps import Steps
from workers.answering.tool_loop import ToolLoop


def answer(
    turn_id: str, question: Question, process: Process, progress: Progress, deadline: Deadline
) -> Answer:
    """Answer a question from the documents that its audience may read, or say that they do not answer it.

    Args:
        turn_id: the turn; only what came before it in its thread is recalled.
        question: what is asked.
        process: the wired parts.
        progress: where the answer is shown while it is written.
        deadline: when the answer must be there.

    Raises:
        Unavailable: a model, the index or the ledger does not answer, or the time is over.
        CandorError: anything else that was foreseen.
    """
    steps = Steps(deadline)
    calls = Calls(process.models, process.settings, deadline)
    question = steps.run("audience", widen, question, process.channels)
    checks = Checks(process.guard, question)
    if refusal := steps.run("check input", checks.input):
        return record(refusal, Trace(notes=checks.notes), calls, steps, checks.decisions)
    question = checks.question
    audience = question.audience
    if question.task is Task.SEARCH:
        return _search(question, process, calls, steps, checks)
    if done := steps.run("confirm", confirm, turn_id, question, process, deadline):
        return done
    files = steps.run(
        "files", attachments.read, question, process.channels, process.attachments, progress, deadline
    )
    subject = steps.run("intent", find_subject, question, process.search, files.chunks)
    if subject:
        return _summarize(turn_id, subject, files, process, progress, calls, steps, checks)
    recalled = steps.run("recall", recall, question.address, turn_id, process.conversations, process.settings)
    said = steps.run("thread", overhear, question, recalled, process.channels, process.settings)
    history = steps.run("check history", checks.history, said)
    query = steps.run("query", write, question.text, history, calls)
    progress.status("Searching the documents")
    sources = question.manner.sources
    wanted = Query(query.text, audience, limit=process.reranking.candidates, source_ids=sources, scored=True)
    found = steps.run("search", process.search.find, wanted)
    ranked = steps.run("rerank", rerank, query.text, found, audience, process.reranking, calls)
    safe = steps.run("check passages", checks.passages, ranked.passages)
    documents = steps.run("count", process.search.documents, audience)
    own = steps.run("attached", attachments.rank, query.text, files, process.ranking, process.settings)
    attached = steps.run("check attached", checks.passages, own)
    context = steps.run("context", fit, safe, audience, process.settings, attached)
    behalf = ToolContext(question, deadline)
    loop = ToolLoop(process.callable_tools(question), behalf, process.settings, context, checks.returned)
    prompt = steps.run("prompt", fill, query.text, context, history, question.manner, loop.tools)
    withheld = steps.run("withheld", count_withheld, question, query.text, process)
    with looking(question, query.text, context, process) as further:
        draft = steps.run("model", generate, prompt, context, loop, calls, progress, checks)
        cited = steps.run("cite", conclude, draft, query.text, context, documents)
        end = steps.run("check output", checks.output, cited, draft, prompt, context, documents, calls)
        follow_ups = steps.run("follow_ups", further)
    end = attachments.name_unread(end, files)
    notes = (*query.notes, *ranked.notes, *context.notes, *end.notes)
    used, seen = context.passages, context.candidates
    trace = steps.run(
        "trace", explain, query.text, documents, seen, calls, used=used, notes=notes, draft=draft
    )
    return record(end, trace, calls, steps, checks.decisions, follow_ups, withheld)


def _search(question: Question, process: Process, calls: Calls, steps: Steps, checks: Checks) -> Answer:
    """Show what a search finds, as it stands in the documents: no model writes anything."""
    audience, sources = question.audience, question.manner.sources
    wanted = Query(
        question.text, audience, limit=process.reranking.candidates, source_ids=sources, scored=True
    )
    found = steps.run("search", process.search.find, wanted)
    ranked = steps.run("rerank", rerank, question.text, found, audience, process.reranking, calls)
    safe = steps.run("check passages", checks.passages, ranked.passages)
    documents = steps.run("count", process.search.documents, audience)
    listed = listing.best(safe)
    said = steps.run("list", listing.conclude, question.text, listed, documents)
    end = steps.run("check output", checks.summary, said, listed)
    trace = steps.run(
        "trace", explain, question.text, documents, safe, calls, used=listed, notes=ranked.notes
    )
    return record(end, trace, calls, steps, checks.decisions)


def _summarize(  # noqa: PLR0917  # the walk's parts, handed on as they are
    turn_id: str,
    subject: Subject,
    files: Attached,
    process: Process,
    progress: Progress,
    calls: Calls,
    steps: Steps,
    checks: Checks,
) -> Answer:
    """Summarise a document or the thread: window by window, then merged, every line with its source."""
    question = checks.question
    text = steps.run(
        "recall", summary.collect, subject, question, turn_id, process.conversations, process.channels
    )
    safe = replace(text, passages=tuple(steps.run("check passages", checks.passages, text.passages)))
    nearest = steps.run("search", summary.nearest, text, question, process.search)
    windows = steps.run("windows", summary.split, safe, process.settings)
    lines = steps.run("model", summary.read, text.title, windows, calls, progress)
    merged = steps.run("merge", summary.merge, text.title, lines, calls)
    cited = steps.run("cite", summary.conclude, text, windows, merged, nearest, calls)
    end = steps.run("check output", checks.summary, cited, windows.passages)
    end = attachments.name_unread(end, files)
    steps.run("show", summary.show, end, progress)
    used, seen = windows.passages, summary.cited(end, windows)
    documents = 1 if subject.chunks else 0
    trace = steps.run("trace", explain, question.text, documents, seen, calls, used=used, notes=end.notes)
    return record(end, trace, calls, steps, checks.decisions)
