"""The night over a hundred thousand prospects, against the same rows written by bare statements."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, insert, select, update

from server import rounds
from server.commands.bench.measure import in_turn
from server.database import Database, now, uuid7
from server.domain import reactions
from server.domain.people import Staff, Store
from server.domain.records import Event
from server.domain.showroom import GradeChange, Prospect, calendar
from server.domain.showroom.calendar import EARLIEST
from server.domain.showroom.grading import AGED

MARK = "bare"


def measure(folder: Path, rows: int) -> None:
    """Before the house serves, or it would do its night by itself: both are rolled back, then it takes place."""
    reactions.connect()
    database = Database(f"sqlite:///{folder / 'huanche.sqlite3'}")
    with database.work() as session:
        store = session.scalars(select(Store).join(Staff, Staff.store_id == Store.id).where(Staff.name == "lin")).one()
        at = datetime.combine(now().astimezone(store.zone).date(), time(EARLIEST, 30), store.zone)
    night = _Night(database, store, at, moved := _first(database, store, at))
    name = f"the night's first {len(moved)} grades (floor: bare statements)"
    in_turn(name, night.bare, night.ours, rows=rows, rounds=5, times=1)
    for one in rounds.ALL:
        one.make(database, at)
    in_turn("a night with nothing left to do (floor: all counted once)", night.counted, night.ours, rows=rows, rounds=5)
    database.engine.dispose()


def _first(database: Database, store: Store, at: datetime) -> Sequence[UUID]:
    """Whom the first go of this night moves."""
    with database.session(writing=True, store=store.id) as session:
        calendar.age(session, session.get_one(Store, store.id), at)
        aged = select(GradeChange.prospect_id).where(GradeChange.why == AGED, GradeChange.at == at)
        return session.scalars(aged).all()


class _Night:
    def __init__(self, database: Database, store: Store, at: datetime, moved: Sequence[UUID]) -> None:
        self.database, self.store, self.at, self.moved = database, store, at, moved

    def ours(self) -> None:
        """The house's own."""
        with self.database.session(writing=True, store=self.store.id) as session:
            calendar.age(session, session.get_one(Store, self.store.id), self.at)
            session.rollback()

    def bare(self) -> None:
        """The same prospects, a change and an event of each: nothing is decided, hashed or told."""
        row = {"store_id": self.store.id, "at": self.at}
        with self.database.session(writing=True, store=self.store.id) as session:
            session.execute(update(Prospect).where(Prospect.id.in_(self.moved)).values(grade=MARK))
            session.execute(insert(GradeChange), [
                row | {"id": uuid7(), "prospect_id": id, "before": "C", "after": MARK, "why": MARK}
                for id in self.moved
            ])  # fmt: skip
            session.execute(insert(Event), [
                row | {
                    "id": uuid7(), "position": -place, "actor": MARK, "verb": MARK, "subject": MARK, "subject_id": id,
                    "data": {}, "previous": "", "hash": "",
                }
                for place, id in enumerate(self.moved, 1)
            ])  # fmt: skip
            session.rollback()

    def counted(self) -> None:
        """One look at all of them."""
        with self.database.session(writing=False) as session:
            session.execute(select(Prospect.state, Prospect.grade, func.count()).group_by("state", "grade")).all()
