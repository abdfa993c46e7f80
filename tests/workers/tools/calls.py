"""Calling a tool as the pipeline does: JSON in, a result out, on behalf of an audience."""

from core.deadline import Deadline
from core.messages import EVERYONE, Audience
from core.tools import Tool, ToolContext, ToolResult
from tests.ledger.questions import a_question
from workers.bounded import Bounded, ToolSettings

PATIENCE = 60.0
"""Seconds that a call may take here: on a busy machine a process takes its time to start."""


def on_behalf_of(*groups: str, seconds: float = PATIENCE) -> ToolContext:
    question = a_question().model_copy(update={"audience": Audience(groups=groups or (EVERYONE,))})
    return ToolContext(question, Deadline(seconds))


def call(tool: Tool, arguments: str, *groups: str, settings: ToolSettings | None = None) -> ToolResult:
    """Run a tool as it runs in a process: bounded."""
    bounded = Bounded(tool, settings or ToolSettings(tool_seconds=PATIENCE), (EVERYONE,))
    return bounded.run(bounded.parse(arguments), on_behalf_of(*groups))
