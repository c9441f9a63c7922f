"""The showroom with a hundred thousand prospects, as its people use it; each against a floor that is told with it."""

from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from server.commands.bench.houses import Houses, somebody
from server.commands.bench.measure import in_turn
from server.commands.bench.wire import Wire
from server.database import Database
from server.domain.people import Staff
from server.domain.showroom import Prospect

LEAST = 1_500
LEAST_PART = 300
"""Bytes below which it is not the page, or not the part of one."""
KNOWN = 1
"""An open prospect of Lin's with a full page of timeline."""
LISTS = {
    "own": "", "overdue": "?show=overdue", "today": "?show=today", "pool": "?show=pool", "lost": "?show=lost",
    "one grade": "?grade=B", "one source": "?source=online", "one model": "?model={model}",
    "within a week": "?within=7", "by digits": "?q={digits}", "by pinyin": "?q=wangwei",
}  # fmt: skip
OF_ALL = {"everybody's": "", "everybody's overdue": "?show=overdue", "of one consultant": "?consultant={fang}"}
WHOLE = "?from=2020-01-01"


def measure(houses: Houses) -> None:
    """Lists and records while somebody works, then the manager's figures."""
    _lists(houses)
    _figures(houses)


def _lists(houses: Houses) -> None:
    floor, lin, gao = Wire(houses.floor), Wire(houses.large, "lin"), Wire(houses.large, "gao")
    one, known = somebody(KNOWN), _known(houses.large_folder)
    known["digits"] = one.phone[-4:]
    bare, rows = partial(floor.get, "/customers", LEAST), houses.more
    for wire, lists in ((lin, LISTS), (gao, OF_ALL)):
        for name, query in lists.items():
            ours = partial(wire.get, f"/prospects{query.format(**known)}", LEAST)
            in_turn(f"prospects, {name} (floor: a bare list)", bare, ours, rows=rows, rounds=25)
    record, bare = f"/prospects/QK-20260101-{KNOWN:06d}", partial(floor.get, f"/customers/{one.id}", LEAST)
    in_turn("prospect's page (floor: a bare record)", bare, partial(lin.get, record, LEAST), rows=rows, rounds=25)
    reception = lin.post("/receptions")
    ours = partial(lin.get, f"{reception}/known?q={one.phone[-4:]}", LEAST_PART)
    bare = partial(floor.get, f"/customers?q={one.phone}", LEAST)
    in_turn("walk-in by four digits (floor: find by phone)", bare, ours, rows=rows, rounds=25)


def _figures(houses: Houses) -> None:
    """What counts everything has a floor that counts as many rows: one statement on the same tables."""
    lin, gao = Wire(houses.large, "lin"), Wire(houses.large, "gao")
    database = Database(f"sqlite:///{houses.large_folder / 'huanche.sqlite3'}")

    def counted() -> None:
        groups = (Prospect.consultant_id, Prospect.source, Prospect.state, Prospect.grade)
        with database.session(writing=False) as session:
            session.execute(select(*groups, func.count()).group_by(*groups)).all()

    deeds = {
        "funnel, 30 days": partial(gao.get, "/insight/funnel?days=30", LEAST),
        "funnel, everything": partial(gao.get, f"/insight/funnel{WHOLE}", LEAST),
        "people behind a step": partial(gao.get, f"/insight/people{WHOLE}&step=order", LEAST),
        "gap, everybody": partial(gao.get, "/prospects/gap", LEAST),
        "gap, one's own": partial(lin.get, "/prospects/gap", LEAST),
    }
    for name, ours in deeds.items():
        in_turn(f"{name} (floor: all counted once)", counted, ours, rows=houses.more, rounds=5, times=1)
    database.engine.dispose()


def _known(folder: Path) -> dict[str, UUID | str | None]:
    """What stands in addresses."""
    database = Database(f"sqlite:///{folder / 'huanche.sqlite3'}")
    with database.work() as session:
        model = session.scalars(select(Prospect.model_id).where(Prospect.number == f"QK-20260101-{KNOWN:06d}")).one()
        fang = session.scalars(select(Staff.id).where(Staff.name == "fang")).one()
    database.engine.dispose()
    return {"model": model, "fang": fang}
