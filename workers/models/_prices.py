"""What a call of a model costs, by the price list that the package `genai-prices` ships with."""

from genai_prices import Usage as PricedUsage
from genai_prices import calc_price

from core.messages import Usage


def cost(vendor: str, model_ids: tuple[str, ...], usage: Usage) -> float | None:
    """The price of a call in US dollars.

    The list is the one in the installed package; it is never fetched.

    Args:
        vendor: whose list prices count, such as `openai`; empty for a server of one's own, which has none.
        model_ids: ids of the model, the first one that the list knows counts.
        usage: the tokens to pay for.

    Returns:
        The price, or None where it is unknown.
    """
    if not vendor:
        return None
    tokens = PricedUsage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
    for model_id in model_ids:
        try:
            return float(calc_price(tokens, model_id, provider_id=vendor).total_price)
        except LookupError:
            continue
    return None
