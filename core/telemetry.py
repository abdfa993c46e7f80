"""Every name that a metric, a span or an attribute has: dashboards, alerts and collectors rely on them.

The attributes of model calls and tools follow OpenTelemetry's conventions for generative AI, which still
change; ours begin with `candor`.
"""

from pydantic import Field, SecretStr

from core.settings import Settings

QUESTIONS = "candor_questions"
TURNS = "candor_turns"
TURN_SECONDS = "candor_turn_seconds"
WAIT_SECONDS = "candor_wait_seconds"
STEP_SECONDS = "candor_step_seconds"
TOKENS = "candor_tokens"
COST_USD = "candor_cost_usd"
UNPRICED = "candor_unpriced"
PERPLEXITY = "candor_perplexity"
FEEDBACK = "candor_feedback"
GUARDRAIL_ACTIONS = "candor_guardrail_actions"
GUARDRAIL_SCORE = "candor_guardrail_score"
RETRIES = "candor_retries"
SWEPT = "candor_swept"
UNQUEUED = "candor_unqueued"
OPEN_TURNS = "candor_open_turns"
OLDEST_SECONDS = "candor_oldest_waiting_seconds"
QUEUED_JOBS = "candor_queued_jobs"
RATES_AGE_SECONDS = "candor_rates_age_seconds"
CANARY_AGE_SECONDS = "candor_canary_age_seconds"

TURN = "candor.turn"
ATTEMPT = "candor.attempt"
PLATFORM = "candor.platform"
OUTCOME = "candor.outcome"
QUESTION_TEXT = "candor.question"
ANSWER_TEXT = "candor.answer"
OPERATION = "gen_ai.operation.name"
REQUEST_MODEL = "gen_ai.request.model"
RESPONSE_MODEL = "gen_ai.response.model"
FINISH_REASONS = "gen_ai.response.finish_reasons"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
PROMPT_NAME = "gen_ai.prompt.name"
TOOL_NAME = "gen_ai.tool.name"


class TelemetrySettings(Settings):
    """Where a process shows how it is."""

    telemetry_host: str = Field(
        default="127.0.0.1",
        description="The address that `/metrics`, `/healthz` and `/readyz` are served on.",
    )
    telemetry_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Their port, for `candor up`, workers, bots and the clock. 0: a free one for `candor up` "
        "and none for the others.",
    )
    otlp_endpoint: str = Field(
        default="",
        description="An OpenTelemetry collector's root over HTTP, such as http://127.0.0.1:4318, to which "
        "traces go. Empty: none are made.",
    )
    otlp_headers: SecretStr = Field(
        default=SecretStr(""),
        description="Headers for it, such as `authorization=Basic ...`, with commas between.",
    )
    trace_contents: bool = Field(
        default=False, description="Whether traces carry questions and answers, known secrets masked."
    )
