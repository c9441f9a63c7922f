"""Seeing how the work goes: figures that are read from the other rooms; nothing is ever written here."""

from server.domain.insight.excitement import Excitement
from server.domain.insight.funnel import Funnel
from server.domain.insight.scope import Scope

__all__ = ["Excitement", "Funnel", "Scope"]
