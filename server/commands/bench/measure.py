"""Two things in turn, A B A B, over several rounds: what the machine does meanwhile falls on both."""

import json
import time
from collections.abc import Callable
from statistics import median

Deed = Callable[[], object]


def in_turn(measure: str, floor: Deed, ours: Deed, *, rows: int, rounds: int = 60, times: int = 3) -> None:
    """Print a line with the medians of both and their ratio."""
    floor()
    ours()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for deed, kept in zip((floor, ours), taken, strict=True):
            kept += [_milliseconds(deed) for _ in range(times)]
    bare, full = (median(kept) for kept in taken)
    say(measure=measure, floor_ms=round(bare, 2), ours_ms=round(full, 2), ratio=round(full / bare, 2), rows=rows)


def say(**figures: object) -> None:
    """One JSON line."""
    print(json.dumps(figures, ensure_ascii=False), flush=True)


def _milliseconds(deed: Deed) -> float:
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1000
