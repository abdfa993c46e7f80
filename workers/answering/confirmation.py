"""Confirmation: the asker's "yes" to a call that changes something, which runs as it was proposed, once."""

import re

from core.deadline import Deadline
from core.errors import BadArguments
from core.messages import Answer, Outcome, Question
from core.tools import Tool, ToolContext, ToolResult
from workers.answering.live_values import plain
from workers.answering.process import Process
from workers.answering.tool_loop import run_tool, used

_YES = re.compile(
    r"\W*(?:yes|yep|yeah|y|ok(?:ay)?|sure|do it|go ahead|confirm(?:ed)?|please do|ja|oui|s[ií])"
    r"(?:[\s,]+(?:please|do it|go ahead|bitte))?\W*",
    re.IGNORECASE,
)
TAKEN = (
    "I began to do this when you said yes, and was interrupted. I do not try it twice: please see whether it "
    "was done."
)
GONE = "I can't do this any more: the tool for it is no longer there."


def confirm(turn_id: str, question: Question, process: Process, deadline: Deadline) -> Answer | None:
    """Run the call that the asker's last turn in this thread proposed, if this one says yes to it.

    It is taken in the ledger before the tool runs, so that the tool never runs twice, whatever crashes.

    Returns:
        What was done; None where the question is no "yes", or there is nothing to say yes to.
    """
    if process.confirmations is None or not _YES.fullmatch(question.text):
        return None
    waiting = process.confirmations.open(question.address, question.asker.id, before=turn_id)
    if waiting is None:
        return None
    proposed_by, confirmation = waiting
    if not process.confirmations.take(proposed_by, by=turn_id):
        return Answer(outcome=Outcome.FAILED, text=TAKEN)
    tool = next((each for each in process.tools if each.spec.name == confirmation.tool), None)
    if tool is None:
        return Answer(outcome=Outcome.FAILED, text=GONE)
    result = _run(
        tool, confirmation.arguments, ToolContext(question, deadline), process.settings.tool_round_seconds
    )
    done = plain(result.text) if result.text.strip() else "It is done."
    return Answer(
        outcome=Outcome.FAILED if result.failed else Outcome.ANSWERED,
        text="\n\n".join(part for part in (done, result.shown) if part),
        tools=(used(confirmation.tool, confirmation.arguments, result),),
    )


def _run(tool: Tool, written: str, context: ToolContext, seconds: float) -> ToolResult:
    try:
        arguments = tool.parse(written)
    except BadArguments as error:
        return ToolResult(f"The arguments no longer fit: {error}", failed=True)
    return run_tool(tool, arguments, context, seconds)
