"""Speed as ratios: the house against a bare floor on the same machine at the same time, one JSON line a measure."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from server.commands.bench import boards, loads, nights, pages, papers, showroom
from server.commands.bench.houses import Houses, fill_floor, fill_house, seeded
from server.commands.trial.house import process

ROWS = 10_000
MORE = 10 * ROWS


def run() -> int:
    """`bench`: floor, house and floor again, in turn; medians of several rounds."""
    with TemporaryDirectory(prefix="huanche-") as folder, _served(Path(folder)) as houses:
        pages.measure(houses)
        showroom.measure(houses)
        papers.measure(houses)
        boards.measure(houses)
        loads.measure(houses)
    return 0


@contextmanager
def _served(folder: Path) -> Generator[Houses]:
    """The floor and the house with ten thousand customers, and a house with ten times as many."""
    floor, house, large = (folder / name for name in ("floor", "house", "large"))
    for place in (floor, house, large):
        place.mkdir()
    fill_floor(floor, ROWS)
    for place, rows in ((house, ROWS), (large, MORE)):
        seeded(place)
        fill_house(place, rows)
    nights.measure(large, MORE)
    with ExitStack() as open_ones:
        at_floor, _ = open_ones.enter_context(process(floor, "server.commands.bench"))
        at_house, server = open_ones.enter_context(process(house, "server.commands", "serve"))
        at_large, _ = open_ones.enter_context(process(large, "server.commands", "serve"))
        yield Houses(at_floor, at_house, at_large, house, large, server.pid, ROWS, MORE)
