"""How a simulator is looked at in a browser: pages that keep themselves up to date, and forms to act by."""

from bot.simulators.view.pages import Absent, Page, Refusal, Scene, viewing

__all__ = ["Absent", "Page", "Refusal", "Scene", "viewing"]
