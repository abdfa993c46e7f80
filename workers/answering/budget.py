"""How much of everything one answer may take, counted in estimated tokens."""

from pydantic import Field

from core.settings import Settings

# English runs to about four characters a token, and UTF-8 spends two to four bytes on a character of the
# scripts whose tokens are shorter: bytes / 4 is within a third of the vendors' counts for most languages.
# It only has to keep a prompt well below a model's window, so no vendor's tokenizer is loaded for it.
_BYTES_PER_TOKEN = 4


class AnsweringSettings(Settings):
    """Budgets of an answer. Tokens are estimated: one for each four bytes of UTF-8."""

    context_tokens: int = Field(default=3000, ge=200, description="Most tokens of passages in one prompt.")
    context_passages: int = Field(default=8, ge=1, le=99, description="Most passages in one prompt.")
    conversation_tokens: int = Field(
        default=1500, ge=0, description="Most tokens of earlier exchanges in one prompt; 0 forgets them."
    )
    answer_tokens: int = Field(default=900, ge=50, description="Most tokens that the model may write.")
    summary_window_tokens: int = Field(
        default=3000, ge=200, description="Tokens of text that are summarised in one go."
    )
    tool_steps: int = Field(
        default=4,
        ge=0,
        description="How often the model may call tools before it has to answer; 0 turns tools off.",
    )
    tool_calls: int = Field(default=8, ge=1, description="Most calls of tools in one answer.")
    tool_round_seconds: float = Field(
        default=20.0, gt=0, description="Most seconds that one round of tool calls may take."
    )
    tool_cost_usd: float = Field(
        default=0.25,
        ge=0,
        description="What an answer may have cost, in US dollars, for the model still to be offered tools.",
    )
    confirm_seconds: float = Field(
        default=600.0, gt=0, description="How long a tool that changes something waits for the asker's yes."
    )
    summary_windows: int = Field(
        default=12, ge=1, description="Most windows of one text; what is beyond them is left out, and said."
    )


def tokens(text: str) -> int:
    """An estimate of how many tokens a text is, never zero."""
    return len(text.encode()) // _BYTES_PER_TOKEN + 1
