"""Families: a package of members, each a module found by being there and imported only when chosen."""

import importlib
import pkgutil
from types import ModuleType

from core.errors import Misconfigured


def members(family: str) -> list[str]:
    """Names of the members of a family, such as `bot.platforms`, without importing any.

    A module whose name begins with an underscore is what members share, and no member.
    """
    package = importlib.import_module(family)
    names = (info.name for info in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def load(family: str, name: str, *, setting: str) -> ModuleType:
    """Import the member that a setting or a command chose.

    Args:
        family: the package, such as `workers.models`.
        name: the member.
        setting: what chose it, for the error.

    Raises:
        Misconfigured: naming the setting and the members there are.
    """
    names = members(family)
    if name not in names:
        raise Misconfigured(f"{setting}: there is no {name!r}; choose one of {', '.join(names)}")
    return importlib.import_module(f"{family}.{name}")


def optional(package: str, *, setting: str) -> ModuleType:
    """Import a package that Candor does not bring, but names as an optional extra.

    Raises:
        Misconfigured: naming the setting that needs it, and how it is installed.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError:
        raise Misconfigured(
            f"{setting}: the package {package} is not installed; "
            f"run `.venv/bin/python -m pip install '.[{package}]'` in the checkout"
        ) from None
