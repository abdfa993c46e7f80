"""A process that serves live rates, alone or beside everything else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Misconfigured
from services.rates.service import NAME, make_service
from services.rates.settings import RatesSettings
from services.template.errors import ServiceError
from services.template.serving import serving
from services.template.settings import hours_of


@contextmanager
def serving_rates(*, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Have the live-rate service run as long as the block does; yields its URL.

    Raises:
        Misconfigured: a wrong setting, or the address is taken.
    """
    # At `info` it writes whole addresses, and FRED's may have a key in it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = RatesSettings()
        with serving(
            make_service(settings),
            settings.folder(NAME),
            token=settings.rates_token.get_secret_value(),
            hours=hours_of(settings.rates_timer),
            host=host,
            port=port,
        ) as url:
            yield url
    except ServiceError as error:
        raise Misconfigured(str(error)) from None
