"""What a template says alike every time, it says once: when it is read, not whenever it is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

Ways = Mapping[str, Callable[[str], Any]]
"""By name, functions that give the same for the same word as long as the house runs."""


class SettledEnvironment(Environment):
    """Writes what `settled` functions say to literal words into the templates themselves."""

    def __init__(self, settled: Ways, **options: Any) -> None:
        super().__init__(**options)
        self._settling = _Settling(settled)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return super()._generate(self._settling.visit(source), name, filename, defer_init)


class _Settling(NodeTransformer):
    def __init__(self, settled: Ways) -> None:
        self._settled = settled

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        match call:
            case nodes.Call(node=nodes.Name(name=name), args=[nodes.Const(value=str(word))], kwargs=[]) if (
                name in self._settled
            ):
                return nodes.Const(self._settled[name](word), lineno=call.lineno)
            case _:
                return call
