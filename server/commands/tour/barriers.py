"""What keeps people out, as axe sees it: names, contrast, order, structure."""

from dataclasses import dataclass
from functools import cache

from server.commands.trial.desk import Desk
from server.settings import ROOT

AXE = ROOT / "static" / "vendor" / "axe-core" / "axe.min.js"
LOOK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const first = (node) => `${node.target.join(" ")} ${node.any[0]?.message ?? node.failureSummary}`;
  const sideways = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  return found.violations.map((one) => [one.id, `${one.nodes.length}: ${first(one.nodes[0])}`])
    .concat(sideways ? [["scrolls-sideways", "the page is wider than the screen"]] : []);
}"""


@dataclass(frozen=True)
class Barrier:
    """One rule broken on one page."""

    page: str
    rule: str
    where: str

    def __str__(self) -> str:
        return f"{self.page}: {self.rule} {self.where}"


def barriers(desk: Desk, page: str) -> list[Barrier]:
    """What axe finds on the page that is open; and whether it has to be moved sideways."""
    if not desk.run("() => 'axe' in window"):
        desk.run(_axe())
    return [Barrier(page, rule, where) for rule, where in desk.run(LOOK)]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
